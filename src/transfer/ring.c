/*
 * The ring. Its header says why this is right.
 */
#include "ipc/transfer/ring.h"

#include "ipc/common/clock.h"

enum { MAGIC = 0x1bc41709, VERSION = 1 };

size_t ring_size(size_t capacity)
{
    return sizeof(struct ring_memory) + capacity;
}

bool ring_create(void *memory, size_t capacity)
{
    struct ring_memory *ring = memory;
    ring->version = VERSION;
    ring->capacity = capacity;
    if (sem_init(&ring->consumer_bell, 1, 0) == -1 || sem_init(&ring->producer_bell, 1, 0) == -1)
        return false;
    atomic_store_explicit(&ring->magic, MAGIC, memory_order_release);
    return true;
}

/*
 * False if the indices contradict each other. In a ring that is in use the tail may move between
 * the two loads, and the head may be far ahead of the old tail: then both are loaded again.
 */
static bool load_indices(const struct ring_memory *memory, uint64_t capacity, uint64_t *head,
                         uint64_t *tail)
{
    do {
        *tail = atomic_load(&memory->tail);
        *head = atomic_load(&memory->head);
    } while (*head - *tail > capacity && atomic_load(&memory->tail) != *tail);
    return *head - *tail <= capacity;
}

const char *ring_attach(struct ring *ring, void *memory, size_t size, bool as_producer)
{
    struct ring_memory *shared = memory;
    if (size < sizeof *shared)
        return "is too small";
    if (atomic_load_explicit(&shared->magic, memory_order_acquire) != MAGIC)
        return "holds no ring";
    if (shared->version != VERSION)
        return "is of another version";
    const uint64_t capacity = shared->capacity;
    if (capacity == 0 || (capacity & (capacity - 1)) != 0)
        return "holds no ring";
    if (capacity > size - sizeof *shared)
        return "is too small";
    uint64_t head, tail;
    if (!load_indices(shared, capacity, &head, &tail))
        return "holds no ring";
    *ring = (struct ring){.memory = shared,
                          .capacity = capacity,
                          .own = as_producer ? head : tail,
                          .other = as_producer ? tail : head};
    return NULL;
}

bool ring_is_new(const struct ring_memory *memory)
{
    return ring_filled(memory) == 0 && atomic_load(&memory->ended) == 0;
}

void ring_renew(struct ring_memory *memory)
{
    atomic_store(&memory->tail, atomic_load(&memory->head));
    atomic_store(&memory->ended, 0);
}

static size_t in_one_piece(const struct ring *ring, uint64_t filled, uint64_t available)
{
    const uint64_t to_end = ring->capacity - (ring->own & (ring->capacity - 1));
    if (filled > ring->capacity)
        return RING_CORRUPT;
    return (size_t)(available < to_end ? available : to_end);
}

size_t ring_lend(struct ring *ring, size_t wanted, unsigned char **bytes)
{
    if (ring->capacity - (ring->own - ring->other) < wanted)
        ring->other = atomic_load(&ring->memory->tail);
    const uint64_t filled = ring->own - ring->other;
    *bytes = ring->memory->bytes + (ring->own & (ring->capacity - 1));
    return in_one_piece(ring, filled, ring->capacity - filled);
}

static void wake(_Atomic uint32_t *sleeps, sem_t *bell)
{
    if (atomic_load(sleeps) != 0 && atomic_exchange(sleeps, 0) != 0)
        sem_post(bell);
}

void ring_commit(struct ring *ring, size_t size)
{
    ring->own += size;
    atomic_store(&ring->memory->head, ring->own);
    wake(&ring->memory->consumer_sleeps, &ring->memory->consumer_bell);
}

void ring_end(struct ring *ring)
{
    atomic_store(&ring->memory->ended, 1);
    wake(&ring->memory->consumer_sleeps, &ring->memory->consumer_bell);
}

bool ring_has_ended(const struct ring *ring)
{
    return atomic_load(&ring->memory->ended) != 0;
}

size_t ring_peek(struct ring *ring, size_t wanted, const unsigned char **bytes)
{
    if (ring->other - ring->own < wanted)
        ring->other = atomic_load(&ring->memory->head);
    const uint64_t filled = ring->other - ring->own;
    *bytes = ring->memory->bytes + (ring->own & (ring->capacity - 1));
    return in_one_piece(ring, filled, filled);
}

void ring_release(struct ring *ring, size_t size)
{
    ring->own += size;
    atomic_store(&ring->memory->tail, ring->own);
    wake(&ring->memory->producer_sleeps, &ring->memory->producer_bell);
}

/*
 * Announces the sleep, loads the peer's index again, and waits for the bell. A post for a sleep
 * that did not happen ends the next one early; a clock that is set back makes this one longer.
 */
static void sleep_on(_Atomic uint32_t *sleeps, sem_t *bell, _Atomic uint64_t *index,
                     uint64_t unchanged, _Atomic uint32_t *ended, uint64_t nanoseconds)
{
    atomic_store(sleeps, 1);
    if (atomic_load(index) != unchanged || (ended != NULL && atomic_load(ended) != 0)) {
        if (atomic_exchange(sleeps, 0) == 0)
            sem_trywait(bell);
        return;
    }
    const struct timespec until = real_time_in(nanoseconds);
    sem_timedwait(bell, &until); /* posted, over, or EINTR: the caller looks again */
    atomic_store(sleeps, 0);
}

void ring_sleep_while_full(struct ring *ring, uint64_t nanoseconds)
{
    sleep_on(&ring->memory->producer_sleeps, &ring->memory->producer_bell, &ring->memory->tail,
             ring->own - ring->capacity, NULL, nanoseconds);
}

void ring_sleep_while_empty(struct ring *ring, uint64_t nanoseconds)
{
    sleep_on(&ring->memory->consumer_sleeps, &ring->memory->consumer_bell, &ring->memory->head,
             ring->own, &ring->memory->ended, nanoseconds);
}

size_t ring_filled(const struct ring_memory *memory)
{
    uint64_t head, tail;
    return load_indices(memory, memory->capacity, &head, &tail) ? (size_t)(head - tail)
                                                                : RING_CORRUPT;
}
