/* SPDX-License-Identifier: MIT
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
    struct pair *pair = &segment.pair;
    unsigned char *bytes;

    const int id = segment_open(role, argc, argv, CONSUMER, &segment); /* shmget(), shm_open() */
    const bool sysv = pair->family == SYSV;
    void *memory = sysv ? shmat(id, NULL, 0)
                        : mmap(NULL, segment.size, PROT_READ | PROT_WRITE, MAP_SHARED, id, 0);
    segment_begin(&segment, memory); /* waits for a producer */
    for (size_t size; (size = lend_block(&segment.ring, pair, &bytes)) > 0;) {
        narrate_call(pair->narration, LEFT, "write(1, ring, %zu)", size);
        print_bytes(bytes, size);
        narrate_return(pair->narration, "nobody read it", "%zu", size);
        ring_pass(&segment.ring, size);
        progress_add(&pair->progress, size);
    }
    const int status = end_ring(&segment.ring, pair);
    if (sysv)
        shmdt(memory);
    else
        munmap(memory, segment.size);
    return status;
}
