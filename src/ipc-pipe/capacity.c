/* SPDX-License-Identifier: MIT
 * ipc-pipe capacity: how much a pipe holds before a writer would sleep, and what PIPE_BUF is.
 *
 * Usage: ipc-pipe capacity [--pace SECONDS | --step]
 *
 * Fills a non-blocking pipe until write says EAGAIN: byte by byte, in blocks that leave almost half
 * of each page empty, and in some that are larger than PIPE_BUF, which the kernel may take in part.
 * And how many pipes a process may have.
 */
#include "pipe.h"

#include "ipc/narration/lesson.h"

#include <limits.h>
#include <sys/resource.h>

#ifndef PIPE_BUF /* where it depends on the file: limits.h(0p) */
#define PIPE_BUF _POSIX_PIPE_BUF
#endif
enum { DESCRIPTORS = 20 };

static int ends[2];
static char bytes[1024 * 1024];
static size_t held; /* by the pipe */

static void fill(struct narration *n, size_t size);
static void take(struct narration *n, size_t size, const char *remark);
static void run_out_of_descriptors(struct narration *n);

int pipe_capacity(const struct role *role, int argc, char **argv)
{
    struct narration *n =
        begin_lesson(role, argc, argv, "How much does a pipe hold until its writer must wait?",
                     "one process", NULL);
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    open_pipe(n, LEFT, ends);
    never_sleep(n, LEFT, ends[WRITE_END]);
    fill(n, 1);
    const size_t capacity = held;
    narrate_mistake(n, "counting bytes: it has %zu pages of %zu", capacity / page, page);
    take(n, page - 1, "   all but one of the first page");
    fill(n, 1);
    take(n, 1, "");
    fill(n, 1);
    take(n, held, "   empty again");
    fill(n, page / 2 + 1);
    take(n, held, "   each write() began a page");
    narrate_mistake(n, "expecting more than PIPE_BUF, %d bytes, to be written whole", PIPE_BUF);
    fill(n, PIPE_BUF + 1);
    narrate_right(n, "at most PIPE_BUF bytes in a write(): all of them or none");
    narrate_mistake(n, "not looking whether pipe() failed");
    run_out_of_descriptors(n);
    narrate_answer(n, "%zu bytes here: %zu pages. Up to PIPE_BUF, %d, a write is all or nothing.",
                   capacity, capacity / page, PIPE_BUF);
    return EXIT_DONE;
}

/* Writes blocks of that size until there is no room for another. */
static void fill(struct narration *n, size_t size)
{
    char call[64];
    size_t whole = 0;
    ssize_t written;
    snprintf(call, sizeof call, "write(%d, %zu byte%s)", ends[WRITE_END], size,
             size == 1 ? "" : "s");
    for (; (written = write_some(ends[WRITE_END], bytes, size)) == (ssize_t)size; whole++)
        held += size;
    if (whole > 0)
        narrate(n, LEFT, "%s = %zu, %zu times", call, size, whole);
    for (; written != -1; written = write_some(ends[WRITE_END], bytes, size)) {
        held += (size_t)written;
        narrate(n, LEFT, "%s = %zd   a part", call, written);
    }
    if (errno != EAGAIN)
        fail("write", "pipe");
    narrate(n, LEFT, "%s = -1  EAGAIN: full with %zu bytes", call, held);
}

static void take(struct narration *n, size_t size, const char *remark)
{
    while (size > 0) {
        const size_t most = size < sizeof bytes ? size : sizeof bytes;
        const ssize_t got = read_some(ends[READ_END], bytes, most);
        if (got < 1)
            fail("read", "pipe");
        size -= (size_t)got;
        held -= (size_t)got;
        narrate(n, LEFT, "read(%d, %zu byte%s) = %zd%s", ends[READ_END], most, most == 1 ? "" : "s",
                got, size == 0 ? remark : "");
    }
}

static void run_out_of_descriptors(struct narration *n)
{
    const struct rlimit limit = {DESCRIPTORS, DESCRIPTORS};
    int more[2], pipes = 0;
    or_fail(setrlimit(RLIMIT_NOFILE, &limit), "setrlimit", "RLIMIT_NOFILE");
    narrate(n, LEFT, "setrlimit(RLIMIT_NOFILE, %d)", DESCRIPTORS);
    while (pipe(more) == 0)
        pipes++;
    narrate(n, LEFT, "pipe() = 0, %d times: two descriptors each", pipes);
    narrate(n, LEFT, "pipe() = -1  %s", error_name(errno));
}
