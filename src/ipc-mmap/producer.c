/*
 * ipc-mmap producer [FILE]: reads FILE straight into a ring in a mapped file.
 */
#include "mmap.h"

int mmap_producer(const struct role *role, int argc, char **argv)
{
    static struct mapping mapping;
    static struct ring_transfer flow;
    uint64_t deadline;
    mapping_open(role, argc, argv, PRODUCER, &mapping, &flow, &deadline);
    ring_send(&flow, deadline);
    return EXIT_DONE;
}
