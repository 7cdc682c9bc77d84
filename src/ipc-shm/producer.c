/*
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
    const struct input *input = &segment.pair.input;
    struct ring_transfer *transfer = &segment.transfer;

    const int id = segment_open(role, argc, argv, PRODUCER, &segment); /* shmget(), shm_open() */
    const bool sysv = segment.pair.family == SYSV;
    void *memory = sysv ? shmat(id, NULL, 0)
                        : mmap(NULL, segment.size, PROT_READ | PROT_WRITE, MAP_SHARED, id, 0);
    segment_begin(&segment, PRODUCER, memory); /* waits for a consumer */
    for (;;) {
        unsigned char *room;
        const size_t size = lend_room(transfer, &room); /* ring_lend(); sleeps while it is full */
        const ssize_t got = read_input(input, room, size, watch_consumer, transfer);
        if (got == -1)
            fail_shrunk();
        if (got == 0)
            break;
        narrate(segment.pair.narration, LEFT, "read(%d, ring, %zu) = %zd", input->descriptor, size,
                got);
        ring_pass(&transfer->ring, (size_t)got);
        progress_add(&transfer->progress, (size_t)got);
    }
    end_sending(transfer); /* waits until the consumer has written out everything */
    if (sysv)
        shmdt(memory);
    else
        munmap(memory, segment.size);
    return EXIT_DONE;
}
