/*
 * A file through a ring that two separate programs share: what the loops of both sides call.
 */
#ifndef IPC_TRANSFER_RING_TRANSFER_H
#define IPC_TRANSFER_RING_TRANSFER_H

#include "ipc/transfer/pair_options.h"
#include "ipc/transfer/progress.h"
#include "ipc/transfer/ring.h"

struct ring_transfer {
    const struct pair_options *pair;
    struct rendezvous *rendezvous; /* joined, but not entered */
    const char *object;            /* what messages call the memory */
    bool makes_ring;               /* we are first: the memory is new, and zeroed */
    struct ring ring;
    struct progress progress;
};

/*
 * From here on, touching what this mapping's file has lost (SIGBUS: mmap(3p)) ends the process as
 * fail_shrunk() does, exit 1; that is for EFAULT from a system call. For one mapping at a time.
 */
void guard_mapping(const void *memory, size_t size, const char *object);
_Noreturn void fail_shrunk(void);

/* Guards the memory, takes part in its ring, and waits for the peer until the deadline: exit 3. */
void begin_ring_transfer(struct ring_transfer *transfer, enum member_role member, void *memory,
                         size_t size);

/* ring_lend(), as soon as there is room, or bytes. 0 bytes: the end. */
size_t lend_room(struct ring_transfer *transfer, unsigned char **room);
size_t peek_bytes(struct ring_transfer *transfer, unsigned char **bytes);

/* For read_input(): ends the process if the consumer has died. */
void watch_consumer(const void *transfer);

/* Tells the peer of the end. The producer waits until everything is written out. */
void end_sending(struct ring_transfer *transfer);
void end_receiving(struct ring_transfer *transfer);

#endif
