/* SPDX-License-Identifier: MIT
 * ipc-pipe demo: the textbook pipe. The parent fills it, the child empties it.
 *
 * Usage: ipc-pipe demo [--pace SECONDS | --step]
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
static bool send_bytes(int write_end, const char *bytes, size_t size);
static bool empty(struct narration *n, int read_end, size_t holds);
static size_t receive(struct narration *n, int read_end, size_t most);

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

    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        narrate(n, RIGHT, "close(%d)   child only reads", ends[WRITE_END]);
        close(ends[WRITE_END]); /* otherwise it is a writer itself: no end of file, ever */
        if (!empty(n, ends[READ_END], holds))
            fail_that(EXIT_PEER, "the parent (pid %ld) died", (long)original_parent());
        narrate(n, RIGHT, "_exit(0)");
        _exit(EXIT_DONE);
    }
    narrate_text(n, "with --step, from a second terminal: ls -l /proc/%ld/fd /proc/%ld/fd",
                 (long)getpid(), (long)child);
    narrate(n, LEFT, "close(%d)   parent only writes", ends[READ_END]);
    close(ends[READ_END]); /* otherwise a dead child leaves a reader: no EPIPE, ever */
    fill(n, ends[WRITE_END]);

    end_as_child(child, "child", narrate_wait(n, LEFT, child)); /* tells why, if it left early */
    return EXIT_DONE;
}

static void fill(struct narration *n, int write_end)
{
    for (int i = 0; i < MESSAGES; i++) {
        narration_pause(n, PAUSE_MS * MILLISECOND); /* the reader waits meanwhile */
        narrate(n, LEFT, "write(%d, \"%s\")", write_end, messages[i]);
        if (!send_bytes(write_end, messages[i], strlen(messages[i])))
            return;
    }
    narration_pause(n, PAUSE_MS / 2 * MILLISECOND); /* the reader has turned to something else */
    narrate_call(n, LEFT, "write(%d, %zu bytes)", write_end, sizeof large);
    const bool sent = send_bytes(write_end, large, sizeof large);
    narrate_return(n, "it was full", sent ? "%zu" : "-1  EPIPE", sizeof large);
    if (!sent)
        return;
    narration_pause(n, PAUSE_MS * MILLISECOND);
    narrate(n, LEFT, "close(%d)   the last writer", write_end);
    close(write_end);
}

/* One write(2), which sleeps while the pipe is full; more if signals cut it short. */
static bool send_bytes(int write_end, const char *bytes, size_t size)
{
    while (size > 0) {
        const ssize_t written = write(write_end, bytes, size);
        if (written == -1 && interrupted())
            continue;
        if (written == -1 && errno != EPIPE)
            fail("write", "pipe");
        if (written == -1)
            return false; /* no reader is left */
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
        got = receive(n, read_end, 100);

    narrate(n, RIGHT, "does not read, until it is full");
    for (int tries = 0; tries < 1000 && bytes_in_pipe(read_end) < (long)holds; tries++)
        narration_pause(n, MILLISECOND);
    narration_pause(n, PAUSE_MS * MILLISECOND);
    narration_hold(n); /* the writer, which this read wakes, speaks after it */
    taken += receive(n, read_end, sizeof large);
    narration_release(n);
    for (size_t got = 1; got > 0 && taken < hello + sizeof large; taken += got)
        got = receive(n, read_end, sizeof large);
    if (taken < hello + sizeof large)
        return false;
    while (receive(n, read_end, sizeof large) > 0)
        ;
    narrate(n, RIGHT, "Finished reading");
    return true;
}

/* read(2) sleeps while the pipe is empty. 0 if no writer is left, however they ended. */
static size_t receive(struct narration *n, int read_end, size_t most)
{
    ssize_t got;
    narrate_call(n, RIGHT, "read(%d)", read_end);
    do
        got = read(read_end, large, most);
    while (got == -1 && interrupted());
    if (got == -1)
        fail("read", "pipe");
    narrate_return(n, "it was empty", "%zd%s%s", got, got > 100 ? "" : "  ",
                   got > 100  ? ""
                   : got == 0 ? "end of file"
                              : quoted(large, (size_t)got).text);
    return (size_t)got;
}
