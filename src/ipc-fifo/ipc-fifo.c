/* SPDX-License-Identifier: MIT
 * ipc-fifo: a pipe with a name in the file system.
 */
#include "fifo.h"

int main(int argc, char **argv)
{
    static const struct role roles[] = {
        {"demo", RUN_IT, NULL, "two turns of a chat between two processes: narrated", fifo_demo},
        {"producer", RUN_IT, "[FILE]", "sends FILE into the FIFO", fifo_producer},
        {"consumer", RUN_IT, NULL, "writes what comes out of the FIFO", fifo_consumer},
        {"user1", RUN_IT, NULL, "the first of two who chat from two terminals", fifo_user1},
        {"user2", RUN_IT, NULL, "the second of two who chat from two terminals", fifo_user2},
        {"open", UNDERSTAND_IT, NULL, "why open() sleeps, and what O_NONBLOCK changes", fifo_open},
        {"persist", UNDERSTAND_IT, NULL, "what stays of a FIFO: its name, not its bytes",
         fifo_persist},
        {"writers", UNDERSTAND_IT, NULL, "many writers: up to which size lines do not mix",
         fifo_writers},
        {"list", USE_IT, NULL, "the FIFOs in use, by whom, and what is left of the dead",
         fifo_list},
        {"bench", MEASURE_IT, NULL, "what a round trip and a stream cost", fifo_bench},
        {0},
    };
    static const struct program program = {"ipc-fifo", "A pipe with a name in the file system.",
                                           roles, NULL};
    return run_program(&program, argc, argv);
}
