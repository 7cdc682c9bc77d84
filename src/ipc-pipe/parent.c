/* SPDX-License-Identifier: MIT
 * ipc-pipe parent: the parent produces, the child consumes. Without FILE it is the demo.
 *
 * Usage: ipc-pipe parent [--pace SECONDS | --step]
 *        ipc-pipe parent [-q] [-v] FILE
 */
#include "pipe.h"

#include "ipc/narration/lesson.h"

int pipe_parent(const struct role *role, int argc, char **argv)
{
    struct pacing pacing = NO_PACING;
    bool verbose = false;
    const struct option_row options[] = {
        OPTION_QUIET, OPTION_VERBOSE(&verbose), OPTIONS_PACING(&pacing), {0}};
    const struct operands operands = parse_arguments(role, argc, argv, options, 1);
    if (operands.count == 0) {
        if (quiet || verbose)
            usage_error(role, "--%s is for a FILE (\"-\": standard input), not for the demo",
                        quiet ? "quiet" : "verbose");
        return narrate_pipe(open_lesson(role, &pacing, NULL, "parent", "child"));
    }
    if (is_paced(&pacing))
        usage_error(role, "--pace and --step are for the narrated demo, not for a FILE");
    return parent_and_child(PRODUCER, operands.words[0], verbose);
}
