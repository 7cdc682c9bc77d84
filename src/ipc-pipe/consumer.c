/*
 * ipc-pipe producer [FILE] | ipc-pipe consumer: the shell made the pipe, and two siblings use it.
 *
 * Standard output is what came, byte for byte. Any other program may be at the other end.
 */
#include "pipe.h"

#include "ipc/rendezvous/rendezvous.h"

#include "ipc/transfer/platform.h"
#include <fcntl.h>
#include <unistd.h>

static struct rendezvous rendezvous;
static struct stream side = {.object = "standard input", .column = LEFT};

/* For producers that wait: all that was read is written out, or not any more. */
static void note_idle(bool is_idle)
{
    rendezvous_set_state(&rendezvous, is_idle ? STATE_CAUGHT_UP : STATE_JOINED, 0);
    if (side.progress.shows && rendezvous_peers(&rendezvous, PRODUCER).alive > 0)
        side.progress.shows =
            false; /* one of ours, on the same terminal: that shows its progress */
}

int pipe_consumer(const struct role *role, int argc, char **argv)
{
    bool verbose = false;
    const struct option_row options[] = {OPTION_QUIET, OPTION_VERBOSE(&verbose), {0}};
    parse_arguments(role, argc, argv, options, 0);
    const char *name = name_of_pipe(role, STDIN_FILENO, "standard input");
    side.end = STDIN_FILENO;
    side.idle = note_idle;
    if (verbose)
        side.narration = narration_open(STDERR_FILENO, "consumer", NULL, 0);
    narrate(side.narration, LEFT, "standard input is the pipe with inode %s", name);

    rendezvous_sweep("pipe"); /* what was killed at other pipes: their inodes do not come again */
    rendezvous.may_follow = true;
    rendezvous_join(&rendezvous, "pipe", name, CONSUMER, false, UINT64_MAX, NULL);
    rendezvous_enter(&rendezvous);
    const int end = reopen(STDIN_FILENO, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (end != -1) {
        make_fast(end);
        if (dup2(end, STDIN_FILENO) == -1)
            fail("dup2", "standard input");
        close(end);
    }

    progress_begin(&side.progress, "consumer", -1, true);
    stream_receive(&side);
    check_producers(&rendezvous);
    if (!close_written(STDOUT_FILENO))
        fail("close", "standard output");
    rendezvous_set_state(&rendezvous, STATE_ALL_RECEIVED, side.progress.bytes);
    progress_end(&side.progress);
    return EXIT_DONE;
}
