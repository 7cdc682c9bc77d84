/*
 * ipc-fifo bench: what a round trip over two FIFOs and a stream through one cost.
 */
#include "fifo.h"

#include "ipc/bench/bench.h"
#include "ipc/common/io.h"
#include "ipc/rendezvous/undo_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_END, WRITE_END };

static int fifos[2][2]; /* by direction */

/* A name is needed only until both ends are open. */
static void open_fifo(int ends[2], const struct bench_case *bench)
{
    char name[32], path[PATH_SIZE];
    snprintf(name, sizeof name, "bench-%ld", (long)getpid());
    object_path(path, "fifo", name, "fifo");
    const size_t handle = note_object(A_FILE, path, 0);
    if (mkfifo(path, 0600) == -1)
        fail("mkfifo", path);
    ends[READ_END] = open(path, O_RDONLY | O_NONBLOCK); /* else it would wait for the writer */
    ends[WRITE_END] = open(path, O_WRONLY | O_NONBLOCK);
    remove_object(handle);
    for (int end = READ_END; end <= WRITE_END; end++)
        if (ends[end] == -1 || (bench->wait == WAIT_BLOCK && fcntl(ends[end], F_SETFL, 0) == -1))
            fail("open", path);
}

static void open_fifos(const struct bench_case *bench)
{
    open_fifo(fifos[THERE], bench);
    open_fifo(fifos[BACK], bench);
}

static void close_unused(const struct bench_case *bench, bool is_parent)
{
    (void)bench;
    close(fifos[THERE][is_parent ? READ_END : WRITE_END]);
    close(fifos[BACK][is_parent ? WRITE_END : READ_END]);
}

static void send(const struct bench_case *bench, enum direction direction, const void *message)
{
    for (size_t sent = 0; sent < bench->size;) {
        const ssize_t written =
            write(fifos[direction][WRITE_END], (const char *)message + sent, bench->size - sent);
        if (written > 0)
            sent += (size_t)written;
        else if (errno == EAGAIN)
            bench_spin();
        else if (!interrupted())
            fail("write", "fifo");
    }
}

static const void *receive(const struct bench_case *bench, enum direction direction, void *buffer)
{
    for (size_t filled = 0; filled < bench->size;) {
        const ssize_t got =
            read(fifos[direction][READ_END], (char *)buffer + filled, bench->size - filled);
        if (got > 0)
            filled += (size_t)got;
        else if (got == 0)
            fail_that(EXIT_PEER, "the other process died");
        else if (errno == EAGAIN)
            bench_spin();
        else if (!interrupted())
            fail("read", "fifo");
    }
    return buffer;
}

static void close_fifos(const struct bench_case *bench)
{
    (void)bench;
    close(fifos[THERE][WRITE_END]);
    close(fifos[BACK][READ_END]);
}

int fifo_bench(const struct role *role, int argc, char **argv)
{
    static const struct bench_variant variants[] = {{.name = "fifo",
                                                     .open = open_fifos,
                                                     .enter = close_unused,
                                                     .send = send,
                                                     .receive = receive,
                                                     .close = close_fifos},
                                                    {0}};
    return run_bench(role, argc, argv, "fifo", variants);
}
