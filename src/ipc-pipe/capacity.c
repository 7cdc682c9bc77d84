/*
 * ipc-pipe capacity: how much a pipe holds before a writer would block, and what PIPE_BUF is.
 *
 * Usage: ipc-pipe capacity [--pace SECONDS]
 *
 * Fills a non-blocking pipe until write says EAGAIN: byte by byte, in blocks of PIPE_BUF, and of
 * one byte more, which the kernel may write in part.
 */
#include "pipe.h"

#include "ipc/narration/lesson.h"

#include <limits.h>

#ifndef PIPE_BUF /* where it depends on the file: limits.h(0p) */
#define PIPE_BUF _POSIX_PIPE_BUF
#endif

static size_t fill(struct narration *n, size_t size);
static void make_room(struct narration *n);

int pipe_capacity(const struct role *role, int argc, char **argv)
{
    struct narration *n =
        begin_lesson(role, argc, argv, "How much does a pipe hold until its writer must wait?",
                     "one process, O_NONBLOCK", NULL);
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

/* Writes blocks of that size until there is no room for another. Returns the bytes it took. */
static size_t fill(struct narration *n, size_t size)
{
    static const char block[PIPE_BUF + 1];
    int ends[2];
    open_non_blocking_pipe(NULL, LEFT, ends);
    const int end = ends[WRITE_END];
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
    close_pipe(ends);
    return total;
}

/* How much must be read from a full pipe until one byte fits again. */
static void make_room(struct narration *n)
{
    int ends[2];
    char byte = 0;
    size_t taken = 0;
    open_non_blocking_pipe(NULL, LEFT, ends);
    while (write_some(ends[WRITE_END], &byte, 1) == 1)
        ;
    if (errno != EAGAIN)
        fail("write", "pipe");
    do {
        if (read_some(ends[READ_END], &byte, 1) != 1)
            fail("read", "pipe");
        taken++;
    } while (write_some(ends[WRITE_END], &byte, 1) == -1 && errno == EAGAIN);
    narrate(n, LEFT, "full again: %zu bytes had to be read until one more fitted", taken);
    close_pipe(ends);
}
