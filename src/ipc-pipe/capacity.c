/*
 * ipc-pipe capacity: how much a pipe holds before a writer would block, and what PIPE_BUF is.
 *
 * Fills a non-blocking pipe until write says EAGAIN: byte by byte, in blocks of PIPE_BUF, and of
 * one byte more, which the kernel may write in part.
 */
#include "pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#ifndef PIPE_BUF /* where it depends on the file: limits.h(0p) */
#define PIPE_BUF _POSIX_PIPE_BUF
#endif

static int open_pipe(int ends[2])
{
    if (pipe(ends) == -1)
        fail("pipe", NULL);
    if (fcntl(ends[WRITE_END], F_SETFL, O_NONBLOCK) == -1)
        fail("fcntl", "pipe");
    return ends[WRITE_END];
}

static void close_pipe(const int ends[2])
{
    close(ends[READ_END]);
    close(ends[WRITE_END]);
}

/* Writes blocks of that size until there is no room for another. Returns the bytes it took. */
static size_t fill(struct narration *n, size_t size)
{
    int ends[2];
    const int end = open_pipe(ends);
    char *block = calloc(size, 1);
    if (block == NULL)
        fail("calloc", NULL);
    size_t total = 0, whole = 0, partial = 0;
    for (;;) {
        const ssize_t written = write_some(end, block, size);
        if (written == -1 && errno == EAGAIN)
            break;
        if (written == -1)
            fail("write", "pipe");
        total += (size_t)written;
        whole += (size_t)written == size;
        partial = (size_t)written < size ? (size_t)written : partial;
    }
    const char *bytes = size == 1 ? "byte" : "bytes";
    narrate(n, LEFT, "write(%d, %zu %s) = %zu, %zu times", end, size, bytes, size, whole);
    if (partial > 0)
        narrate(n, LEFT, "write(%d, %zu bytes) = %zu   a part: over PIPE_BUF it may be", end, size,
                partial);
    narrate(n, LEFT, "write(%d, %zu %s) = -1   EAGAIN: full with %zu bytes", end, size, bytes,
            total);
    free(block);
    close_pipe(ends);
    return total;
}

/* How much must be read from a full pipe until one byte fits again. */
static size_t make_room(struct narration *n)
{
    int ends[2];
    char bytes[PIPE_BUF] = {0};
    size_t taken = 0;
    const int end = open_pipe(ends);
    while (write_some(end, bytes, 1) == 1)
        ;
    if (errno != EAGAIN)
        fail("write", "pipe");
    do {
        if (read_some(ends[READ_END], bytes, 1) != 1)
            fail("read", "pipe");
        taken++;
    } while (write_some(end, bytes, 1) == -1 && errno == EAGAIN);
    narrate(n, LEFT, "full again: %zu bytes had to be read until one more fitted", taken);
    close_pipe(ends);
    return taken;
}

int pipe_capacity(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    print_text("How much does a pipe hold until its writer must wait?");
    struct narration *n = narration_open(STDOUT_FILENO, "one process, O_NONBLOCK", NULL, pace);
    const size_t capacity = fill(n, 1);
    fill(n, PIPE_BUF);
    fill(n, PIPE_BUF + 1);
    make_room(n);
    narrate_text(n, "-> the mistake: to rely on a write that is larger than PIPE_BUF, %d,",
                 PIPE_BUF);
    narrate_text(n, "   being taken as a whole, or not mixing with those of other writers");
    narrate_text(n, "%zu bytes here; writes up to PIPE_BUF, %d, are whole or not at all.", capacity,
                 PIPE_BUF);
    return EXIT_DONE;
}
