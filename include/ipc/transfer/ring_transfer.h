/*
 * A file through a ring that two separate programs share: what the loops of both sides call.
 */
#ifndef IPC_TRANSFER_RING_TRANSFER_H
#define IPC_TRANSFER_RING_TRANSFER_H

#include "ipc/transfer/pair.h"
#include "ipc/transfer/ring.h"

struct ring_transfer {
    struct pair *pair;  /* joined, but not entered */
    const char *object; /* what messages call the memory */
    bool makes_ring;    /* we are first: the memory is new, and zeroed */
    struct ring ring;
};

/* Guards the memory, takes part in its ring, and waits for the peer until the deadline: exit 3. */
void begin_ring_transfer(struct ring_transfer *transfer, void *memory, size_t size);

/* ring_lend() of a block, as soon as there is room, or bytes. 0 bytes: the end. */
size_t lend_block(struct ring_transfer *transfer, unsigned char **bytes);

/* Tells the peer of the end; the producer waits for that of the consumer. Returns exit status. */
int end_ring_transfer(struct ring_transfer *transfer);

#endif
