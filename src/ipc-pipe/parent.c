/*
 * ipc-pipe parent FILE: the parent produces, the child consumes. Without FILE it is the demo.
 *
 * Standard output is FILE, byte for byte, written by the child.
 */
#include "pipe.h"

#include "ipc/common/children.h"

#include <unistd.h>

static int send_to_child(const char *file, bool verbose)
{
    struct channel channel;
    struct stream side;
    const pid_t child = fork_with_channel(&channel, &side, verbose);
    if (child == 0) {
        if (!consume(&channel, &side)) /* an end of file, but "all sent" did not come before it */
            fail_that(EXIT_PEER, "the producer (pid %ld) died", (long)original_parent());
        return EXIT_DONE;
    }
    const bool received = produce(&channel, &side, file);
    return conclude(child, "consumer", received, &side);
}

int pipe_parent(const struct role *role, int argc, char **argv)
{
    double pace = NOT_GIVEN;
    bool verbose = false;
    const struct option_row options[] = {
        OPTION_QUIET, OPTION_VERBOSE(&verbose), pace_option(&pace), {0}};
    const struct operands operands = parse_arguments(role, argc, argv, options, 1);
    if (operands.count == 0) {
        if (quiet || verbose)
            usage_error(role, "--%s is for a FILE (\"-\": standard input), not for the demo",
                        quiet ? "quiet" : "verbose");
        return narrate_pipe(narration_open(STDOUT_FILENO, "parent", "child", pace));
    }
    if (pace != NOT_GIVEN)
        usage_error(role, "--pace is for the narrated demo, not for a FILE");
    return send_to_child(operands.words[0], verbose);
}
