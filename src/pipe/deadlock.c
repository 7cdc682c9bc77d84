/*
 * ipc-pipe deadlock: the ways in which two processes and a pipe come to wait for ever.
 *
 * Each wait is looked at with poll for a moment, in place of the call that would never return.
 */
#include "pipe.h"

#include "ipc/children.h"
#include "ipc/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { SHOWN_MS = 200, MUCH = 256 * 1024 };

static void open_pipe(int ends[2])
{
    if (pipe(ends) == -1)
        fail("pipe", NULL);
}

static void wrong_end(struct narration *n)
{
    int ends[2];
    open_pipe(ends);
    narrate(n, LEFT, "pipe() = {%d read, %d write}", ends[READ_END], ends[WRITE_END]);
    narrate(n, LEFT, "write(%d, \"hello\")", ends[READ_END]);
    const ssize_t written = write_some(ends[READ_END], "hello", 5);
    narrate(n, LEFT, "write() = %zd   %s", written, written == -1 ? strerror(errno) : "");
    close(ends[READ_END]);
    close(ends[WRITE_END]);
}

/* A question on the only pipe there is, and the answer read from it. */
static void one_pipe(struct narration *n)
{
    int ends[2];
    char bytes[32];
    open_pipe(ends);
    narrate(n, LEFT, "write(%d, \"2 + 2?\")", ends[WRITE_END]);
    if (!write_full(ends[WRITE_END], "2 + 2?", 6))
        fail("write", "pipe");
    const ssize_t got = read_some(ends[READ_END], bytes, sizeof bytes);
    narrate(n, LEFT, "read(%d) = %zd  %s", ends[READ_END], got,
            quoted(bytes, got > 0 ? (size_t)got : 0).text);
    narrate(n, LEFT, "  its own question");
    const pid_t child = start_child();
    if (child == -1)
        fail("fork", NULL);
    if (child == 0) {
        close(ends[WRITE_END]);
        const uint64_t began = now();
        wait_ready(ends[READ_END], POLLIN, SHOWN_MS);
        narrate_waited(n, RIGHT, began, "the question is gone", "read(%d) would hang",
                       ends[READ_END]);
        _exit(EXIT_DONE);
    }
    reap_child(child);
    close(ends[READ_END]);
    close(ends[WRITE_END]);
}

static void two_pipes(struct narration *n)
{
    int there[2], back[2];
    char bytes[32];
    open_pipe(there);
    open_pipe(back);
    const pid_t child = start_child();
    if (child == -1)
        fail("fork", NULL);
    if (child == 0) {
        close(there[WRITE_END]);
        close(back[READ_END]);
        const ssize_t got = read_some(there[READ_END], bytes, sizeof bytes);
        narrate(n, RIGHT, "read(%d) = %zd  %s", there[READ_END], got,
                quoted(bytes, got > 0 ? (size_t)got : 0).text);
        narrate(n, RIGHT, "write(%d, \"4\")", back[WRITE_END]);
        _exit(write_full(back[WRITE_END], "4", 1) ? EXIT_DONE : EXIT_FAILED);
    }
    close(there[READ_END]);
    close(back[WRITE_END]);
    narrate(n, LEFT, "write(%d, \"2 + 2?\")", there[WRITE_END]);
    if (!write_full(there[WRITE_END], "2 + 2?", 6))
        fail("write", "pipe");
    const ssize_t got = read_some(back[READ_END], bytes, sizeof bytes);
    narrate(n, LEFT, "read(%d) = %zd  %s", back[READ_END], got,
            quoted(bytes, got > 0 ? (size_t)got : 0).text);
    reap_child(child);
    close(there[WRITE_END]);
    close(back[READ_END]);
}

/*
 * Sends MUCH while as much comes back. Whoever sends all before it receives hangs as soon as both
 * pipes are full; with poll, each does what can be done. Returns the bytes that came back.
 */
static size_t send_much(struct narration *n, int to, int from, bool receives, enum column column)
{
    static char block[4096];
    size_t sent = 0, received = 0;
    fcntl(to, F_SETFL, O_NONBLOCK);
    for (;;) {
        struct pollfd watched[] = {{.fd = sent < MUCH ? to : -1, .events = POLLOUT},
                                   {.fd = receives ? from : -1, .events = POLLIN}};
        const uint64_t began = now();
        const int ready = poll(watched, 2, SHOWN_MS);
        if (ready == 0 || (!receives && (watched[0].revents & POLLERR) != 0)) { /* both looked */
            narrate_waited(n, column, began, "full", "write(%d) would hang: %zu sent", to, sent);
            return received;
        }
        const ssize_t written = watched[0].revents != 0 ? write_some(to, block, sizeof block) : 0;
        if (written == -1 && errno != EAGAIN)
            fail("write", "pipe");
        sent += written > 0 ? (size_t)written : 0;
        if (sent == MUCH && written > 0)
            close(to); /* the other one's end of file */
        const ssize_t got = watched[1].revents != 0 ? read_some(from, block, sizeof block) : 1;
        received += watched[1].revents != 0 && got > 0 ? (size_t)got : 0;
        if (got <= 0 || (!receives && sent == MUCH))
            break;
    }
    narrate(n, column, "sent %zu, received %zu bytes", sent, received);
    return received;
}

static size_t both_write(struct narration *n, bool receive)
{
    int there[2], back[2];
    open_pipe(there);
    open_pipe(back);
    const pid_t child = start_child();
    if (child == -1)
        fail("fork", NULL);
    if (child == 0) {
        close(there[WRITE_END]);
        close(back[READ_END]);
        send_much(n, back[WRITE_END], there[READ_END], receive, RIGHT);
        if (!receive) /* our end would be the parent's EPIPE: so not before it has looked, too */
            wait_ready(back[WRITE_END], 0, -1);
        _exit(EXIT_DONE);
    }
    close(there[READ_END]);
    close(back[WRITE_END]);
    const size_t received = send_much(n, there[WRITE_END], back[READ_END], receive, LEFT);
    close(back[READ_END]);
    reap_child(child);
    if (!receive)
        close(there[WRITE_END]);
    return received;
}

int pipe_deadlock(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    print_text("How do two processes with pipes come to wait for ever?");
    struct narration *n = narration_open(STDOUT_FILENO, "parent", "child", pace);
    narrate_text(n, "-> not so: a pipe has a direction, and the wrong end is an error");
    wrong_end(n);
    narrate_text(n, "-> the mistake: question and answer on one pipe");
    one_pipe(n);
    narrate_text(n, "-> right: a pipe for each direction");
    two_pipes(n);
    narrate_text(n, "-> the mistake: both send %d bytes before they read", MUCH);
    both_write(n, false);
    narrate_text(n, "-> right: poll, and do what can be done; or one reads while the other writes");
    if (both_write(n, true) != MUCH)
        fail_that(EXIT_FAILED, "not everything came back");
    narrate_text(n, "Each waits for what only the other can do: two pipes, and poll, prevent it.");
    return EXIT_DONE;
}
