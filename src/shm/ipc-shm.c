/*
 * ipc-shm: memory that several processes have in common.
 */
#include "shm.h"

int main(int argc, char **argv)
{
    static const struct role roles[] = {
        {"producer", RUN_IT, "[FILE]", "sends FILE through a ring in shared memory", shm_producer},
        {"consumer", RUN_IT, NULL, "writes what comes out of the ring", shm_consumer},
        {0},
    };
    return run_program("ipc-shm", "Memory that several processes have in common.", roles, argc,
                       argv);
}
