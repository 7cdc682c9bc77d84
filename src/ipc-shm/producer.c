/*
 * ipc-shm producer [FILE]: reads FILE straight into a ring in shared memory.
 *
 * read() fills the very memory that the consumer writes out: no copy between the two processes, and
 * no system call but for sleeping.
 */
#include "shm.h"

int shm_producer(const struct role *role, int argc, char **argv)
{
    static struct segment segment = {.family = SYSV};
    static struct ring_transfer flow;
    uint64_t deadline;
    segment_open(role, argc, argv, PRODUCER, &segment, &flow, &deadline);
    ring_send(&flow, deadline);
    return EXIT_DONE;
}
