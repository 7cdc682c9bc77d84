/*
 * The ring, and a file through it. The header says why the ring is right.
 */
#include "ipc/transfer/ring.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"

enum { MAGIC = 0x1bc41709, VERSION = 2, BLOCK_SIZE = 128 * 1024, SLEEP_LIMIT_MS = 100 };

size_t ring_size(size_t capacity)
{
    return sizeof(struct ring_memory) + capacity;
}

bool ring_create(void *memory, size_t capacity)
{
    struct ring_memory *ring = memory;
    ring->version = VERSION;
    ring->capacity = capacity;
    if (sem_init(&ring->producer.peer_bell, 1, 0) == -1 ||
        sem_init(&ring->consumer.peer_bell, 1, 0) == -1)
        return false;
    atomic_store_explicit(&ring->magic, MAGIC, memory_order_release);
    return true;
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
    do { /* in use, the tail may move between the two loads, and the head be far ahead of the old */
        tail = atomic_load(&shared->consumer.index);
        head = atomic_load(&shared->producer.index);
    } while (head - tail > capacity && atomic_load(&shared->consumer.index) != tail);
    if (head - tail > capacity)
        return "holds no ring";
    *ring = (struct ring){.memory = shared,
                          .own_side = as_producer ? &shared->producer : &shared->consumer,
                          .other_side = as_producer ? &shared->consumer : &shared->producer,
                          .capacity = capacity,
                          .own = as_producer ? head : tail,
                          .other = as_producer ? tail : head,
                          .ahead = as_producer ? capacity : 0};
    return NULL;
}

size_t ring_lend(struct ring *ring, size_t wanted, unsigned char **bytes)
{
    const uint64_t at = ring->own & (ring->capacity - 1), to_end = ring->capacity - at;
    if (ring->other + ring->ahead - ring->own < wanted)
        ring->other = atomic_load(&ring->other_side->index);
    const uint64_t available = ring->other + ring->ahead - ring->own;
    if (available > ring->capacity)
        return RING_CORRUPT;
    *bytes = ring->memory->bytes + at;
    return (size_t)(available < to_end ? available : to_end);
}

static void wake_peer(struct ring_side *own)
{
    if (atomic_load(&own->peer_sleeps) != 0 && atomic_exchange(&own->peer_sleeps, 0) != 0)
        sem_post(&own->peer_bell);
}

void ring_pass(struct ring *ring, size_t size)
{
    ring->own += size;
    atomic_store(&ring->own_side->index, ring->own);
    wake_peer(ring->own_side);
}

void ring_end(struct ring *ring)
{
    atomic_store(&ring->own_side->ended, 1);
    wake_peer(ring->own_side);
}

bool ring_has_ended(const struct ring *ring)
{
    return atomic_load(&ring->memory->producer.ended) != 0;
}

/*
 * Announces the sleep, loads the peer's index again, and waits for the bell. A post for a sleep
 * that did not happen ends the next one early; a clock that is set back makes this one longer.
 */
void ring_sleep(struct ring *ring, uint64_t nanoseconds)
{
    struct ring_side *peer = ring->other_side;
    atomic_store(&peer->peer_sleeps, 1);
    if (atomic_load(&peer->index) != ring->other || atomic_load(&peer->ended) != 0) {
        if (atomic_exchange(&peer->peer_sleeps, 0) == 0)
            sem_trywait(&peer->peer_bell);
        return;
    }
    const struct timespec until = real_time_in(nanoseconds);
    sem_timedwait(&peer->peer_bell, &until); /* posted, over, or EINTR: the caller looks again */
    atomic_store(&peer->peer_sleeps, 0);
}

void begin_ring(struct ring *ring, struct pair *pair, void *memory, size_t size, const char *object,
                bool makes_ring)
{
    guard_mapping(memory, size, object);
    if (makes_ring && !ring_create(memory, RING_CAPACITY))
        fail("sem_init", object);
    const char *problem = ring_attach(ring, memory, size, pair->member == PRODUCER);
    if (problem != NULL) {
        rendezvous_leave(&pair->rendezvous);
        fail_that(EXIT_FAILED, "\"%s\" %s: not used", object, problem);
    }
    ring->object = object;
    meet_peer(pair);
}

static _Noreturn void fail_damaged(const struct ring *ring)
{
    fail_that(EXIT_FAILED, "the ring in \"%s\" is damaged", ring->object);
}

/*
 * The peer ends the sleep: it posts our bell. If it dies before that, the sleep ends at its limit,
 * and the rendezvous tells of the death. A signal that ends us interrupts the sleep, or is noticed
 * at its end.
 *
 * A consumer looks for the end before it looks for bytes. Otherwise it would lose those passed in
 * between. A producer that dies before the ring tells of the end has sent everything if the
 * rendezvous says so.
 */
size_t lend_block(struct ring *ring, struct pair *pair, unsigned char **bytes)
{
    const bool sends = pair->member == PRODUCER;
    uint64_t spin = 0;
    bool sleeps = false; /* however often the sleep ends at its limit, it is told as one */
    for (bool all_sent = false;;) {
        const bool ended = all_sent || (!sends && ring_has_ended(ring));
        const size_t size = ring_lend(ring, sends ? BLOCK_SIZE : 1, bytes);
        if (size == RING_CORRUPT)
            fail_damaged(ring);
        if (size > 0 || ended) {
            if (sleeps)
                narrate_return(pair->narration, sends ? "it was full" : "it was empty", "0");
            return size < BLOCK_SIZE ? size
                                     : BLOCK_SIZE; /* the peer gets its turn before the next */
        }
        end_if_signalled();
        if (keep_spinning(&spin))
            continue;
        if (!sleeps)
            narrate_call(pair->narration, LEFT, "sem_timedwait(the ring's bell)");
        sleeps = true;
        ring_sleep(ring, SLEEP_LIMIT_MS * MILLISECOND);
        rendezvous_check(&pair->rendezvous, sends ? CONSUMER : PRODUCER);
        all_sent = !sends && rendezvous_peers(&pair->rendezvous, PRODUCER).done > 0;
    }
}

int end_ring(struct ring *ring, struct pair *pair)
{
    if (pair->member == CONSUMER) {
        if (rendezvous_peers(&pair->rendezvous, PRODUCER).done == 0)
            fail_damaged(ring);
        return end_consumer(pair);
    }
    rendezvous_set_state(&pair->rendezvous, STATE_DONE);
    ring_end(ring);
    return end_producer(pair);
}
