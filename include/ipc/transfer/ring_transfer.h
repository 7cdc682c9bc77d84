/*
 * A file through a ring that two separate programs share: read straight into it, written straight
 * out of it.
 */
#ifndef IPC_TRANSFER_RING_TRANSFER_H
#define IPC_TRANSFER_RING_TRANSFER_H

#include "ipc/narration/narration.h"
#include "ipc/rendezvous/rendezvous.h"
#include "ipc/transfer/progress.h"
#include "ipc/transfer/ring.h"

struct ring_transfer {
    struct ring ring;
    struct rendezvous *rendezvous;
    const char *object; /* what messages call it */
    int input;          /* the producer's, and what messages call it */
    const char *label;
    struct progress progress;
    struct narration *narration; /* NULL without -v */
};

/*
 * From here on it is an error that names the object, exit 1, if this mapping's file becomes smaller
 * than it and we touch what is gone (SIGBUS: mmap(3p)). For one mapping at a time.
 */
void guard_mapping(const void *memory, size_t size, const char *object);

/*
 * Takes part in the ring in that memory, and guards it; in a session that another made, what is no
 * ring is refused.
 */
void ring_transfer_open(struct ring_transfer *flow, void *memory, size_t size,
                        enum member_role member);

/*
 * The producer's part: waits for a consumer until the deadline, sends all of its input, and waits
 * until it is written out. The consumer's: writes to standard output what comes, until the end.
 * Both end the process with exit 3 when the peer dies, or does not come.
 */
void ring_send(struct ring_transfer *flow, uint64_t deadline);
void ring_receive(struct ring_transfer *flow, uint64_t deadline);

#endif
