/*
 * ipc-shm consumer: writes to standard output straight out of a ring in shared memory.
 */
#include "shm.h"

int shm_consumer(const struct role *role, int argc, char **argv)
{
    static struct segment segment = {.family = SYSV};
    static struct ring_transfer flow;
    uint64_t deadline;
    segment_open(role, argc, argv, CONSUMER, &segment, &flow, &deadline);
    ring_receive(&flow, deadline);
    return EXIT_DONE;
}
