/* SPDX-License-Identifier: MIT
 * ipc-pipe producer: sends FILE down the pipe that the shell made, to a sibling.
 *
 * Usage: ipc-pipe producer [-q] [-v] [FILE] | ipc-pipe consumer
 *
 * The rendezvous of the pipe is joined before FILE is opened, so that a consumer knows if that
 * fails. Any other program may be at the other end; then there is nobody to confirm anything.
 */
#include "pipe.h"

int pipe_producer(const struct role *role, int argc, char **argv)
{
    static struct pair pair = {.check = join_siblings};
    const struct option_row options[] = {OPTION_QUIET, OPTION_VERBOSE(&pair.verbose), {0}};
    begin_pair(role, argc, argv, options, PRODUCER, &pair);
    struct stream stream = {.pair = &pair, .end = STDOUT_FILENO, .object = "standard output"};
    narrate(pair.narration, LEFT, "standard output is the pipe with inode %s", pair.name);

    progress_begin(&pair.progress, "producer", pair.input.descriptor, !pair.verbose);
    if (!stream_send(&stream))
        end_without_reader(&stream);
    note_all_sent(&pair);
    return end_stream_producer(&stream);
}
