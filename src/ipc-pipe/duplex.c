/* SPDX-License-Identifier: MIT
 * ipc-pipe duplex: a co-process. FILE goes into COMMAND, its output comes out.
 *
 * Usage: ipc-pipe duplex [-q] [FILE] -- COMMAND [ARG]...
 *
 * Two pipes, and poll over both. Otherwise we would hang in a write as soon as COMMAND waits for
 * room in its full output pipe. Ends as COMMAND ends, with its exit status.
 */
#include "pipe.h"

#include "ipc/common/children.h"
#include "ipc/common/io.h"

#include <errno.h>

enum { BLOCK_SIZE = 64 * 1024 };

struct coprocess {
    pid_t process;
    struct input input;
    int to, from;           /* -1 at its end, as input.descriptor */
    char block[BLOCK_SIZE]; /* from input, not yet sent: bytes [sent, filled) */
    size_t sent, filled;
    struct progress progress;
};

static void start(struct coprocess *co, char **command);
static void pass_both_ways(struct coprocess *co);
static void receive_some(struct coprocess *co);
static void send_some(struct coprocess *co);
static void stop_sending(struct coprocess *co);

int pipe_duplex(const struct role *role, int argc, char **argv)
{
    static struct coprocess co;
    const struct option_row options[] = {OPTION_QUIET, {0}};
    failure_status = EXIT_OWN_FAILURE;
    const struct operands operands = parse_arguments(role, argc, argv, options, 1);
    co.input = new_input(operands.words[0]);
    start(&co, operands.command);
    progress_begin(&co.progress, "duplex", -1, true);
    pass_both_ways(&co);
    const int status = reap_child(co.process);
    close_output();
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void start(struct coprocess *co, char **command)
{
    int to[2], from[2];
    if (pipe(to) == -1 || pipe(from) == -1)
        fail("pipe", NULL);
    co->process = start_child();
    if (co->process == 0) {
        or_fail(dup2(to[READ_END], STDIN_FILENO), "dup2", "pipe");
        or_fail(dup2(from[WRITE_END], STDOUT_FILENO), "dup2", "pipe");
        become_command(command); /* closes all but 0, 1 and 2 */
    }
    close(to[READ_END]);
    close(from[WRITE_END]);
    co->to = to[WRITE_END];
    co->from = from[READ_END];
    make_fast(co->to); /* our end is an open file of its own: COMMAND's stays as it was */
    make_fast(co->from);
}

/*
 * Both pipes, and the input, wake us: COMMAND by reading or writing, its death by closing its ends
 * (POLLERR, POLLHUP). What it left running keeps its output open, as in a shell's pipe.
 */
static void pass_both_ways(struct coprocess *co)
{
    uint64_t spin = 0;
    while (co->to != -1 || co->from != -1) {
        const bool has_bytes = co->sent < co->filled;
        struct pollfd watched[] = {{.fd = co->to, .events = (short)(has_bytes ? POLLOUT : 0)},
                                   {.fd = has_bytes ? -1 : co->input.descriptor, .events = POLLIN},
                                   {.fd = co->from, .events = POLLIN}};
        const int ready = poll(watched, 3, keep_spinning(&spin) ? 0 : -1);
        if (ready == -1 && !interrupted())
            fail("poll", NULL);
        end_if_signalled();
        if (ready > 0)
            spin = 0;
        if (ready > 0 && watched[2].revents != 0)
            receive_some(co);
        if (ready > 0 && (watched[0].revents & (POLLERR | POLLHUP)) != 0)
            stop_sending(co);
        else if (ready > 0 && (watched[0].revents | watched[1].revents) != 0)
            send_some(co);
    }
}

static void receive_some(struct coprocess *co)
{
    static char block[BLOCK_SIZE];
    const ssize_t got = read_some(co->from, block, sizeof block);
    if (got == -1 && errno != EAGAIN)
        fail("read", "pipe");
    if (got == 0) {
        close(co->from);
        co->from = -1;
    }
    if (got <= 0)
        return;
    print_bytes(block, (size_t)got);
    progress_add(&co->progress, (size_t)got);
}

/* One read of the input, or one write of what was read. COMMAND need not want it: EPIPE. */
static void send_some(struct coprocess *co)
{
    if (co->sent == co->filled) {
        const ssize_t got = read_some(co->input.descriptor, co->block, sizeof co->block);
        if (got == -1 && errno != EAGAIN)
            fail("read", co->input.label);
        if (got == 0)
            stop_sending(co);
        if (got <= 0)
            return;
        co->sent = 0;
        co->filled = (size_t)got;
    }
    const ssize_t written = write_some(co->to, co->block + co->sent, co->filled - co->sent);
    if (written >= 0)
        co->sent += (size_t)written;
    else if (errno == EPIPE)
        stop_sending(co);
    else if (errno != EAGAIN)
        fail("write", "pipe");
}

static void stop_sending(struct coprocess *co)
{
    close(co->to);
    co->to = -1;
    co->input.descriptor = -1;
}
