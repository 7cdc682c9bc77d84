/*
 * ipc-fifo producer [FILE]: writes FILE into a FIFO that a consumer, or any program, reads.
 *
 * There may be several; the consumer's end of file comes when the last one has closed.
 */
#include "fifo.h"

#include "ipc/common/clock.h"
#include "ipc/common/io.h"

#include <unistd.h>

/*
 * How many consumers died or left before they had everything. While we hold the FIFO open another
 * one could go on in a dead one's place, and what that had read is lost: we see no end of it if we
 * were stopped meanwhile.
 */
static int unfinished_consumers(const struct rendezvous *rendezvous)
{
    const struct peers consumers = rendezvous_peers(rendezvous, CONSUMER);
    const int unfinished = consumers.left - consumers.all_received;
    return consumers.died + (unfinished > 0 ? unfinished : 0);
}

int fifo_producer(const struct role *role, int argc, char **argv)
{
    static struct fifo fifo;
    double timeout = NOT_GIVEN;
    bool verbose = false;
    const struct option_row options[] = {OPTION_NAME(&fifo.name),
                                         OPTION_PATH(&fifo.given_path),
                                         OPTION_MODE(&fifo.mode_text),
                                         OPTION_TIMEOUT(&timeout),
                                         OPTION_QUIET,
                                         OPTION_VERBOSE(&verbose),
                                         {0}};
    const struct operands operands = parse_arguments(role, argc, argv, options, 1);
    fifo_locate(role, &fifo);
    const char *label;
    const int input = open_input(operands.words[0], &label);
    const uint64_t wait = nanoseconds_of(timeout);
    const uint64_t deadline = wait == UINT64_MAX ? UINT64_MAX : now() + wait;
    struct stream side = {.object = fifo.path, .column = LEFT};
    if (verbose)
        side.narration = narration_open(STDERR_FILENO, "producer", NULL, 0);

    fifo_join(&fifo, PRODUCER, false, deadline);
    side.end = fifo_open_write(fifo.path, deadline);
    narrate(side.narration, LEFT, "open(\"%s\", O_WRONLY) = %d", fifo.path, side.end);
    const int unfinished = unfinished_consumers(&fifo.rendezvous);
    progress_begin(&side.progress, "producer", input, true);
    if (!stream_send(&side, input, label))
        end_without_reader(&side, &fifo.rendezvous);
    if (unfinished_consumers(&fifo.rendezvous) > unfinished)
        fail_that(EXIT_PEER, "a consumer ended before it had taken everything");
    rendezvous_set_state(&fifo.rendezvous, STATE_ALL_SENT, side.progress.bytes);
    await_readers(&side, &fifo.rendezvous);
    progress_end(&side.progress);
    return EXIT_DONE;
}
