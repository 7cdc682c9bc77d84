/*
 * The ring: bytes from one producer to one consumer through memory that both have mapped.
 *
 * It lends its memory and copies nothing: the producer fills the bytes of ring_lend(), then commits
 * them; the consumer uses the bytes of ring_peek() where they lie, then releases them.
 *
 * Invariants. head counts the bytes ever committed, and only the producer stores it; tail counts
 * those ever released, and only the consumer stores it; both only grow. tail <= head <= tail +
 * capacity. Modulo the capacity, those between them are the consumer's, all others the producer's.
 *
 * Memory order. A store of head releases the bytes written before it to the consumer's load of
 * head, which acquires them; a store of tail releases the room in the same way. These stores and
 * loads are seq_cst besides, because the sleep needs that.
 *
 * Sleep. A consumer that finds the ring empty stores its flag, loads head again, and sleeps only if
 * the ring is still empty. The producer stores head, loads the flag, and posts the consumer's bell
 * if it is set. These four operations are seq_cst: they have one total order. If the consumer's
 * load comes after the producer's store, the consumer does not sleep. Otherwise the producer's load
 * comes after the consumer's store, and the producer posts. So no wake-up is lost, and a side that
 * does not sleep costs its peer no system call. A full ring is the same with the roles exchanged.
 *
 * The end is a flag that the producer stores and the consumer looks at in the same way as head.
 *
 * Death. A side that dies before it stores head or tail has changed nothing that its peer sees. If
 * it dies between that store and the post, its peer sleeps until the limit, then finds the bytes,
 * or asks the rendezvous. That knows of the end even if the producer dies before it stores the
 * flag. The flag of a sleeper that died costs one post.
 *
 * Trust. ring_attach() checks the capacity once and keeps it in private memory; every load of an
 * index is checked. So no access leaves the ring, whatever stands in the shared memory.
 */
#ifndef IPC_TRANSFER_RING_H
#define IPC_TRANSFER_RING_H

#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CACHE_LINE = 64 };

/*
 * Larger than a processor's level 2 cache, from which another processor fetches slowly what was
 * modified there: when the consumer comes to it, it has moved to the cache that both share. Between
 * processors with 1 MiB, a ring of 1 MiB had half the speed, at times a twentieth.
 */
enum { RING_CAPACITY = 2 * 1024 * 1024 };

/* What stands in the shared memory. What one side stores has cache lines of its own. */
struct ring_memory {
    _Atomic uint32_t magic; /* stored last by ring_create() */
    uint32_t version;
    uint64_t capacity; /* a power of two */
    _Alignas(CACHE_LINE) _Atomic uint64_t head;
    _Atomic uint32_t consumer_sleeps; /* beside head, since the producer loads it after head */
    _Atomic uint32_t ended;           /* the producer will commit nothing more */
    _Alignas(CACHE_LINE) _Atomic uint64_t tail;
    _Atomic uint32_t producer_sleeps;
    _Alignas(CACHE_LINE) sem_t consumer_bell;
    _Alignas(CACHE_LINE) sem_t producer_bell;
    _Alignas(CACHE_LINE) unsigned char bytes[];
};

/* What one side knows of it, in private memory. */
struct ring {
    struct ring_memory *memory;
    uint64_t capacity;
    uint64_t own;   /* head of the producer, tail of the consumer */
    uint64_t other; /* the peer's, as it was last loaded */
};

/* How much memory a ring of that capacity takes. */
size_t ring_size(size_t capacity);

/* Makes a ring in zeroed memory. capacity: a power of two. False and errno if that fails. */
bool ring_create(void *memory, size_t capacity);

/* Takes part in the ring in that memory. Returns NULL, or what is wrong with it: "is too small". */
const char *ring_attach(struct ring *ring, void *memory, size_t size, bool as_producer);

/* Whether a ring is as ring_create() left it: without bytes and without an end. */
bool ring_is_new(const struct ring_memory *memory);
/* Takes bytes and end out of a ring that nobody uses any more. */
void ring_renew(struct ring_memory *memory);

/* What the following return when the indices contradict each other: another program wrote there. */
#define RING_CORRUPT SIZE_MAX

/*
 * The producer. Lends memory to be filled: returns how many bytes in one piece, 0 when it is full.
 * Loads the consumer's index only if less than `wanted` is known to be free.
 */
size_t ring_lend(struct ring *ring, size_t wanted, unsigned char **bytes);
void ring_commit(struct ring *ring, size_t size);

/* Nothing more will be committed. */
void ring_end(struct ring *ring);
bool ring_has_ended(const struct ring *ring);

/* The consumer. Lends what is there: returns how many bytes in one piece, 0 when it is empty. */
size_t ring_peek(struct ring *ring, size_t wanted, const unsigned char **bytes);
void ring_release(struct ring *ring, size_t size);

/*
 * Sleeps while the ring is full (empty): until the peer changes that, a signal is handled, or so
 * many nanoseconds have passed. The caller looks again.
 */
void ring_sleep_while_full(struct ring *ring, uint64_t nanoseconds);
void ring_sleep_while_empty(struct ring *ring, uint64_t nanoseconds);

/* How many bytes are in it now, for a program that only looks. */
size_t ring_filled(const struct ring_memory *memory);

#endif
