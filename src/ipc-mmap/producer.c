/*
 * ipc-mmap producer: reads FILE straight into a ring in a mapped file.
 *
 * Usage: ipc-mmap producer [--name NAME | --path FILE] [--timeout SECONDS] [-q] [-v] [FILE]
 */
#include "mmap.h"

#include <sys/mman.h>
#include <unistd.h>

int mmap_producer(const struct role *role, int argc, char **argv)
{
    static struct mapping mapping;
    struct ring_transfer *transfer = &mapping.transfer;

    const int file = mapping_open(role, argc, argv, PRODUCER, &mapping); /* made if we are first */
    void *memory =
        memory_or_fail(mmap(NULL, mapping.size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0),
                       "mmap", mapping.path);
    close(file); /* the mapping stays */
    narrate(mapping.pair.narration, LEFT, "mmap(%zu bytes of a file) = %p", mapping.size, memory);
    begin_ring_transfer(transfer, memory, mapping.size); /* waits for a consumer */

    for (;;) {
        unsigned char *room;
        const size_t size = lend_block(transfer, &room); /* ring_lend(); sleeps while it is full */
        const ssize_t got = read_input(&mapping.pair, room, size);
        if (got == 0)
            break;
        narrate(mapping.pair.narration, LEFT, "read(%d, ring, %zu) = %zd",
                mapping.pair.input.descriptor, size, got);
        ring_pass(&transfer->ring, (size_t)got);
        progress_add(&mapping.pair.progress, (size_t)got);
    }
    const int status = end_ring_transfer(transfer); /* until the consumer has written all of it */
    munmap(memory, mapping.size);
    return status;
}
