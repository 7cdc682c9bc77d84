/*
 * The ring: bytes from one producer to one consumer through memory that both have mapped.
 *
 * It lends its memory: the producer fills ring_lend()'s bytes and then commits them; the consumer
 * uses ring_peek()'s bytes where they lie and then releases them. Nothing is copied here.
 *
 * Invariants. head counts the bytes ever committed, and only the producer stores it; tail those
 * ever released, and only the consumer stores it; both only grow. tail <= head <= tail + capacity.
 * The bytes from tail to head, modulo the capacity, are the consumer's, all others the producer's.
 *
 * Memory order. A store of head releases the bytes written before it to the consumer's load of
 * head, which acquires them; a store of tail releases the room in the same way. These two stores
 * and loads are also seq_cst, for the sleep:
 *
 * Sleep. The consumer that finds the ring empty stores its flag `sleeps`, then loads head again,
 * and sleeps only if the ring is still empty. The producer stores head, then loads the flag, and
 * posts the consumer's bell if it was set. In the single total order of these four seq_cst
 * operations either the consumer's load comes after the producer's store, and it does not sleep, or
 * the producer's load comes after the consumer's store, and it posts. So no wake-up is lost, and
 * whoever does not sleep costs its peer no system call. For a full ring the same with the roles
 * exchanged.
 *
 * The end is a flag that the producer stores and the consumer looks at in the same way as head.
 *
 * Death. Who dies before it has stored head or tail has done nothing that shows; who dies between
 * that and the post leaves a sleeper whose bounded sleep ends by itself, and who then finds the
 * bytes, or asks the rendezvous. That knows of the end, too, should the producer die before it has
 * stored the flag. A flag that a dead sleeper left set costs one post.
 *
 * Trust. Capacity is checked once, at ring_attach(), and kept in private memory; of the indices
 * every load is checked, so that whatever stands in the shared memory, no access leaves the ring.
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
 * Larger than the level 2 cache of a processor: what lies modified in another processor's private
 * cache is slow to fetch; by the time the consumer comes to it, it is in the cache that they share.
 * With 1 MiB, streams between two processors with 1 MiB each ran at half the speed, at times at a
 * twentieth.
 */
enum { RING_CAPACITY = 2 * 1024 * 1024 };

/* What stands in the shared memory; each side's own on cache lines of its own. */
struct ring_memory {
    _Atomic uint32_t magic; /* stored last by ring_create() */
    uint32_t version;
    uint64_t capacity; /* a power of two */
    _Alignas(CACHE_LINE) _Atomic uint64_t head;
    _Atomic uint32_t consumer_sleeps; /* beside head: what the producer looks at */
    _Atomic uint32_t ended;           /* the producer will commit nothing more */
    _Alignas(CACHE_LINE) _Atomic uint64_t tail;
    _Atomic uint32_t producer_sleeps;
    _Alignas(CACHE_LINE) sem_t consumer_bell;
    _Alignas(CACHE_LINE) sem_t producer_bell;
    _Alignas(CACHE_LINE) unsigned char bytes[];
};

/* One side's view of it, in private memory. */
struct ring {
    struct ring_memory *memory;
    uint64_t capacity;
    uint64_t own;   /* head of the producer, tail of the consumer */
    uint64_t other; /* the other one, as it was last seen */
};

/* How much memory a ring of that capacity takes. */
size_t ring_size(size_t capacity);

/* Makes a ring in zeroed memory. capacity: a power of two. False and errno if that fails. */
bool ring_create(void *memory, size_t capacity);

/*
 * Takes part in a ring that was created in memory of that size, as producer or as consumer. Returns
 * NULL, or why it is none: "is too small", "is of another version", "holds no ring".
 */
const char *ring_attach(struct ring *ring, void *memory, size_t size, bool as_producer);

/*
 * Whether a ring is as ring_create() left it; and making one that nobody uses any more so again:
 * without the bytes and the end of an earlier session.
 */
bool ring_is_new(const struct ring_memory *memory);
void ring_renew(struct ring_memory *memory);

/* What the following return when the indices contradict each other: somebody else wrote there. */
#define RING_CORRUPT SIZE_MAX

/*
 * The producer. Lends memory to be filled: returns how many bytes in one piece, 0 when it is full.
 * It looks at the consumer's progress only if less than `wanted` is known to be free.
 */
size_t ring_lend(struct ring *ring, size_t wanted, unsigned char **bytes);
void ring_commit(struct ring *ring, size_t size);

/* Nothing more will be committed; wakes the consumer. */
void ring_end(struct ring *ring);
bool ring_has_ended(const struct ring *ring);

/* The consumer: bytes in one piece, 0 when it is empty. */
size_t ring_peek(struct ring *ring, size_t wanted, const unsigned char **bytes);
void ring_release(struct ring *ring, size_t size);

/*
 * Sleeps while the ring is full (empty) until the other side changes that, for at most that many
 * nanoseconds, or until a signal is handled. The caller looks again.
 */
void ring_sleep_while_full(struct ring *ring, uint64_t nanoseconds);
void ring_sleep_while_empty(struct ring *ring, uint64_t nanoseconds);

/* How many bytes are in it now, for whoever only looks; RING_CORRUPT as above. */
size_t ring_filled(const struct ring_memory *memory);

#endif
