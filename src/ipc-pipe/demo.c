/*
 * ipc-pipe demo: the textbook pipe. The parent fills it, the child empties it.
 *
 * Usage: ipc-pipe demo [--pace SECONDS]
 *
 * pipe, fork, each closes the end that it does not use, write, read until the end of file, waitpid.
 * The child reads early once and late once: so a read sleeps on the empty pipe, and a write on the
 * full one. If either dies, the kernel closes its ends, and the other's call returns.
 */
#include "pipe.h"

#include "ipc/narration/lesson.h"
#include "ipc/transfer/platform.h"

enum { MESSAGES = 3, PAUSE_MS = 30, PIPE_SIZE = 65536 };

static const char messages[MESSAGES][16] = {"hello, world #1", "hello, world #2",
                                            "hello, world #3"};
static char large[2 * PIPE_SIZE]; /* more than fits: its writer has to wait for the reader */

static void fill(struct narration *n, int write_end);
static bool send_bytes(struct narration *n, int write_end, const char *bytes, size_t size);
static bool empty(struct narration *n, int read_end, size_t holds);
static size_t receive(struct narration *n, int read_end);

int pipe_demo(const struct role *role, int argc, char **argv)
{
    return narrate_pipe(begin_lesson(role, argc, argv, NULL, "parent", "child"));
}

int narrate_pipe(struct narration *n)
{
    int ends[2];
    or_fail(pipe(ends), "pipe", NULL);
    const size_t holds = enlarge_pipe(ends[WRITE_END], PIPE_SIZE); /* Linux' default */
    narrate(n, LEFT, "pipe() = {%d read, %d write}", ends[READ_END], ends[WRITE_END]);
    narrate(n, LEFT, "  a buffer of %zu bytes", holds);

    const pid_t child = narrate_fork(n, LEFT);
    if (child == 0) {
        narrate(n, RIGHT, "close(%d)   child only reads", ends[WRITE_END]);
        close(ends[WRITE_END]); /* otherwise it is a writer itself: no end of file, ever */
        if (!empty(n, ends[READ_END], holds))
            fail_that(EXIT_PEER, "the parent (pid %ld) died", (long)original_parent());
        narrate(n, RIGHT, "_exit(0)");
        _exit(EXIT_DONE);
    }
    narrate_text(n, "to look from a second terminal: ls -l /proc/%ld/fd /proc/%ld/fd",
                 (long)getpid(), (long)child);
    narrate(n, LEFT, "close(%d)   parent only writes", ends[READ_END]);
    close(ends[READ_END]); /* otherwise a dead child leaves a reader: no EPIPE, ever */
    fill(n, ends[WRITE_END]);

    char words[STATUS_WORDS_SIZE];
    const int status = reap_child(child); /* if it did not read to the end, this tells why */
    narrate(n, LEFT, "waitpid(%ld) = %s", (long)child, status_in_words(status, words));
    end_as_child(child, "child", status);
    return EXIT_DONE;
}

static void fill(struct narration *n, int write_end)
{
    for (int i = 0; i < MESSAGES; i++) {
        sleep_for(PAUSE_MS * MILLISECOND); /* the reader waits meanwhile */
        narrate(n, LEFT, "write(%d, \"%s\")", write_end, messages[i]);
        if (!send_bytes(n, write_end, messages[i], strlen(messages[i])))
            return;
    }
    sleep_for(PAUSE_MS / 2 * MILLISECOND); /* the reader has turned to something else */
    narrate(n, LEFT, "write(%d, %zu bytes)", write_end, sizeof large);
    if (!send_bytes(n, write_end, large, sizeof large))
        return;
    sleep_for(PAUSE_MS * MILLISECOND);
    narrate(n, LEFT, "close(%d)   the last writer", write_end);
    close(write_end);
}

/* write(2) sleeps while the pipe is full. False if no reader is left. */
static bool send_bytes(struct narration *n, int write_end, const char *bytes, size_t size)
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
        if (written == -1 && errno != EPIPE)
            fail("write", "pipe");
        if (written == -1)
            return false;
        bytes += written;
        size -= (size_t)written;
    }
    return true;
}

/* False if the writer ended too early. */
static bool empty(struct narration *n, int read_end, size_t holds)
{
    const size_t hello = MESSAGES * strlen(messages[0]);
    size_t taken = 0;
    for (size_t got = 1; got > 0 && taken < hello; taken += got)
        got = receive(n, read_end);

    narrate(n, RIGHT, "does not read, until it is full");
    for (int tries = 0; tries < 1000 && bytes_in_pipe(read_end) < (long)holds; tries++)
        sleep_for(MILLISECOND);
    sleep_for(PAUSE_MS * MILLISECOND);
    int reads = 0;
    for (ssize_t got = 1; got > 0 && taken < hello + sizeof large; taken += (size_t)got, reads++)
        if ((got = read_some(read_end, large, hello + sizeof large - taken)) == -1)
            fail("read", "pipe");
    if (taken < hello + sizeof large)
        return false;
    narrate(n, RIGHT, "read(%d), %d times: %zu bytes", read_end, reads, sizeof large);

    while (receive(n, read_end) > 0)
        ;
    narrate(n, RIGHT, "Finished reading");
    return true;
}

/* read(2) sleeps while the pipe is empty. 0 if no writer is left, however they ended. */
static size_t receive(struct narration *n, int read_end)
{
    char bytes[100];
    const uint64_t began = now();
    ssize_t got;
    do
        got = read(read_end, bytes, sizeof bytes);
    while (got == -1 && interrupted());
    if (got == -1)
        fail("read", "pipe");
    narrate_waited(n, RIGHT, began, "it was empty", "read(%d) = %zd  %s", read_end, got,
                   got == 0 ? "end of file" : quoted(bytes, (size_t)got).text);
    return (size_t)got;
}
