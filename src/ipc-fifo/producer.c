/* SPDX-License-Identifier: MIT
 * ipc-fifo producer: writes FILE into a FIFO that a consumer, or any program, reads.
 *
 * Usage: ipc-fifo producer [--name NAME | --path FIFO] [OPTION]... [FILE]
 *
 * There may be several producers; the consumer's end of file comes when the last one has closed.
 */
#include "fifo.h"

#include "ipc/common/clock.h"
#include "ipc/transfer/stream.h"

int fifo_producer(const struct role *role, int argc, char **argv)
{
    static struct fifo fifo = {.pair.check = fifo_read_mode};
    const struct option_row options[] = {OPTIONS_FIFO(&fifo), {0}};
    begin_pair(role, argc, argv, options, PRODUCER, &fifo.pair);
    struct pair *pair = &fifo.pair;

    fifo_join(&fifo, PRODUCER, false);
    struct stream stream = {.pair = pair, .object = fifo.path};
    /* an open() that sleeps would not end when the time is over: so we try again and again */
    for (uint64_t pause = 100 * MICROSECOND;
         (stream.end = fifo_open_end(fifo.path, O_WRONLY)) == -1;) {
        if (pause == 100 * MICROSECOND)
            narrate(pair->narration, LEFT,
                    "open(\"%s\", O_WRONLY|O_NONBLOCK) = -1  ENXIO: no reader", fifo.path);
        fifo_keep_waiting(&fifo, "consumer");
        sleep_for(pause);
        pause = pause < 20 * MILLISECOND ? 2 * pause : pause;
    }
    narrate(pair->narration, LEFT, "open(\"%s\", O_WRONLY|O_NONBLOCK) = %d", fifo.path, stream.end);
    rendezvous_tell_peer(&pair->rendezvous);
    progress_begin(&pair->progress, "producer", pair->input.descriptor, !pair->verbose);
    if (!stream_send(&stream))
        end_without_reader(&stream);
    /* another may have gone on in the place of a dead one, without EPIPE if we were stopped then */
    const struct peers consumers = rendezvous_peers(&pair->rendezvous, CONSUMER);
    if (consumers.died > 0 || consumers.done < consumers.left)
        fail_that(EXIT_PEER, "a consumer ended before it had taken everything");
    return end_stream_producer(&stream);
}
