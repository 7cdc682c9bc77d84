/* SPDX-License-Identifier: MIT
 * What lessons do with a pipe besides their subject, narrated in a column.
 */
#include "pipe.h"

#include "ipc/common/io.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

enum { HANG_SHOWN_MS = 200 };

void(open_pipe)(struct narration *n, enum column column, int ends[2])
{
    or_fail(pipe(ends), "pipe", NULL);
    (narrate)(n, column, "pipe() = {%d read, %d write}", ends[READ_END], ends[WRITE_END]);
}

void(never_sleep)(struct narration *n, enum column column, int end)
{
    or_fail(fcntl(end, F_SETFL, O_NONBLOCK), "fcntl", "pipe");
    (narrate)(n, column, "fcntl(%d, F_SETFL, O_NONBLOCK)", end);
}

void(close_end)(struct narration *n, enum column column, int end, const char *remark)
{
    (narrate)(n, column, "close(%d)%s", end, remark);
    close(end);
}

void(write_word)(struct narration *n, enum column column, int write_end, const char *word)
{
    const size_t size = strlen(word);
    (narrate)(n, column, "write(%d, %s)", write_end, quoted(word, size).text);
    if (!write_full(write_end, word, size) && errno != EPIPE)
        fail("write", "pipe");
}

bool(read_word)(struct narration *n, enum column column, int read_end, const char *why)
{
    char word[32];
    (narrate_call)(n, column, "read(%d)", read_end);
    const int got = or_fail((int)read_some(read_end, word, sizeof word), "read", "pipe");
    (narrate_return)(n, why, "%d  %s", got,
                     got == 0 ? "end of file" : quoted(word, (size_t)got).text);
    return got > 0;
}

bool(would_hang)(struct narration *n, enum column column, int end, short events)
{
    const bool reads = events == POLLIN;
    (narrate_call)(n, column, "poll(%d, %s, %d)", end, reads ? "POLLIN" : "POLLOUT", HANG_SHOWN_MS);
    const bool ready = wait_ready(end, events, HANG_SHOWN_MS);
    (narrate_return)(n, reads ? "a read would, too" : "a write would, too", "%d", ready);
    return !ready;
}
