/*
 * ipc-pipe: a one-way stream of bytes between processes that inherit its two ends.
 */
#include "pipe.h"

int main(int argc, char **argv)
{
    static const struct role roles[] = {
        {"parent", RUN_IT, "[FILE]",
         "the parent produces, the child consumes; without FILE, the demo", pipe_parent},
        {"demo", RUN_IT, NULL, "the same as parent without FILE: both sides, narrated", pipe_demo},
        {"bench", MEASURE_IT, NULL, "what a round trip and a stream cost", pipe_bench},
        {0},
    };
    return run_program("ipc-pipe", "A one-way stream of bytes between related processes.", roles,
                       argc, argv);
}
