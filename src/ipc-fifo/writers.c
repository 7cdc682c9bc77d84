/*
 * ipc-fifo writers: several writers and one FIFO. Lines of up to PIPE_BUF bytes never mix, longer
 * ones do.
 *
 * All writers start at a gate, and the reader takes little at a time, so that the FIFO is full and
 * the writers' bytes come in parts. It is repeated until lines have mixed.
 */
#include "fifo.h"

#include "ipc/common/children.h"
#include "ipc/common/clock.h"
#include "ipc/common/io.h"
#include "ipc/rendezvous/undo_log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef PIPE_BUF /* where it depends on the file: limits.h(0p) */
#define PIPE_BUF _POSIX_PIPE_BUF
#endif

enum { WRITERS = 4, BYTES_EACH = 512 * 1024 };

static char path[PATH_SIZE];

/* A line is one letter, again and again, and a newline; write() is called once for each. */
static _Noreturn void write_lines(int ready, int gate, char letter, size_t size)
{
    char *line = malloc(size), go;
    const int end = open(path, O_WRONLY);
    close(ready);
    if (line == NULL || end == -1)
        _exit(EXIT_FAILED);
    memset(line, letter, size);
    line[size - 1] = '\n';
    read_full(gate, &go, 1); /* 0 when the reader opens the gate by closing it, or dies */
    for (size_t i = 0; i < BYTES_EACH / size; i++)
        if (!write_full(end, line, size))
            _exit(EXIT_FAILED);
    _exit(EXIT_DONE);
}

struct tally {
    long lines, mixed;
};

static void count_lines(int end, size_t size, struct tally *tally)
{
    char part[1000], first = '\0';
    size_t length = 0;
    bool mixed = false;
    for (ssize_t got; (got = read_some(end, part, sizeof part)) > 0;) {
        for (ssize_t i = 0; i < got; i++) {
            if (part[i] == '\n') {
                tally->lines++;
                tally->mixed += mixed || length != size - 1;
                mixed = false;
                length = 0;
                continue;
            }
            first = length == 0 ? part[i] : first;
            mixed = mixed || part[i] != first;
            length++;
        }
        sched_yield();
    }
}

static struct tally race(struct narration *n, size_t size)
{
    struct tally tally = {0};
    int gate[2], ready[2];
    char none;
    const uint64_t began = now();
    do {
        if (pipe(gate) == -1 || pipe(ready) == -1)
            fail("pipe", NULL);
        const int end = open(path, O_RDONLY | O_NONBLOCK); /* so that no writer waits */
        if (end == -1 || fcntl(end, F_SETFL, 0) == -1)
            fail("open", path);
        pid_t writers[WRITERS];
        for (int i = 0; i < WRITERS; i++) {
            writers[i] = start_child();
            if (writers[i] == -1)
                fail("fork", NULL);
            if (writers[i] == 0) {
                close(gate[1]);
                write_lines(ready[1], gate[0], (char)('a' + i), size);
            }
        }
        close(ready[1]);
        read_full(ready[0], &none, 1); /* 0 when each of them has opened, or ended */
        close(ready[0]);
        close(gate[0]);
        close(gate[1]);
        count_lines(end, size, &tally);
        close(end);
        for (int i = 0; i < WRITERS; i++)
            if (reap_child(writers[i]) != 0)
                fail_that(EXIT_FAILED, "a writer failed");
    } while (size > PIPE_BUF && tally.mixed == 0 && now() - began < SECOND);
    narrate(n, LEFT, "%d writers, lines of %zu bytes: %ld lines, %ld mixed", WRITERS, size,
            tally.lines, tally.mixed);
    return tally;
}

int fifo_writers(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    char name[32];
    snprintf(name, sizeof name, "writers-%ld", (long)getpid());
    object_path(path, "fifo", name, "fifo");
    note_object(A_FILE, path, 0);
    if (mkfifo(path, 0600) == -1)
        fail("mkfifo", path);

    print_text("Several write to one FIFO at once. Do their lines mix?");
    struct narration *n = narration_open(STDOUT_FILENO, "reader", NULL, pace);
    narrate_text(n, "-> the mistake: lines longer than PIPE_BUF, %d", PIPE_BUF);
    const struct tally larger = race(n, PIPE_BUF + 1);
    const struct tally large = race(n, 3 * PIPE_BUF);
    narrate_text(n, "-> right: each line in one write of at most PIPE_BUF bytes");
    const struct tally fitting = race(n, PIPE_BUF);
    const struct tally small = race(n, 100);
    if (fitting.mixed + small.mixed > 0)
        fail_that(EXIT_FAILED, "lines of at most PIPE_BUF bytes have mixed");
    narrate_text(n, "Up to PIPE_BUF, %d, none of %ld; beyond it %ld of %ld did.", PIPE_BUF,
                 fitting.lines + small.lines, larger.mixed + large.mixed,
                 larger.lines + large.lines);
    return EXIT_DONE;
}
