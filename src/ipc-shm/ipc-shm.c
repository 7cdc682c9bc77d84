/* SPDX-License-Identifier: MIT
 * ipc-shm: memory that several processes have in common.
 */
#include "shm.h"

int main(int argc, char **argv)
{
    static const struct role roles[] = {
        {"demo", RUN_IT, NULL, "five fills of a segment, written and read in step: narrated",
         shm_demo},
        {"producer", RUN_IT, "[FILE]", "sends FILE through a ring in shared memory", shm_producer},
        {"consumer", RUN_IT, NULL, "writes what comes out of the ring", shm_consumer},
        {"race", UNDERSTAND_IT, NULL, "two processes without an agreement: torn data", shm_race},
        {"order", UNDERSTAND_IT, NULL, "a flag, and the data that it announces", shm_order},
        {"attach", UNDERSTAND_IT, NULL, "what shmget and shmat give, and what not", shm_attach},
        {"copies", UNDERSTAND_IT, NULL, "how often a byte is copied, compared with a pipe",
         shm_copies},
        {"persist", UNDERSTAND_IT, NULL, "a segment outlives its maker", shm_persist},
        {"stat", USE_IT, NULL, "what the kernel knows of a segment, and how full it is", shm_stat},
        {"remove", USE_IT, NULL, "removes a segment that nobody uses", shm_remove},
        {"list", USE_IT, NULL, "the segments in use, by whom, and what is left of the dead",
         shm_list},
        {"bench", MEASURE_IT, NULL, "what a round trip and a stream cost", shm_bench},
        {0},
    };
    static const struct program program = {
        "ipc-shm", "Memory that several processes have in common.", roles, NULL};
    return run_program(&program, argc, argv);
}
