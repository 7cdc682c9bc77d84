/*
 * ipc-pipe producer: sends FILE down the pipe that the shell made, to a sibling.
 *
 * Usage: ipc-pipe producer [-q] [-v] [FILE] | ipc-pipe consumer
 *
 * The two find each other by a rendezvous that is named after the pipe's inode. Any other program
 * may be at the other end; then there is nobody to confirm anything.
 */
#include "pipe.h"

#include "ipc/transfer/pair_options.h"

#include <unistd.h>

static struct rendezvous rendezvous;

int pipe_producer(const struct role *role, int argc, char **argv)
{
    struct pair_options pair = {.check = name_pipe};
    const struct option_row options[] = {OPTION_QUIET, OPTION_VERBOSE(&pair.verbose), {0}};
    begin_pair(role, argc, argv, options, PRODUCER, &pair);
    struct stream side = {
        .end = STDOUT_FILENO, .object = "standard output", .narration = pair.narration};
    narrate(side.narration, LEFT, "standard output is the pipe with inode %s", pair.name);
    join_siblings(&rendezvous, pair.name, PRODUCER);

    progress_begin(&side.progress, "producer", pair.input.descriptor, true);
    if (!stream_send(&side, &pair.input))
        end_without_reader(&side, &rendezvous);
    rendezvous_set_state(&rendezvous, STATE_DONE);
    await_readers(&side, &rendezvous);
    progress_end(&side.progress);
    return EXIT_DONE;
}
