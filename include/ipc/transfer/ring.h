/* SPDX-License-Identifier: MIT
 * The ring: bytes from one producer to one consumer through memory that both have mapped.
 *
 * It lends its memory and copies nothing. The producer fills the bytes of ring_lend(), the consumer
 * uses those of its own where they lie; ring_pass() hands them to the peer.
 *
 * Invariants. head counts the bytes that the producer ever passed, tail those that the consumer
 * did. Each is the index of its side: only that side stores it, and it only grows. tail <= head <=
 * tail + capacity. Modulo the capacity, the bytes between them are the consumer's, all others the
 * producer's.
 *
 * Memory order. A store of head releases the bytes written before it to the consumer's load of
 * head, which acquires them; a store of tail releases the room in the same way. These stores and
 * loads are seq_cst besides, because the sleep needs that.
 *
 * Sleep. A consumer that finds the ring empty stores its flag, loads head again, and sleeps only if
 * the ring is still empty. The producer stores head, loads the flag, and if it is set clears it and
 * wakes the consumer. These four operations are seq_cst: they have one total order. If the
 * consumer's load comes after the producer's store, the consumer does not sleep. Otherwise the
 * producer's load comes after the consumer's store, and the producer clears the flag. The kernel
 * puts to sleep only while the flag is set (futex(2)), and compares and queues as one step. So no
 * wake-up is lost, and a side that does not sleep costs its peer no system call. A full ring is the
 * same with the roles exchanged.
 *
 * The end is a word that the producer stores and the consumer looks at in the same way as head. But
 * only the rendezvous is believed, to which the producer tells the end after that.
 *
 * Death. A side that dies before it stores its index has changed nothing that its peer sees. If it
 * dies between that store and the wake-up, its peer sleeps until the limit, then finds the bytes,
 * or asks the rendezvous. The flag of a sleeper that died costs one system call.
 *
 * Trust. ring_attach() compares the capacity with the size of the memory and keeps it in private
 * memory; every load of an index is checked. So no access leaves the ring, whatever stands in the
 * shared memory. And what else somebody writes there is noticed: whoever stores its index, or is
 * about to sleep, looks whether its last one still stood there; the ring is empty when the second
 * side attaches; at the end the consumer compares how many bytes each passed. So neither loses
 * bytes, nor waits for the other, and believes that all is well.
 */
#ifndef IPC_TRANSFER_RING_H
#define IPC_TRANSFER_RING_H

#include "ipc/transfer/pair.h"

#include <stdatomic.h>

/*
 * Larger than a processor's level 2 cache, from which another processor fetches slowly what was
 * modified there. Between processors with 1 MiB, a ring of 1 MiB had half the speed or less.
 */
enum { RING_CAPACITY = 2 * 1024 * 1024, CACHE_LINE = 64 };

/* What one side tells the other, in cache lines of its own. */
struct ring_side {
    _Alignas(CACHE_LINE) _Atomic uint64_t index;
    _Atomic uint32_t peer_sleeps; /* beside the index, after whose store it is loaded */
};

/* What stands in the shared memory. */
struct ring_memory {
    _Atomic uint32_t magic; /* stored last by ring_create() */
    uint32_t version;
    uint64_t capacity;    /* a power of two */
    _Atomic uint64_t end; /* the producer passes nothing more: 1 + how many bytes it passed */
    struct ring_side producer, consumer;
    unsigned char bytes[];
};

/* What one side knows of it, in private memory. */
struct ring {
    struct ring_memory *memory;
    struct ring_side *own_side, *other_side;
    uint64_t capacity;
    uint64_t began;     /* the index of this side, when it attached */
    uint64_t own;       /* and now */
    uint64_t other;     /* the peer's, as it was last loaded */
    uint64_t ahead;     /* how far own may be before other: the capacity, or 0 for the consumer */
    bool damaged;       /* somebody else stored our index */
    const char *object; /* what messages call the memory */
};

/* The memory that a ring takes. Makes one in such memory, zeroed. */
size_t ring_size(size_t capacity);
void ring_create(void *memory, size_t capacity);

/*
 * Takes part in the ring in that memory, or only looks: a consumer's other - own is how many bytes
 * are in it. Returns NULL, or what is wrong with it: "is too small".
 */
const char *ring_attach(struct ring *ring, void *memory, size_t size, bool as_producer);

/* How many bytes are in the ring in that memory, to look only; -1 if it holds none. */
int64_t ring_bytes(void *memory, size_t size);

/*
 * Lends room to the producer, bytes to the consumer: returns how many in one piece; 0 when the ring
 * is full, or empty; RING_CORRUPT when the indices contradict each other, since another program
 * wrote there. Loads the peer's index only if less than `wanted` is known to be there.
 */
#define RING_CORRUPT SIZE_MAX
size_t ring_lend(struct ring *ring, size_t wanted, unsigned char **bytes);

/* So much of what was lent is the peer's from now on. */
void ring_pass(struct ring *ring, size_t size);

/* The producer's last word: it will pass nothing more. The consumer's question whether it came. */
void ring_end(struct ring *ring);
bool ring_has_ended(const struct ring *ring);

/* At the end: false if others wrote what this side stores, or not all that was sent came. */
bool ring_is_sound(const struct ring *ring);

/*
 * After ring_lend() returned 0: sleeps until the peer changes that, a signal is handled, or so many
 * nanoseconds have passed. The caller looks again. True if the peer did change it.
 */
bool ring_sleep(struct ring *ring, uint64_t nanoseconds);

/*
 * A file through the ring of a pair that has joined its rendezvous. makes_ring: the memory is new,
 * and zeroed. Guards the memory, takes part in its ring, and meets the peer.
 */
void begin_ring(struct ring *ring, struct pair *pair, void *memory, size_t size, const char *object,
                bool makes_ring);

/* ring_lend() of a block, as soon as there is room, or bytes. 0 bytes: the end. */
size_t lend_block(struct ring *ring, struct pair *pair, unsigned char **bytes);

/* Tells the peer of the end; the producer waits for that of the consumer. Returns exit status. */
int end_ring(struct ring *ring, struct pair *pair);

#endif
