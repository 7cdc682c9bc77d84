/*
 * ipc-fifo consumer: writes to standard output what comes through a FIFO, until the last producer
 * has closed it.
 *
 * Usage: ipc-fifo consumer [--name NAME | --path FIFO] [OPTION]...
 */
#include "fifo.h"

#include "ipc/common/clock.h"
#include "ipc/common/io.h"
#include "ipc/rendezvous/private_files.h"
#include "ipc/transfer/stream.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

enum { LOOK_EVERY_MS = 100 };

static struct fifo fifo = {.options.check = fifo_read_mode};

static void await_writer(struct stream *stream);
static void note_idle(bool is_idle);

int fifo_consumer(const struct role *role, int argc, char **argv)
{
    const struct option_row options[] = {OPTIONS_FIFO(&fifo), {0}};
    begin_pair(role, argc, argv, options, CONSUMER, &fifo.options);

    fifo_join(&fifo, CONSUMER, false);
    struct stream stream = {
        .object = fifo.path, .narration = fifo.options.narration, .idle = note_idle};
    stream.end = fifo_open_end(fifo.path, O_RDONLY);
    narrate(stream.narration, LEFT, "open(\"%s\", O_RDONLY) = %d", fifo.path, stream.end);
    progress_begin(&stream.progress, "consumer", -1, true);
    await_writer(&stream);
    stream.progress.began = now();
    stream_receive(&stream);
    check_producers(&fifo.rendezvous);
    if (!close_written(STDOUT_FILENO))
        fail("close", "standard output");
    rendezvous_set_state(&fifo.rendezvous, STATE_DONE);
    progress_end(&stream.progress);
    return EXIT_DONE;
}

/*
 * A non-blocking open() does not wait for a writer. Until one comes read() says end of file, and
 * EAGAIN as soon as there is one. The kernel wakes us for the first bytes, or for the end of a
 * writer that had none (POLLHUP). It does not tell that a writer came, nor that a producer died
 * before it had opened: so we look.
 */
static void await_writer(struct stream *stream)
{
    char byte;
    while (!wait_ready(stream->end, POLLIN, LOOK_EVERY_MS)) {
        const struct peers producers = rendezvous_peers(&fifo.rendezvous, PRODUCER);
        if (producers.died > 0)
            peer_died(PRODUCER, producers.dead_pid);
        const ssize_t got = read_some(stream->end, &byte, 1);
        if (got == 1) { /* in this moment */
            if (!write_full(STDOUT_FILENO, &byte, 1))
                fail("write", "standard output");
            progress_add(&stream->progress, 1);
        }
        if (got != 0)
            return;
        if (!is_same_file(stream->end, fifo.path))
            fail_that(EXIT_FAILED, "\"%s\" was removed before a producer came", fifo.path);
        fifo_keep_waiting(&fifo, "producer");
    }
}

/* Tells producers that wait whether all that was read is written out. */
static void note_idle(bool is_idle)
{
    rendezvous_set_state(&fifo.rendezvous, is_idle ? STATE_CAUGHT_UP : STATE_JOINED);
}
