/* SPDX-License-Identifier: MIT
 * ipc-pipe consumer: writes out what comes through the pipe that the shell made, from a sibling.
 *
 * Usage: ipc-pipe producer [FILE] | ipc-pipe consumer [-q] [-v]
 */
#include "pipe.h"

int pipe_consumer(const struct role *role, int argc, char **argv)
{
    static struct pair pair = {.check = join_siblings};
    const struct option_row options[] = {OPTION_QUIET, OPTION_VERBOSE(&pair.verbose), {0}};
    begin_pair(role, argc, argv, options, CONSUMER, &pair);
    struct stream stream = {
        .pair = &pair, .end = STDIN_FILENO, .object = "standard input", .shares_terminal = true};
    narrate(pair.narration, LEFT, "standard input is the pipe with inode %s", pair.name);

    progress_begin(&pair.progress, "consumer", -1, !pair.verbose);
    stream_receive(&stream);
    if (is_cut_short(&pair))
        fail_that(EXIT_PEER, "the producer ended before it had sent everything");
    return end_consumer(&pair);
}
