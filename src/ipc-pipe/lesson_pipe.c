/*
 * What lessons do with a pipe besides their subject, narrated in a column.
 */
#include "pipe.h"

#include "ipc/common/clock.h"
#include "ipc/common/io.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

void open_pipe(struct narration *n, enum column column, int ends[2])
{
    or_fail(pipe(ends), "pipe", NULL);
    narrate(n, column, "pipe() = {%d read, %d write}", ends[READ_END], ends[WRITE_END]);
}

void open_non_blocking_pipe(struct narration *n, enum column column, int ends[2])
{
    open_pipe(n, column, ends);
    or_fail(fcntl(ends[WRITE_END], F_SETFL, O_NONBLOCK), "fcntl", "pipe");
}

void close_pipe(const int ends[2])
{
    close(ends[READ_END]);
    close(ends[WRITE_END]);
}

void write_word(struct narration *n, enum column column, int write_end, const char *word)
{
    const size_t size = strlen(word);
    narrate(n, column, "write(%d, %s)", write_end, quoted(word, size).text);
    if (!write_full(write_end, word, size) && errno != EPIPE)
        fail("write", "pipe");
}

void read_word(struct narration *n, enum column column, int read_end)
{
    char word[32];
    const ssize_t got = read_some(read_end, word, sizeof word);
    if (got == -1)
        fail("read", "pipe");
    narrate(n, column, "read(%d) = %zd  %s", read_end, got, quoted(word, (size_t)got).text);
}

bool would_hang(struct narration *n, enum column column, int read_end, int ms, const char *why)
{
    const uint64_t began = now();
    const bool hangs = !wait_ready(read_end, POLLIN, ms);
    if (hangs)
        narrate_waited(n, column, began, why, "read(%d) would hang", read_end);
    else
        narrate(n, column, "read(%d) = 0   end of file", read_end);
    return hangs;
}
