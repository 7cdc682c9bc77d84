/* SPDX-License-Identifier: MIT
 * ipc-pipe child: the other way round. The child produces, the parent consumes.
 *
 * Usage: ipc-pipe child [-q] [-v] [FILE]
 */
#include "pipe.h"

int pipe_child(const struct role *role, int argc, char **argv)
{
    bool verbose = false;
    const struct option_row options[] = {OPTION_QUIET, OPTION_VERBOSE(&verbose), {0}};
    const struct operands operands = parse_arguments(role, argc, argv, options, 1);
    return parent_and_child(CONSUMER, operands.words[0], verbose);
}
