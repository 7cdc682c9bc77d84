/* SPDX-License-Identifier: MIT
 * ipc-pipe deadlock: the ways in which two processes and a pipe come to wait for ever.
 *
 * Usage: ipc-pipe deadlock [--pace SECONDS | --step]
 *
 * One of the two looks with poll() for a moment, in place of the call that would never return. At
 * the end both send more than a pipe holds: why a co-process needs poll.
 */
#include "pipe.h"

#include "ipc/narration/lesson.h"

enum { EXCHANGE_SIZE = 256 * 1024 };

static char block[EXCHANGE_SIZE];

static void ask(struct narration *n, const int there[2], const int back[2]);
static void send_before_receiving(struct narration *n, const int there[2], const int back[2]);
static void use_poll(struct narration *n, int out, int in, size_t sent);

int pipe_deadlock(const struct role *role, int argc, char **argv)
{
    int there[2], back[2];
    struct narration *n =
        begin_lesson(role, argc, argv, "How do two processes with pipes come to wait for ever?",
                     "parent", "child");
    narrate_text(n, "-> first, what does not hang: using the wrong end");
    open_pipe(n, LEFT, there);
    if (write_some(there[READ_END], "hello", 5) != -1 || errno != EBADF)
        fail_that(EXIT_FAILED, "a read end was written to");
    narrate(n, LEFT, "write(%d, \"hello\") = -1  EBADF", there[READ_END]);
    open_pipe(n, LEFT, back);
    ask(n, there, back);
    send_before_receiving(n, there, back);
    narrate_answer(n, "Each waits for the other: two pipes, poll() and O_NONBLOCK prevent it.");
    return EXIT_DONE;
}

/* The parent reads its own question, so the child waits for it. With a second pipe it does not. */
static void ask(struct narration *n, const int there[2], const int back[2])
{
    struct gate asked = new_gate(), hung = new_gate(), answered = new_gate();
    narrate_mistake(n, "question and answer through one pipe");
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        if (!pass_gate(&asked))
            _exit(EXIT_PEER);
        if (!would_hang(n, RIGHT, there[READ_END], POLLIN))
            fail_that(EXIT_FAILED, "the question was there twice");
        open_gate(&hung, 1);
        read_word(n, RIGHT, there[READ_END], "it was empty");
        write_word(n, RIGHT, back[WRITE_END], "4");
        open_gate(&answered, 1);
        _exit(EXIT_DONE);
    }
    write_word(n, LEFT, there[WRITE_END], "2 + 2?");
    read_word(n, LEFT, there[READ_END], NULL);
    narrate(n, LEFT, "  its own question");
    open_gate(&asked, 1);
    if (!pass_gate(&hung))
        reap_successful(child, "child");
    narrate_right(n, "a pipe for each direction");
    write_word(n, LEFT, there[WRITE_END], "2 + 2?");
    if (pass_gate(&answered)) /* otherwise the child has died, and we are a writer ourselves */
        read_word(n, LEFT, back[READ_END], NULL);
    reap_successful(child, "child");
}

/* The parent sleeps in its write(). The child finds that it would, too, and goes on with poll. */
static void send_before_receiving(struct narration *n, const int there[2], const int back[2])
{
    narrate_mistake(n, "both send %d bytes before they read", EXCHANGE_SIZE);
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        const int out = back[WRITE_END];
        never_sleep(n, RIGHT, out);
        const ssize_t sent = write_some(out, block, sizeof block);
        narrate(n, RIGHT, "write(%d, %zu bytes) = %zd", out, sizeof block, sent);
        if (sent == -1 || !would_hang(n, RIGHT, out, POLLOUT))
            fail_that(EXIT_FAILED, "the pipe did not become full");
        narrate_right(n, "poll() and O_NONBLOCK: write() takes what fits; one side is enough");
        use_poll(n, out, there[READ_END], (size_t)sent);
        _exit(EXIT_DONE);
    }
    close(there[READ_END]); /* if the child dies there is to be EPIPE, or an end of file */
    close(back[WRITE_END]);
    int reads = 0;
    narrate_call(n, LEFT, "write(%d, %zu bytes)", there[WRITE_END], sizeof block);
    bool done = write_full(there[WRITE_END], block, sizeof block);
    if (done)
        narrate_return(n, "it was full", "%zu", sizeof block);
    for (ssize_t got, left = EXCHANGE_SIZE; done && left > 0; left -= got, reads++)
        done = (got = read_some(back[READ_END], block, sizeof block)) > 0;
    reap_successful(child, "child");
    narrate(n, LEFT, "read(%d), %d times: all", back[READ_END], reads);
}

/* The right way. out is non-blocking: there may be room, and yet not for all that is left. */
static void use_poll(struct narration *n, int out, int in, size_t sent)
{
    size_t received = 0;
    int polls = 0, writes = 0, reads = 0;
    narrate(n, RIGHT, "poll({%d, POLLIN}, {%d, POLLOUT})", in, out);
    for (; sent < EXCHANGE_SIZE || received < EXCHANGE_SIZE; polls++) {
        struct pollfd watched[] = {{.fd = in, .events = POLLIN},
                                   {.fd = sent < EXCHANGE_SIZE ? out : -1, .events = POLLOUT}};
        if (poll(watched, 2, -1) == -1 && !interrupted())
            fail("poll", NULL);
        if (watched[0].revents != 0) {
            const ssize_t got = read_some(in, block, sizeof block);
            if (got < 1)
                fail("read", "pipe");
            received += (size_t)got;
            reads++;
        }
        if (watched[1].revents != 0) {
            const ssize_t written = write_some(out, block, EXCHANGE_SIZE - sent);
            if (written == -1 && errno != EAGAIN)
                fail("write", "pipe");
            sent += written > 0 ? (size_t)written : 0;
            writes++;
        }
    }
    narrate(n, RIGHT, "poll() %d, read(%d) %d, write(%d) %d times", polls, in, reads, out, writes);
}
