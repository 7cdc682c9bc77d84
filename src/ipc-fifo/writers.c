/*
 * ipc-fifo writers: several writers and one FIFO. Lines of up to PIPE_BUF bytes never mix, longer
 * ones do.
 *
 * Usage: ipc-fifo writers [--pace SECONDS]
 *
 * All writers start at a gate, and the reader takes little at a time, so that the FIFO is full and
 * the writers' bytes come in parts. It is repeated until lines have mixed.
 */
#include "fifo.h"

#include "ipc/narration/lesson.h"

#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <sys/stat.h>

#ifndef PIPE_BUF /* where it depends on the file: limits.h(0p) */
#define PIPE_BUF _POSIX_PIPE_BUF
#endif

enum { WRITERS = 4, BYTES_EACH = 512 * 1024 };

struct tally {
    long lines, mixed;
};

static char path[PATH_SIZE];

static struct tally race(struct narration *n, size_t size);
static _Noreturn void write_lines(struct gate *ready, struct gate *start, char letter, size_t size);
static void count_lines(int end, size_t size, struct tally *tally);

int fifo_writers(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(
        role, argc, argv, "Several write to one FIFO at once. Do their lines mix?", "reader", NULL);
    fifo_own_path(path, "writers", "fifo");
    or_fail(mkfifo(path, 0600), "mkfifo", path);
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

static struct tally race(struct narration *n, size_t size)
{
    struct tally tally = {0};
    const uint64_t began = now();
    do {
        struct gate ready = new_gate(), start = new_gate();
        const int end = open(path, O_RDONLY | O_NONBLOCK); /* so that no writer waits */
        if (end == -1 || fcntl(end, F_SETFL, 0) == -1)
            fail("open", path);
        pid_t writers[WRITERS];
        for (int i = 0; i < WRITERS; i++) {
            writers[i] = start_child();
            if (writers[i] == 0)
                write_lines(&ready, &start, (char)('a' + i), size);
        }
        while (pass_gate(&ready)) /* until each of them has opened the FIFO, or ended */
            ;
        open_gate(&start, WRITERS);
        close_gate(&ready);
        close_gate(&start);
        count_lines(end, size, &tally);
        for (int i = 0; i < WRITERS; i++)
            reap_successful(writers[i], "writer");
    } while (size > PIPE_BUF && tally.mixed == 0 && now() - began < SECOND);
    narrate(n, LEFT, "%d writers, lines of %zu bytes: %ld lines, %ld mixed", WRITERS, size,
            tally.lines, tally.mixed);
    return tally;
}

/* A line is one letter, again and again, and a newline; write() is called once for each. */
static _Noreturn void write_lines(struct gate *ready, struct gate *start, char letter, size_t size)
{
    char *line = malloc(size);
    const int end = open(path, O_WRONLY);
    if (line == NULL || end == -1)
        _exit(EXIT_FAILED);
    memset(line, letter, size);
    line[size - 1] = '\n';
    open_gate(ready, 1);
    close_gate(ready);
    if (!pass_gate(start))
        _exit(EXIT_PEER);
    for (size_t i = 0; i < BYTES_EACH / size; i++)
        if (!write_full(end, line, size))
            _exit(EXIT_FAILED);
    _exit(EXIT_DONE);
}

/* Until all have closed the FIFO. Every line is to be one letter, size - 1 times, and a newline. */
static void count_lines(int end, size_t size, struct tally *tally)
{
    char part[1000], *line = NULL;
    size_t room = 0;
    FILE *fifo = fdopen(end, "r");
    if (fifo == NULL || setvbuf(fifo, part, _IOFBF, sizeof part) != 0)
        fail("fdopen", path);
    for (ssize_t length; (length = getline(&line, &room, fifo)) != -1;) {
        const char letter[] = {line[0], '\0'};
        tally->lines++;
        tally->mixed += (size_t)length != size || strspn(line, letter) != size - 1;
        sched_yield();
    }
    free(line);
    fclose(fifo);
}
