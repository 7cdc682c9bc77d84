/*
 * ipc-pipe consumer: writes out what comes through the pipe that the shell made, from a sibling.
 *
 * Usage: ipc-pipe producer [FILE] | ipc-pipe consumer [-q] [-v]
 *
 * Standard output is what came, byte for byte. Any other program may be at the other end.
 */
#include "pipe.h"

#include "ipc/common/io.h"
#include "ipc/transfer/pair_options.h"

#include <unistd.h>

static struct rendezvous rendezvous;
static struct stream side = {.end = STDIN_FILENO, .object = "standard input"};

static void note_idle(bool is_idle);

int pipe_consumer(const struct role *role, int argc, char **argv)
{
    struct pair_options pair = {.check = name_pipe};
    const struct option_row options[] = {OPTION_QUIET, OPTION_VERBOSE(&pair.verbose), {0}};
    begin_pair(role, argc, argv, options, CONSUMER, &pair);
    side.narration = pair.narration;
    side.idle = note_idle;
    narrate(side.narration, LEFT, "standard input is the pipe with inode %s", pair.name);
    join_siblings(&rendezvous, pair.name, CONSUMER);

    progress_begin(&side.progress, "consumer", -1, true);
    stream_receive(&side);
    check_producers(&rendezvous);
    if (!close_written(STDOUT_FILENO))
        fail("close", "standard output");
    rendezvous_set_state(&rendezvous, STATE_DONE);
    progress_end(&side.progress);
    return EXIT_DONE;
}

/* For producers that wait: all that was read is written out, or not any more. */
static void note_idle(bool is_idle)
{
    rendezvous_set_state(&rendezvous, is_idle ? STATE_CAUGHT_UP : STATE_JOINED);
    if (side.progress.shows && rendezvous_peers(&rendezvous, PRODUCER).alive > 0)
        side.progress.shows = false; /* a producer of ours on the same terminal shows its own */
}
