/* SPDX-License-Identifier: MIT
 * ipc-fifo writers: several writers, one FIFO. Lines up to PIPE_BUF never mix, longer ones do.
 *
 * Usage: ipc-fifo writers [--pace SECONDS | --step]
 *
 * All writers start at a gate. They write more than the FIFO holds: so a line that is longer is
 * taken in parts, and another writer's comes between.
 */
#include "fifo.h"

#include "ipc/narration/lesson.h"

#include <limits.h>

#ifndef PIPE_BUF /* where it depends on the file: limits.h(0p) */
#define PIPE_BUF _POSIX_PIPE_BUF
#endif

enum { WRITERS = 2, SIZES = 3, BYTES_EACH = 12 * 1024 * 1024 };
static const size_t sizes[SIZES] = {PIPE_BUF + 1, PIPE_BUF, 100};

struct tally {
    size_t lines, mixed, length; /* of the line that is being read */
    char letter;                 /* '\0' if there was another one */
};

static char path[PATH_SIZE];
static struct gate ready, starts[WRITERS];

static _Noreturn void write_lines(struct narration *n, int i);
static struct tally race(struct narration *n, int end, size_t size);
static void let_all_go_on(void);
static void meet(int i);
static void count_lines(struct tally *tally, const char *bytes, size_t size, size_t line_size);

int fifo_writers(const struct role *role, int argc, char **argv)
{
    struct narration *n =
        begin_lesson(role, argc, argv, "Several write to one FIFO at once. Do their lines mix?",
                     "reader (parent)", "writers (children)");
    fifo_own_path(path, "writers", "fifo");
    narrate(n, LEFT, "mkfifo(\"fifo\", 0600)");
    or_fail(mkfifo(path, 0600), "mkfifo", path);
    ready = new_gate();
    watch_children();
    for (int i = 0; i < WRITERS; i++) {
        starts[i] = new_gate();
        if (narrate_fork(n, LEFT, i == 0 ? "[1] " : "[2] ") == 0)
            write_lines(n, i);
    }
    const int end = narrate_open(n, LEFT, path, O_RDONLY, &starts[0]);
    open_gate(&starts[1], 1);
    let_all_go_on();
    narrate_mistake(n, "lines longer than PIPE_BUF, %d bytes", PIPE_BUF);
    const struct tally longer = race(n, end, sizes[0]);
    narrate_right(n, "each line in one write() of at most PIPE_BUF bytes");
    const struct tally fitting = race(n, end, sizes[1]);
    const struct tally small = race(n, end, sizes[2]);
    reap_children();
    if (fitting.mixed + small.mixed > 0)
        fail_that(EXIT_FAILED, "lines of at most PIPE_BUF bytes have mixed");
    narrate_answer(n, "Up to PIPE_BUF, %d bytes, none of %zu; of longer ones %zu of %zu did.",
                   PIPE_BUF, fitting.lines + small.lines, longer.mixed, longer.lines);
    return EXIT_DONE;
}

/* A line is one letter, again and again, and a newline; write() is called once for each. */
static void write_lines(struct narration *n, int i)
{
    static char line[PIPE_BUF + 1];
    start_wakeup_timer(); /* it hardly ever sleeps: a signal that ends us may come right before */
    if (!pass_gate(&starts[i]))
        _exit(EXIT_PEER);
    narration_hold(n); /* the reader, which this open() wakes, speaks after it */
    int end;
    while ((end = open(path, O_WRONLY)) == -1 && interrupted())
        ;
    or_fail(end, "open", path);
    narrate(n, RIGHT, "[%d] open(\"fifo\", O_WRONLY) = %d", i + 1, end);
    narration_release(n);
    meet(i);
    for (int round = 0; round < SIZES; round++) {
        const size_t size = sizes[round], lines = BYTES_EACH / size;
        memset(line, 'a' + i, size - 1);
        line[size - 1] = '\n';
        meet(i);
        narrate(n, RIGHT, "[%d] write(%d, %zu bytes), %zu times", i + 1, end, size, lines);
        meet(i);
        for (size_t written = 0; written < lines; written++)
            if (!write_full(end, line, size))
                fail("write", path);
    }
    _exit(EXIT_DONE);
}

/* The writers wait for each other. Until all have come, none goes on. */
static void meet(int i)
{
    open_gate(&ready, 1);
    if (!pass_gate(&starts[i]))
        _exit(EXIT_PEER);
}

static void let_all_go_on(void)
{
    for (int i = 0; i < WRITERS; i++)
        pass_gate(&ready); /* or a writer has died: watch_children() */
    for (int i = 0; i < WRITERS; i++)
        open_gate(&starts[i], 1);
}

/* Until all lines of that size have been read. */
static struct tally race(struct narration *n, int end, size_t size)
{
    static char bytes[64 * 1024];
    struct tally tally = {0};
    size_t reads = 0, left = WRITERS * (BYTES_EACH / size * size);
    let_all_go_on();
    let_all_go_on(); /* when each has told what it will do */
    for (; left > 0; reads++) {
        const ssize_t got = read_some(end, bytes, sizeof bytes);
        if (got == 0)
            reap_children(); /* a writer that dies closes its end first */
        if (got < 1)
            fail("read", path);
        count_lines(&tally, bytes, (size_t)got, size);
        left -= (size_t)got;
    }
    narrate(n, LEFT, "read(%d), %zu times\n%zu lines, %zu mixed", end, reads, tally.lines,
            tally.mixed);
    return tally;
}

static void count_lines(struct tally *tally, const char *bytes, size_t size, size_t line_size)
{
    for (const char *byte = bytes; byte < bytes + size; byte++) {
        if (tally->length++ == 0)
            tally->letter = *byte;
        if (*byte != '\n' && *byte != tally->letter)
            tally->letter = '\0';
        if (*byte != '\n')
            continue;
        tally->lines++;
        tally->mixed += tally->letter == '\0' || tally->length != line_size;
        tally->length = 0;
    }
}
