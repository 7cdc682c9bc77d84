/*
 * ipc-pipe demo: the textbook pipe. The parent fills it, the child empties it.
 *
 * pipe, fork, each closes the end that it does not use, write, read until the end of file, waitpid.
 * The child reads early once and late once: so a read sleeps on the empty pipe, and a write on the
 * full one.
 */
#include "pipe.h"

#include "ipc/children.h"
#include "ipc/cleanup.h"
#include "ipc/clock.h"
#include "ipc/platform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MESSAGES = 3, PAUSE = 30 };

static const char messages[MESSAGES][16] = {"hello, world #1", "hello, world #2",
                                            "hello, world #3"};

/* write(2) sleeps while the pipe is full, until a reader makes room or no reader is left. */
static void send_bytes(struct narration *n, int write_end, const char *bytes, size_t size)
{
    char call[24];
    snprintf(call, sizeof call, "write(%d)", write_end);
    while (size > 0) {
        const uint64_t began = now();
        ssize_t written;
        do
            written = write(write_end, bytes, size);
        while (written == -1 && interrupted());
        narrate_sent(n, LEFT, began, "it was full", call, written, size);
        if (written == -1)
            fail("write", "pipe");
        bytes += written;
        size -= (size_t)written;
    }
}

/*
 * read(2) sleeps while the pipe is empty, until a writer writes, or no writer is left, however
 * they ended: then it returns 0.
 */
static size_t receive(struct narration *n, int read_end, char *bytes, size_t size)
{
    const uint64_t began = now();
    ssize_t got;
    do
        got = read(read_end, bytes, size);
    while (got == -1 && interrupted());
    if (got == -1)
        fail("read", "pipe");
    narrate_waited(n, RIGHT, began, "it was empty", "read(%d) = %zd  %s", read_end, got,
                   got == 0 ? "end of file" : quoted(bytes, (size_t)got).text);
    return (size_t)got;
}

static void produce_story(struct narration *n, int write_end, size_t much)
{
    for (int i = 0; i < MESSAGES; i++) {
        sleep_for(PAUSE * MILLISECOND); /* the reader waits meanwhile */
        narrate(n, LEFT, "write(%d, \"%s\")", write_end, messages[i]);
        send_bytes(n, write_end, messages[i], strlen(messages[i]));
    }
    char *bytes = calloc(much, 1);
    if (bytes == NULL)
        fail("calloc", NULL);
    sleep_for(PAUSE / 2 * MILLISECOND); /* the reader has turned to something else */
    narrate(n, LEFT, "write(%d, %zu bytes)", write_end, much);
    send_bytes(n, write_end, bytes, much);
    free(bytes);
    sleep_for(PAUSE * MILLISECOND);
    narrate(n, LEFT, "close(%d)   the last writer", write_end);
    close(write_end);
}

static void consume_story(struct narration *n, int read_end, size_t much)
{
    char *bytes = malloc(much);
    if (bytes == NULL)
        fail("malloc", NULL);
    for (size_t taken = 0; taken < MESSAGES * strlen(messages[0]);)
        taken += receive(n, read_end, bytes, 100);

    narrate(n, RIGHT, "does not read for %d ms", 2 * PAUSE);
    sleep_for(2 * PAUSE * MILLISECOND);
    int reads = 0;
    for (size_t taken = 0; taken < much; reads++) {
        const ssize_t got = read_some(read_end, bytes + taken, much - taken);
        if (got <= 0)
            fail("read", "pipe");
        taken += (size_t)got;
    }
    narrate(n, RIGHT, "read(%d), %d times: %zu bytes", read_end, reads, much);

    while (receive(n, read_end, bytes, 100) > 0)
        ;
    narrate(n, RIGHT, "Finished reading");
    free(bytes);
}

int tell_of_pipe(double pace)
{
    struct narration *n = narration_open(STDOUT_FILENO, "parent", "child", pace);
    int ends[2];
    if (pipe(ends) == -1)
        fail("pipe", NULL);
    const size_t holds = enlarge_pipe(ends[WRITE_END], 65536); /* as it is by default on Linux */
    narrate(n, LEFT, "pipe() = {%d read, %d write}", ends[READ_END], ends[WRITE_END]);
    narrate(n, LEFT, "  a buffer of %zu bytes", holds);

    const pid_t child = narrate_fork(n);
    if (child == 0) {
        narrate(n, RIGHT, "close(%d)   child only reads", ends[WRITE_END]);
        close(ends[WRITE_END]); /* else it would be a writer itself: no end of file, ever */
        consume_story(n, ends[READ_END], 2 * holds);
        narrate(n, RIGHT, "_exit(0)");
        _exit(EXIT_DONE);
    }
    narrate_text(n, "to look from a second terminal: ls -l /proc/%ld/fd /proc/%ld/fd",
                 (long)getpid(), (long)child);
    narrate(n, LEFT, "close(%d)   parent only writes", ends[READ_END]);
    close(ends[READ_END]); /* else a dead child would leave a reader: no EPIPE, ever */
    produce_story(n, ends[WRITE_END], 2 * holds);

    char words[STATUS_WORDS_SIZE];
    const int status = reap_child(child);
    narrate(n, LEFT, "waitpid(%ld) = %s", (long)child, status_in_words(status, words));
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    complain_that("the child (pid %ld) died: %s", (long)child, words);
    return EXIT_PEER;
}

int pipe_demo(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    return tell_of_pipe(pace);
}
