/* SPDX-License-Identifier: MIT
 * ipc-mmap producer: reads FILE straight into a ring in a mapped file.
 *
 * Usage: ipc-mmap producer [--name NAME | --path FILE] [--timeout SECONDS] [-q] [-v] [FILE]
 */
#include "mmap.h"

int mmap_producer(const struct role *role, int argc, char **argv)
{
    static struct mapping mapping;
    struct pair *pair = &mapping.pair;

    const int file = mapping_open(role, argc, argv, PRODUCER, &mapping); /* made if we are first */
    void *memory =
        memory_or_fail(mmap(NULL, mapping.size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0),
                       "mmap", mapping.path);
    close(file); /* the mapping stays */
    narrate(pair->narration, LEFT, "mmap(%zu, PROT_READ|PROT_WRITE, MAP_SHARED) = %p", mapping.size,
            memory);
    /* waits for a consumer */
    begin_ring(&mapping.ring, pair, memory, mapping.size, mapping.path, pair->rendezvous.first);

    for (;;) {
        unsigned char *room;
        const size_t size = lend_block(&mapping.ring, pair, &room); /* sleeps while it is full */
        narrate_call(pair->narration, LEFT, "read(%d, ring, %zu)", pair->input.descriptor, size);
        const ssize_t got = read_input(pair, room, size);
        narrate_return(pair->narration, "no input", "%zd", got);
        if (got == 0)
            break;
        ring_pass(&mapping.ring, (size_t)got);
        progress_add(&pair->progress, (size_t)got);
    }
    const int status = end_ring(&mapping.ring, pair); /* until the consumer has written all of it */
    munmap(memory, mapping.size);
    return status;
}
