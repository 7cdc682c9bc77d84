/* SPDX-License-Identifier: MIT
 * ipc-fifo consumer: writes out what comes through a FIFO, until the last producer has closed it.
 *
 * Usage: ipc-fifo consumer [--name NAME | --path FIFO] [OPTION]...
 */
#include "fifo.h"

#include "ipc/common/clock.h"
#include "ipc/common/io.h"
#include "ipc/transfer/stream.h"

enum { LOOK_EVERY_MS = 100 };

static struct fifo fifo = {.pair.check = fifo_read_mode};

static void await_writer(int end);

int fifo_consumer(const struct role *role, int argc, char **argv)
{
    const struct option_row options[] = {OPTIONS_FIFO(&fifo), {0}};
    begin_pair(role, argc, argv, options, CONSUMER, &fifo.pair);

    fifo_join(&fifo, CONSUMER, false);
    struct stream stream = {.pair = &fifo.pair, .object = fifo.path};
    stream.end = fifo_open_end(fifo.path, O_RDONLY);
    narrate(fifo.pair.narration, LEFT, "open(\"%s\", O_RDONLY|O_NONBLOCK) = %d", fifo.path,
            stream.end);
    progress_begin(&fifo.pair.progress, "consumer", -1, !fifo.pair.verbose);
    narrate_call(fifo.pair.narration, LEFT, "poll(%d, POLLIN)", stream.end);
    await_writer(stream.end);
    rendezvous_tell_peer(&fifo.pair.rendezvous);
    narrate_return(fifo.pair.narration, "no writer yet", "1");
    fifo.pair.progress.began = now();
    stream_receive(&stream);
    return end_consumer(&fifo.pair);
}

/*
 * A non-blocking open() does not wait for a writer. Until one comes read() says end of file, and
 * EAGAIN as soon as there is one. The kernel wakes us for the first bytes, or for the end of a
 * writer that had none (POLLHUP). It does not tell that a writer came, nor that a producer died
 * before it had opened: so we look.
 */
static void await_writer(int end)
{
    char byte;
    while (!wait_ready(end, POLLIN, LOOK_EVERY_MS)) {
        const struct peers producers = rendezvous_peers(&fifo.pair.rendezvous, PRODUCER);
        if (producers.died > 0)
            peer_died(PRODUCER, producers.dead_pid);
        const ssize_t got = read_some(end, &byte, 1);
        if (got == 1) { /* in this moment */
            print_bytes(&byte, 1);
            progress_add(&fifo.pair.progress, 1);
        }
        if (got != 0)
            return;
        if (!is_same_file(end, fifo.path))
            fail_that(EXIT_FAILED, "\"%s\" was removed before a producer came", fifo.path);
        fifo_keep_waiting(&fifo, "producer");
    }
}
