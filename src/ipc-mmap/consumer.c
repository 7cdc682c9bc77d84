/*
 * ipc-mmap consumer: writes to standard output straight out of a ring in a mapped file.
 */
#include "mmap.h"

int mmap_consumer(const struct role *role, int argc, char **argv)
{
    static struct mapping mapping;
    static struct ring_transfer flow;
    uint64_t deadline;
    mapping_open(role, argc, argv, CONSUMER, &mapping, &flow, &deadline);
    ring_receive(&flow, deadline);
    return EXIT_DONE;
}
