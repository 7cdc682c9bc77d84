/*
 * ipc-pipe bench: what a round trip over two pipes and a stream through one cost.
 */
#include "pipe.h"

#include "ipc/bench/bench.h"
#include "ipc/common/cleanup.h"
#include "ipc/common/io.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int pipes[2][2]; /* by direction */

static void open_pipes(const struct bench_case *bench)
{
    for (int i = 0; i < 2; i++) {
        if (pipe(pipes[i]) == -1)
            fail("pipe", NULL);
        for (int end = READ_END; end <= WRITE_END && bench->wait == WAIT_SPIN; end++)
            if (fcntl(pipes[i][end], F_SETFL, O_NONBLOCK) == -1)
                fail("fcntl", "pipe");
    }
}

static void close_unused(const struct bench_case *bench, bool is_parent)
{
    (void)bench;
    close(pipes[THERE][is_parent ? READ_END : WRITE_END]);
    close(pipes[BACK][is_parent ? WRITE_END : READ_END]);
}

static void send(const struct bench_case *bench, enum direction direction, const void *message)
{
    for (size_t sent = 0; sent < bench->size;) {
        const ssize_t written =
            write(pipes[direction][WRITE_END], (const char *)message + sent, bench->size - sent);
        if (written > 0)
            sent += (size_t)written;
        else if (errno == EAGAIN)
            bench_spin();
        else if (!interrupted())
            fail("write", "pipe");
    }
}

static const void *receive(const struct bench_case *bench, enum direction direction, void *buffer)
{
    for (size_t filled = 0; filled < bench->size;) {
        const ssize_t got =
            read(pipes[direction][READ_END], (char *)buffer + filled, bench->size - filled);
        if (got > 0)
            filled += (size_t)got;
        else if (got == 0)
            fail_that(EXIT_PEER, "the other process died");
        else if (errno == EAGAIN)
            bench_spin();
        else if (!interrupted())
            fail("read", "pipe");
    }
    return buffer;
}

static void close_pipes(const struct bench_case *bench)
{
    (void)bench;
    close(pipes[THERE][WRITE_END]);
    close(pipes[BACK][READ_END]);
}

int pipe_bench(const struct role *role, int argc, char **argv)
{
    static const struct bench_variant variants[] = {{.name = "pipe",
                                                     .open = open_pipes,
                                                     .enter = close_unused,
                                                     .send = send,
                                                     .receive = receive,
                                                     .close = close_pipes},
                                                    {0}};
    return run_bench(role, argc, argv, "pipe", variants);
}
