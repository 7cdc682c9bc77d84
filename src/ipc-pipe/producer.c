/*
 * ipc-pipe producer [FILE] | ipc-pipe consumer: the shell made the pipe, and two siblings use it.
 *
 * The two find each other by a rendezvous that is named after the pipe's inode. Any other program
 * may be at the other end; then there is nobody to confirm anything.
 */
#include "pipe.h"

#include "ipc/rendezvous/rendezvous.h"

#include "ipc/transfer/platform.h"
#include <fcntl.h>
#include <unistd.h>

static struct rendezvous rendezvous;

int pipe_producer(const struct role *role, int argc, char **argv)
{
    bool verbose = false;
    const struct option_row options[] = {OPTION_QUIET, OPTION_VERBOSE(&verbose), {0}};
    const struct operands operands = parse_arguments(role, argc, argv, options, 1);
    const char *name = name_of_pipe(role, STDOUT_FILENO, "standard output");
    struct stream side = {.end = STDOUT_FILENO, .object = "standard output", .column = LEFT};
    const char *label;
    const int input = open_input(operands.words[0], &label);
    if (verbose)
        side.narration = narration_open(STDERR_FILENO, "producer", NULL, 0);
    narrate(side.narration, LEFT, "standard output is the pipe with inode %s", name);

    rendezvous_sweep("pipe"); /* what was killed at other pipes: their inodes do not come again */
    rendezvous.may_follow = true;
    rendezvous_join(&rendezvous, "pipe", name, PRODUCER, false, UINT64_MAX, NULL);
    rendezvous_enter(&rendezvous);
    const int end = reopen(STDOUT_FILENO, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (end != -1) {
        make_fast(end);
        if (dup2(end, STDOUT_FILENO) == -1)
            fail("dup2", "standard output");
        close(end);
    }

    progress_begin(&side.progress, "producer", input, true);
    if (!stream_send(&side, input, label))
        end_without_reader(&side, &rendezvous);
    rendezvous_set_state(&rendezvous, STATE_ALL_SENT, side.progress.bytes);
    await_readers(&side, &rendezvous);
    progress_end(&side.progress);
    return EXIT_DONE;
}
