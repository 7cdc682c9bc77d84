/*
 * ipc-mmap producer [FILE]: reads FILE straight into a ring in a mapped file.
 */
#include "mmap.h"

int mmap_producer(const struct role *role, int argc, char **argv)
{
    static struct mapping mapping;
    static struct flow flow;
    uint64_t deadline;
    mapping_open(role, argc, argv, PRODUCER, &mapping, &flow, &deadline);
    flow_in(&flow, deadline);
    return EXIT_DONE;
}
