/* SPDX-License-Identifier: MIT
 * ipc-pipe: a one-way stream of bytes between processes that inherit its two ends.
 */
#include "pipe.h"

int main(int argc, char **argv)
{
    static const struct role roles[] = {
        {"demo", RUN_IT, NULL, "parent and child, a full and an empty pipe: narrated", pipe_demo},
        {"parent", RUN_IT, "[FILE]", "the demo; with FILE, the parent sends it to the child",
         pipe_parent},
        {"child", RUN_IT, "[FILE]", "the other way round: the child sends FILE to the parent",
         pipe_child},
        {"producer", RUN_IT, "[FILE]", "left of |: sends FILE down the pipe that the shell made",
         pipe_producer},
        {"consumer", RUN_IT, NULL, "right of |: writes what comes out of the pipe", pipe_consumer},
        {"stream", UNDERSTAND_IT, NULL, "three writes, one read: there are no message boundaries",
         pipe_stream},
        {"eof", UNDERSTAND_IT, NULL, "the forgotten write end that keeps a reader waiting",
         pipe_eof},
        {"capacity", UNDERSTAND_IT, NULL, "how much fits until a writer must wait", pipe_capacity},
        {"sigpipe", UNDERSTAND_IT, NULL, "writing where nobody reads", pipe_sigpipe},
        {"deadlock", UNDERSTAND_IT, NULL, "one pipe for two directions, and other ways to hang",
         pipe_deadlock},
        {"shell", UNDERSTAND_IT, NULL, "how the shell makes ls | wc -l", pipe_shell},
        {"duplex", USE_IT, "[FILE] -- COMMAND [ARG]...",
         "a co-process: FILE in, its output out, any size", pipe_duplex},
        {"bench", MEASURE_IT, NULL, "what a round trip and a stream cost", pipe_bench},
        {0},
    };
    static const struct program program = {
        "ipc-pipe", "A one-way stream of bytes between related processes.", roles, NULL};
    return run_program(&program, argc, argv);
}
