/*
 * ipc-fifo producer: writes FILE into a FIFO that a consumer, or any program, reads.
 *
 * Usage: ipc-fifo producer [--name NAME | --path FIFO] [OPTION]... [FILE]
 *
 * There may be several producers; the consumer's end of file comes when the last one has closed.
 */
#include "fifo.h"

#include "ipc/common/clock.h"
#include "ipc/transfer/stream.h"

static int open_write_end(const struct fifo *fifo);
static int unfinished_consumers(const struct rendezvous *rendezvous);

int fifo_producer(const struct role *role, int argc, char **argv)
{
    static struct fifo fifo = {.options.check = fifo_check_mode};
    const struct option_row options[] = {OPTIONS_FIFO(&fifo), {0}};
    begin_pair(role, argc, argv, options, PRODUCER, &fifo.options);
    fifo_locate(role, &fifo, "", NULL);
    const struct input *input = &fifo.options.input;
    struct stream stream = {
        .object = fifo.path, .column = LEFT, .narration = fifo.options.narration};

    fifo_join(&fifo, PRODUCER, false);
    stream.end = open_write_end(&fifo);
    narrate(stream.narration, LEFT, "open(\"%s\", O_WRONLY) = %d", fifo.path, stream.end);
    const int unfinished = unfinished_consumers(&fifo.rendezvous);
    progress_begin(&stream.progress, "producer", input->descriptor, true);
    if (!stream_send(&stream, input->descriptor, input->label))
        end_without_reader(&stream, &fifo.rendezvous);
    if (unfinished_consumers(&fifo.rendezvous) > unfinished)
        fail_that(EXIT_PEER, "a consumer ended before it had taken everything");
    rendezvous_set_state(&fifo.rendezvous, STATE_ALL_SENT, stream.progress.bytes);
    await_readers(&stream, &fifo.rendezvous);
    progress_end(&stream.progress);
    return EXIT_DONE;
}

/* An open() that sleeps would not end when the time is over: so we try again and again. */
static int open_write_end(const struct fifo *fifo)
{
    int end;
    struct wait wait = {fifo->path, "consumer", .began = now(), .deadline = fifo->options.deadline};
    for (uint64_t pause = 100 * MICROSECOND; (end = fifo_try_write(fifo->path)) == -1;) {
        fifo_keep_waiting(&wait);
        sleep_for(pause);
        pause = pause < 20 * MILLISECOND ? 2 * pause : pause;
    }
    return end;
}

/*
 * How many consumers died or left before they had everything. While we hold the FIFO open, another
 * consumer can go on in the place of a dead one, and what the dead one had read is lost. If we were
 * stopped meanwhile, no EPIPE tells us so.
 */
static int unfinished_consumers(const struct rendezvous *rendezvous)
{
    const struct peers consumers = rendezvous_peers(rendezvous, CONSUMER);
    const int unfinished = consumers.left - consumers.all_received;
    return consumers.died + (unfinished > 0 ? unfinished : 0);
}
