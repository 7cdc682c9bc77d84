/*
 * ipc-pipe parent FILE: the parent produces, the child consumes. Without FILE it is the demo.
 *
 * Standard output is FILE, byte for byte, written by the child.
 */
#include "pipe.h"

int pipe_parent(const struct role *role, int argc, char **argv)
{
    double pace = NOT_GIVEN;
    bool verbose = false;
    const struct option_row options[] = {
        OPTION_QUIET, OPTION_VERBOSE(&verbose), OPTION_PACE(&pace), {0}};
    const struct operands operands = parse_arguments(role, argc, argv, options, 1);
    if (operands.count == 0) {
        if (quiet || verbose)
            usage_error(role, "--%s is for a FILE (\"-\": standard input), not for the demo",
                        quiet ? "quiet" : "verbose");
        return tell_of_pipe(pace);
    }
    if (pace != NOT_GIVEN)
        usage_error(role, "--pace is for the narrated demo, not for a FILE");
    return carry(role, operands.words[0], true, verbose);
}
