/*
 * ipc-mmap consumer: writes to standard output straight out of a ring in a mapped file.
 *
 * Usage: ipc-mmap consumer [--name NAME | --path FILE] [--timeout SECONDS] [-q] [-v]
 */
#include "mmap.h"

#include <sys/mman.h>
#include <unistd.h>

int mmap_consumer(const struct role *role, int argc, char **argv)
{
    static struct mapping mapping;
    struct ring_transfer *transfer = &mapping.transfer;
    unsigned char *bytes;

    const int file = mapping_open(role, argc, argv, CONSUMER, &mapping); /* made if we are first */
    void *memory =
        memory_or_fail(mmap(NULL, mapping.size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0),
                       "mmap", mapping.path);
    close(file); /* the mapping stays */
    narrate(mapping.pair.narration, LEFT, "mmap(%zu bytes of a file) = %p", mapping.size, memory);
    begin_ring_transfer(transfer, memory, mapping.size); /* waits for a producer */

    for (size_t size; (size = lend_block(transfer, &bytes)) > 0;) { /* ring_lend() */
        narrate(mapping.pair.narration, LEFT, "write(1, ring, %zu)", size);
        print_bytes(bytes, size);
        ring_pass(&transfer->ring, size);
        progress_add(&mapping.pair.progress, size);
    }
    const int status = end_ring_transfer(transfer);
    munmap(memory, mapping.size);
    return status;
}
