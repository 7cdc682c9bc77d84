/*
 * ipc-shm consumer: writes to standard output straight out of a ring in shared memory.
 *
 * Usage: ipc-shm consumer [--name NAME | --key KEY] [--api sysv|posix] [--timeout SECONDS]
 *        [-q] [-v]
 */
#include "shm.h"

#include <sys/mman.h>
#include <sys/shm.h>

int shm_consumer(const struct role *role, int argc, char **argv)
{
    static struct segment segment = {.pair.family = SYSV};
    struct ring_transfer *transfer = &segment.transfer;
    unsigned char *bytes;

    const int id = segment_open(role, argc, argv, CONSUMER, &segment); /* shmget(), shm_open() */
    const bool sysv = segment.pair.family == SYSV;
    void *memory = sysv ? shmat(id, NULL, 0)
                        : mmap(NULL, segment.size, PROT_READ | PROT_WRITE, MAP_SHARED, id, 0);
    segment_begin(&segment, memory);                                /* waits for a producer */
    for (size_t size; (size = lend_block(transfer, &bytes)) > 0;) { /* ring_lend() */
        narrate(segment.pair.narration, LEFT, "write(1, ring, %zu)", size);
        print_bytes(bytes, size);
        ring_pass(&transfer->ring, size);
        progress_add(&segment.pair.progress, size);
    }
    const int status = end_ring_transfer(transfer);
    if (sysv)
        shmdt(memory);
    else
        munmap(memory, segment.size);
    return status;
}
