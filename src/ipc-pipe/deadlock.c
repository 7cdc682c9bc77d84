/*
 * ipc-pipe deadlock: the ways in which two processes and a pipe come to wait for ever.
 *
 * Usage: ipc-pipe deadlock [--pace SECONDS]
 *
 * Each wait is looked at with poll for a moment, in place of the call that would never return. At
 * the end both send more than a pipe holds: why a co-process needs poll.
 */
#include "pipe.h"

#include "ipc/narration/lesson.h"

#include <poll.h>

enum { HANG_SHOWN_MS = 200, EXCHANGE_SIZE = 256 * 1024 };

static char block[4096];

static void use_wrong_end(struct narration *n);
static void use_one_pipe(struct narration *n);
static void use_two_pipes(struct narration *n);
static void exchange(struct narration *n, bool polls);
static void use_poll(struct narration *n, enum column column, const int out[2], const int in[2]);
static void send_before_receiving(struct narration *n, enum column column, int to);
static size_t send_some(int to, size_t left);

int pipe_deadlock(const struct role *role, int argc, char **argv)
{
    struct narration *n =
        begin_lesson(role, argc, argv, "How do two processes with pipes come to wait for ever?",
                     "parent", "child");
    narrate_text(n, "-> not so: a pipe has a direction, and the wrong end is an error");
    use_wrong_end(n);
    narrate_text(n, "-> the mistake: question and answer on one pipe");
    use_one_pipe(n);
    narrate_text(n, "-> right: a pipe for each direction");
    use_two_pipes(n);
    narrate_text(n, "-> the mistake: both send %d bytes before they read", EXCHANGE_SIZE);
    exchange(n, false);
    narrate_text(n, "-> right: poll, and do what can be done; or one reads while the other writes");
    exchange(n, true);
    narrate_text(n, "Each waits for what only the other can do: two pipes, and poll, prevent it.");
    return EXIT_DONE;
}

static void use_wrong_end(struct narration *n)
{
    int ends[2];
    open_pipe(n, LEFT, ends);
    narrate(n, LEFT, "write(%d, \"hello\")", ends[READ_END]);
    if (write_some(ends[READ_END], "hello", 5) == -1)
        narrate(n, LEFT, "write() = -1   %s\n%s", errno == EBADF ? "EBADF" : "", strerror(errno));
    close_pipe(ends);
}

/* A question on the only pipe there is, and the answer read from it. */
static void use_one_pipe(struct narration *n)
{
    int ends[2];
    open_pipe(n, LEFT, ends);
    write_word(n, LEFT, ends[WRITE_END], "2 + 2?");
    read_word(n, LEFT, ends[READ_END]);
    narrate(n, LEFT, "  its own question");
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        would_hang(n, RIGHT, ends[READ_END], HANG_SHOWN_MS, "the question is gone");
        _exit(EXIT_DONE);
    }
    reap_successful(child, "child");
    close_pipe(ends);
}

static void use_two_pipes(struct narration *n)
{
    int there[2], back[2];
    open_pipe(n, LEFT, there);
    open_pipe(n, LEFT, back);
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        close(there[WRITE_END]);
        close(back[READ_END]);
        read_word(n, RIGHT, there[READ_END]);
        write_word(n, RIGHT, back[WRITE_END], "4");
        _exit(EXIT_DONE);
    }
    close(there[READ_END]);
    close(back[WRITE_END]);
    write_word(n, LEFT, there[WRITE_END], "2 + 2?");
    read_word(n, LEFT, back[READ_END]);
    close(there[WRITE_END]);
    close(back[READ_END]);
    reap_successful(child, "child");
}

static void exchange(struct narration *n, bool polls)
{
    int there[2], back[2];
    open_non_blocking_pipe(n, LEFT, there);
    open_non_blocking_pipe(n, LEFT, back);
    const pid_t child = narrate_fork(n, LEFT, "");
    const enum column column = child != 0 ? LEFT : RIGHT;
    const int *out = child != 0 ? there : back, *in = child != 0 ? back : there;
    if (polls)
        use_poll(n, column, out, in);
    else /* all ends stay open: without a reader there would be EPIPE, in place of a full pipe */
        send_before_receiving(n, column, out[WRITE_END]);
    if (child == 0)
        _exit(EXIT_DONE);
    reap_successful(child, "child");
    if (!polls) {
        close_pipe(there);
        close_pipe(back);
    }
}

/* The right way. Returns early if the other one has died: reap_successful() says so. */
static void use_poll(struct narration *n, enum column column, const int out[2], const int in[2])
{
    size_t sent = 0, received = 0;
    close(out[READ_END]);
    close(in[WRITE_END]);
    while (sent < EXCHANGE_SIZE || received < EXCHANGE_SIZE) {
        struct pollfd watched[] = {
            {.fd = sent < EXCHANGE_SIZE ? out[WRITE_END] : -1, .events = POLLOUT},
            {.fd = in[READ_END], .events = POLLIN}};
        const int ready = poll(watched, 2, -1);
        if (ready == -1 && !interrupted())
            fail("poll", NULL);
        if (ready > 0 && watched[0].revents != 0)
            sent += send_some(out[WRITE_END], EXCHANGE_SIZE - sent);
        if (ready > 0 && watched[1].revents != 0) {
            const ssize_t got = read_some(in[READ_END], block, sizeof block);
            if (got == -1)
                fail("read", "pipe");
            if (got == 0)
                return;
            received += (size_t)got;
        }
    }
    narrate(n, column, "sent %zu, received %zu bytes", sent, received);
    close(out[WRITE_END]);
    close(in[READ_END]);
}

/* The mistake. In place of the write that would hang there is a look with poll. */
static void send_before_receiving(struct narration *n, enum column column, int to)
{
    size_t sent = 0;
    uint64_t began = now();
    while (sent < EXCHANGE_SIZE && wait_ready(to, POLLOUT, HANG_SHOWN_MS)) {
        sent += send_some(to, EXCHANGE_SIZE - sent);
        began = now();
    }
    narrate_waited(n, column, began, "full", "write(%d) would hang: %zu sent", to, sent);
}

/* One write of what is left; how much that was, 0 where there was no room, or is no reader. */
static size_t send_some(int to, size_t left)
{
    const ssize_t written = write_some(to, block, left < sizeof block ? left : sizeof block);
    if (written == -1 && errno != EAGAIN && errno != EPIPE)
        fail("write", "pipe");
    return written > 0 ? (size_t)written : 0;
}
