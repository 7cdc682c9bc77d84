/*
 * ipc-pipe child FILE: the other way round. The child produces, the parent consumes.
 *
 * Standard output is FILE, byte for byte, written by the parent.
 */
#include "pipe.h"

#include "ipc/common/children.h"

static int receive_from_child(const char *file, bool verbose)
{
    struct channel channel;
    struct stream side;
    const pid_t child = fork_with_channel(&channel, &side, verbose);
    if (child == 0) {
        if (!produce(&channel, &side, file)) /* nobody reads, or "all received" did not come */
            fail_that(EXIT_PEER, "the consumer (pid %ld) died", (long)original_parent());
        return EXIT_DONE;
    }
    const bool whole = consume(&channel, &side);
    return conclude(child, "producer", whole, &side);
}

int pipe_child(const struct role *role, int argc, char **argv)
{
    bool verbose = false;
    const struct option_row options[] = {OPTION_QUIET, OPTION_VERBOSE(&verbose), {0}};
    const struct operands operands = parse_arguments(role, argc, argv, options, 1);
    return receive_from_child(operands.words[0], verbose);
}
