/*
 * ipc-pipe deadlock: the ways in which two processes and a pipe come to wait for ever.
 *
 * Each wait is looked at with poll for a moment, in place of the call that would never return.
 */
#include "pipe.h"

#include "ipc/narration/lesson.h"

#include "ipc/common/children.h"
#include "ipc/common/clock.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { SHOWN_MS = 200, MUCH = 256 * 1024 };

static void open_pipe(struct narration *n, int ends[2])
{
    if (pipe(ends) == -1)
        fail("pipe", NULL);
    narrate(n, LEFT, "pipe() = {%d read, %d write}", ends[READ_END], ends[WRITE_END]);
}

static void close_pipe(const int ends[2])
{
    close(ends[READ_END]);
    close(ends[WRITE_END]);
}

static void ask(struct narration *n, int write_end)
{
    narrate(n, LEFT, "write(%d, \"2 + 2?\")", write_end);
    if (!write_full(write_end, "2 + 2?", 6) &&
        errno != EPIPE) /* EPIPE: reap_successful() says who died */
        fail("write", "pipe");
}

static void hear(struct narration *n, enum column column, int read_end)
{
    char bytes[32];
    const ssize_t got = read_some(read_end, bytes, sizeof bytes);
    if (got == -1)
        fail("read", "pipe");
    narrate(n, column, "read(%d) = %zd  %s", read_end, got, quoted(bytes, (size_t)got).text);
}

static void use_wrong_end(struct narration *n)
{
    int ends[2];
    open_pipe(n, ends);
    narrate(n, LEFT, "write(%d, \"hello\")", ends[READ_END]);
    if (write_some(ends[READ_END], "hello", 5) == -1)
        narrate(n, LEFT, "write() = -1   %s\n%s", errno == EBADF ? "EBADF" : "", strerror(errno));
    close_pipe(ends);
}

/* A question on the only pipe there is, and the answer read from it. */
static void use_one_pipe(struct narration *n)
{
    int ends[2];
    open_pipe(n, ends);
    ask(n, ends[WRITE_END]);
    hear(n, LEFT, ends[READ_END]);
    narrate(n, LEFT, "  its own question");
    const pid_t child = narrate_fork(n, LEFT);
    if (child == 0) {
        const uint64_t began = now();
        if (!wait_ready(ends[READ_END], POLLIN, SHOWN_MS))
            narrate_waited(n, RIGHT, began, "the question is gone", "read(%d) would hang",
                           ends[READ_END]);
        _exit(EXIT_DONE);
    }
    reap_successful(child, "child");
    close_pipe(ends);
}

static void use_two_pipes(struct narration *n)
{
    int there[2], back[2];
    open_pipe(n, there);
    open_pipe(n, back);
    const pid_t child = narrate_fork(n, LEFT);
    if (child == 0) {
        close(there[WRITE_END]);
        close(back[READ_END]);
        hear(n, RIGHT, there[READ_END]);
        narrate(n, RIGHT, "write(%d, \"4\")", back[WRITE_END]);
        _exit(write_full(back[WRITE_END], "4", 1) ? EXIT_DONE : EXIT_FAILED);
    }
    close(there[READ_END]);
    close(back[WRITE_END]);
    ask(n, there[WRITE_END]);
    hear(n, LEFT, back[READ_END]);
    close(there[WRITE_END]);
    close(back[READ_END]);
    reap_successful(child, "child");
}

int pipe_deadlock(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    print_text("How do two processes with pipes come to wait for ever?");
    struct narration *n = narration_open(STDOUT_FILENO, "parent", "child", pace);
    narrate_text(n, "-> not so: a pipe has a direction, and the wrong end is an error");
    use_wrong_end(n);
    narrate_text(n, "-> the mistake: question and answer on one pipe");
    use_one_pipe(n);
    narrate_text(n, "-> right: a pipe for each direction");
    use_two_pipes(n);
    narrate_text(n, "-> the mistake: both send %d bytes before they read", MUCH);
    exchange(n, MUCH, false);
    narrate_text(n, "-> right: poll, and do what can be done; or one reads while the other writes");
    exchange(n, MUCH, true);
    narrate_text(n, "Each waits for what only the other can do: two pipes, and poll, prevent it.");
    return EXIT_DONE;
}
