/* SPDX-License-Identifier: MIT
 * ipc-mmap consumer: writes to standard output straight out of a ring in a mapped file.
 *
 * Usage: ipc-mmap consumer [--name NAME | --path FILE] [--timeout SECONDS] [-q] [-v]
 */
#include "mmap.h"

int mmap_consumer(const struct role *role, int argc, char **argv)
{
    static struct mapping mapping;
    struct pair *pair = &mapping.pair;
    unsigned char *bytes;

    const int file = mapping_open(role, argc, argv, CONSUMER, &mapping); /* made if we are first */
    void *memory =
        memory_or_fail(mmap(NULL, mapping.size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0),
                       "mmap", mapping.path);
    close(file); /* the mapping stays */
    narrate(pair->narration, LEFT, "mmap(%zu, PROT_READ|PROT_WRITE, MAP_SHARED) = %p", mapping.size,
            memory);
    /* waits for a producer */
    begin_ring(&mapping.ring, pair, memory, mapping.size, mapping.path, pair->rendezvous.first);

    for (size_t size; (size = lend_block(&mapping.ring, pair, &bytes)) > 0;) {
        narrate_call(pair->narration, LEFT, "write(1, ring, %zu)", size);
        print_bytes(bytes, size);
        narrate_return(pair->narration, "its reader was slow", "%zu", size);
        ring_pass(&mapping.ring, size);
        progress_add(&pair->progress, size);
    }
    const int status = end_ring(&mapping.ring, pair);
    munmap(memory, mapping.size);
    return status;
}
