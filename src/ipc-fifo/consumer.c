/*
 * ipc-fifo consumer: writes to standard output what comes through a FIFO, until the last producer
 * has closed it.
 */
#include "fifo.h"

#include "ipc/common/clock.h"
#include "ipc/common/io.h"

#include <poll.h>
#include <unistd.h>

static struct fifo fifo;

/* For producers that wait: all that was read is written out, or not any more. */
static void note_idle(bool is_idle)
{
    rendezvous_set_state(&fifo.rendezvous, is_idle ? STATE_CAUGHT_UP : STATE_JOINED, 0);
}

/*
 * A non-blocking open does not wait for a writer, and read() says end of file at once while there
 * is none, EAGAIN as soon as there is one. The kernel wakes us for the first bytes, or the end of a
 * writer that had none (POLLHUP); that one came, or that a producer died before it had opened,
 * nobody tells: so we look.
 */
static void await_writer(struct stream *side, uint64_t deadline)
{
    char byte;
    const uint64_t began = now();
    for (bool told = false; !wait_ready(side->end, POLLIN, 100);) {
        const struct peers producers = rendezvous_peers(&fifo.rendezvous, PRODUCER);
        if (producers.died > 0)
            peer_died(PRODUCER, producers.dead_pid);
        const ssize_t got = read_some(side->end, &byte, 1);
        if (got == 1) { /* in this moment */
            if (!write_full(STDOUT_FILENO, &byte, 1))
                fail("write", "standard output");
            progress_add(&side->progress, 1);
        }
        if (got != 0)
            return;
        if (!fifo_is_there(fifo.path, side->end))
            fail_that(EXIT_FAILED, "\"%s\" was removed before a producer came", fifo.path);
        if (now() >= deadline)
            fail_that(EXIT_PEER, "no producer came to \"%s\" in time", fifo.path);
        if (!told && now() - began > SECOND / 5) {
            say("waiting for a producer");
            told = true;
        }
    }
}

int fifo_consumer(const struct role *role, int argc, char **argv)
{
    double timeout = NOT_GIVEN;
    bool verbose = false;
    const struct option_row options[] = {OPTION_NAME(&fifo.name),
                                         OPTION_PATH(&fifo.given_path),
                                         OPTION_MODE(&fifo.mode_text),
                                         OPTION_TIMEOUT(&timeout),
                                         OPTION_QUIET,
                                         OPTION_VERBOSE(&verbose),
                                         {0}};
    parse_arguments(role, argc, argv, options, 0);
    fifo_locate(role, &fifo);
    const uint64_t wait = nanoseconds_of(timeout);
    const uint64_t deadline = wait == UINT64_MAX ? UINT64_MAX : now() + wait;
    struct stream side = {.object = fifo.path, .column = LEFT, .idle = note_idle};
    if (verbose)
        side.narration = narration_open(STDERR_FILENO, "consumer", NULL, 0);

    fifo_join(&fifo, CONSUMER, true, deadline);
    side.end = fifo_open_read(fifo.path);
    narrate(side.narration, LEFT, "open(\"%s\", O_RDONLY) = %d", fifo.path, side.end);
    progress_begin(&side.progress, "consumer", -1, true);
    await_writer(&side, deadline);
    side.progress.began = now();
    stream_receive(&side);
    check_producers(&fifo.rendezvous);
    if (!close_written(STDOUT_FILENO))
        fail("close", "standard output");
    rendezvous_set_state(&fifo.rendezvous, STATE_ALL_RECEIVED, side.progress.bytes);
    progress_end(&side.progress);
    return EXIT_DONE;
}
