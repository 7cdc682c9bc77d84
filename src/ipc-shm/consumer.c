/*
 * ipc-shm consumer: writes to standard output straight out of a ring in shared memory.
 *
 * Usage: ipc-shm consumer [--name NAME | --key KEY] [--api sysv|posix] [--timeout SECONDS]
 *        [-q] [-v]
 */
#include "shm.h"

#include "ipc/common/io.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

int shm_consumer(const struct role *role, int argc, char **argv)
{
    static struct segment segment = {.pair.family = SYSV};
    struct ring_transfer *transfer = &segment.transfer;
    unsigned char *bytes;

    const int id = segment_open(role, argc, argv, CONSUMER, &segment); /* shmget(), shm_open() */
    const bool sysv = segment.pair.family == SYSV;
    void *memory = sysv ? shmat(id, NULL, 0)
                        : mmap(NULL, segment.size, PROT_READ | PROT_WRITE, MAP_SHARED, id, 0);
    segment_begin(&segment, CONSUMER, memory);                      /* waits for a producer */
    for (size_t size; (size = peek_bytes(transfer, &bytes)) > 0;) { /* ring_lend() */
        narrate(segment.pair.narration, LEFT, "write(1, ring, %zu)", size);
        if (!write_full(STDOUT_FILENO, bytes, size)) {
            if (errno == EFAULT)
                fail_shrunk();
            fail("write", "standard output");
        }
        ring_pass(&transfer->ring, size);
        progress_add(&transfer->progress, size);
    }
    end_receiving(transfer);
    if (sysv)
        shmdt(memory);
    else
        munmap(memory, segment.size);
    return EXIT_DONE;
}
