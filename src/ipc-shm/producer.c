/* SPDX-License-Identifier: MIT
 * ipc-shm producer: reads FILE straight into a ring in shared memory.
 *
 * Usage: ipc-shm producer [--name NAME | --key KEY] [--api sysv|posix] [--timeout SECONDS]
 *        [-q] [-v] [FILE]
 *
 * read() fills the very memory that the consumer writes out: nothing is copied between the two
 * processes, and only sleeping and waking take a system call.
 */
#include "shm.h"

#include <sys/mman.h>
#include <sys/shm.h>

int shm_producer(const struct role *role, int argc, char **argv)
{
    static struct segment segment = {.pair.family = SYSV};
    struct pair *pair = &segment.pair;

    const int id = segment_open(role, argc, argv, PRODUCER, &segment); /* shmget(), shm_open() */
    const bool sysv = pair->family == SYSV;
    void *memory = sysv ? shmat(id, NULL, 0)
                        : mmap(NULL, segment.size, PROT_READ | PROT_WRITE, MAP_SHARED, id, 0);
    segment_begin(&segment, memory); /* waits for a consumer */
    for (;;) {
        unsigned char *room;
        const size_t size = lend_block(&segment.ring, pair, &room); /* sleeps while it is full */
        narrate_call(pair->narration, LEFT, "read(%d, ring, %zu)", pair->input.descriptor, size);
        const ssize_t got = read_input(pair, room, size);
        narrate_return(pair->narration, "nothing to read yet", "%zd", got);
        if (got == 0)
            break;
        ring_pass(&segment.ring, (size_t)got);
        progress_add(&pair->progress, (size_t)got);
    }
    const int status = end_ring(&segment.ring, pair); /* until the consumer has written all of it */
    if (sysv)
        shmdt(memory);
    else
        munmap(memory, segment.size);
    return status;
}
