/* SPDX-License-Identifier: MIT
 * The ring, and a file through it. The header says why the ring is right.
 */
#include "ipc/transfer/ring.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/transfer/platform.h"

enum { MAGIC = 0x1bc41709, VERSION = 3 };
enum { BLOCK_SIZE = 128 * 1024, SLEEP_LIMIT_MS = 100, END_LIMIT_MS = 2000 };

size_t ring_size(size_t capacity)
{
    return sizeof(struct ring_memory) + capacity;
}

/* Of this build: another compiles other atomics, or sleeps in another way. */
static uint32_t version(void)
{
    return VERSION << 16 | (uint32_t)way_of_sleeping[0] << 8 | (uint32_t)sizeof(void *);
}

void ring_create(void *memory, size_t capacity)
{
    struct ring_memory *ring = memory;
    ring->version = version();
    ring->capacity = capacity;
    atomic_store_explicit(&ring->magic, MAGIC, memory_order_release);
}

const char *ring_attach(struct ring *ring, void *memory, size_t size, bool as_producer)
{
    struct ring_memory *shared = memory;
    if (size < sizeof *shared)
        return "is too small";
    if (atomic_load_explicit(&shared->magic, memory_order_acquire) != MAGIC)
        return "holds no ring";
    if (shared->version != version())
        return "is of another version";
    const uint64_t capacity = shared->capacity, room = size - sizeof *shared;
    if (capacity == 0 || (capacity & (capacity - 1)) != 0 || capacity < room)
        return "holds no ring";
    if (capacity > room)
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
                          .began = as_producer ? head : tail,
                          .own = as_producer ? head : tail,
                          .other = as_producer ? tail : head,
                          .ahead = as_producer ? capacity : 0};
    return NULL;
}

int64_t ring_bytes(void *memory, size_t size)
{
    struct ring ring;
    return ring_attach(&ring, memory, size, false) == NULL ? (int64_t)(ring.other - ring.own) : -1;
}

size_t ring_lend(struct ring *ring, size_t wanted, unsigned char **bytes)
{
    const uint64_t at = ring->own & (ring->capacity - 1), to_end = ring->capacity - at;
    if (ring->other + ring->ahead - ring->own < wanted)
        ring->other = atomic_load(&ring->other_side->index);
    const uint64_t available = ring->other + ring->ahead - ring->own;
    if (available > ring->capacity || ring->damaged)
        return RING_CORRUPT;
    *bytes = ring->memory->bytes + at;
    return (size_t)(available < to_end ? available : to_end);
}

static void wake_peer(struct ring_side *own)
{
    if (atomic_load(&own->peer_sleeps) != 0 && atomic_exchange(&own->peer_sleeps, 0) != 0)
        wake_sleepers(&own->peer_sleeps);
}

void ring_pass(struct ring *ring, size_t size)
{
    const uint64_t before = atomic_exchange(&ring->own_side->index, ring->own + size);
    ring->damaged = ring->damaged || before != ring->own;
    ring->own += size;
    wake_peer(ring->own_side);
}

void ring_end(struct ring *ring)
{
    atomic_store(&ring->memory->end, 1 + (ring->own - ring->began));
    wake_peer(ring->own_side);
}

bool ring_has_ended(const struct ring *ring)
{
    return atomic_load(&ring->memory->end) != 0;
}

static bool own_index_stands(const struct ring *ring)
{
    return !ring->damaged && atomic_load(&ring->own_side->index) == ring->own;
}

bool ring_is_sound(const struct ring *ring)
{
    const bool receives = ring->ahead == 0;
    return own_index_stands(ring) &&
           atomic_load(&ring->memory->end) == (receives ? 1 + (ring->own - ring->began) : 0);
}

/*
 * Announces the sleep and loads the peer's index again. Where our own index is another's, both
 * might sleep for ever, each since it takes the other for the one to move.
 */
bool ring_sleep(struct ring *ring, uint64_t nanoseconds)
{
    struct ring_side *peer = ring->other_side;
    atomic_store(&peer->peer_sleeps, 1);
    if (atomic_load(&peer->index) == ring->other && !ring_has_ended(ring))
        sleep_while(&peer->peer_sleeps, 1, nanoseconds); /* then the caller looks again */
    atomic_store(&peer->peer_sleeps, 0);
    ring->damaged = !own_index_stands(ring);
    return atomic_load(&peer->index) != ring->other;
}

void begin_ring(struct ring *ring, struct pair *pair, void *memory, size_t size, const char *object,
                bool makes_ring)
{
    guard_mapping(memory, size, object);
    if (makes_ring)
        ring_create(memory, RING_CAPACITY);
    const char *problem = ring_attach(ring, memory, size, pair->member == PRODUCER);
    if (problem == NULL && ring->own != ring->other)
        problem = "holds what nobody here sent";
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
 * The peer ends the sleep: it clears our flag. If it dies before that, the sleep ends at its limit,
 * and the rendezvous tells of the death. A signal that ends us interrupts the sleep, or is noticed
 * at its end.
 *
 * A consumer asks for the end before it looks for bytes. Otherwise it would lose those passed in
 * between.
 */
size_t lend_block(struct ring *ring, struct pair *pair, unsigned char **bytes)
{
    const bool sends = pair->member == PRODUCER;
    uint64_t spin = 0, ended_at = 0;
    bool sleeps = false; /* however often the sleep ends at its limit, it is told as one */
    for (bool all_sent = false;;) {
        const size_t size = ring_lend(ring, sends ? BLOCK_SIZE : 1, bytes);
        if (size == RING_CORRUPT)
            fail_damaged(ring);
        if (size > 0 || all_sent) {
            if (sleeps)
                narrate_return(pair->narration, sends ? "it was full" : "it was empty", "0");
            return size < BLOCK_SIZE ? size : BLOCK_SIZE; /* the peer has its turn in between */
        }
        end_if_signalled();
        if (!sends && ring_has_ended(ring)) { /* the producer is about to tell the rendezvous */
            ended_at = ended_at == 0 ? now() : ended_at;
            if (now() - ended_at > END_LIMIT_MS * MILLISECOND)
                fail_damaged(ring);
            sleep_for(20 * MICROSECOND);
        } else if (keep_spinning(&spin)) {
            continue;
        } else {
            if (!sleeps)
                narrate_call(pair->narration, LEFT, "%s(the ring's flag)", way_of_sleeping);
            sleeps = true;
            if (ring_sleep(ring, SLEEP_LIMIT_MS * MILLISECOND))
                continue;
        }
        rendezvous_check(&pair->rendezvous, sends ? CONSUMER : PRODUCER);
        all_sent = !sends && rendezvous_peers(&pair->rendezvous, PRODUCER).done > 0;
    }
}

int end_ring(struct ring *ring, struct pair *pair)
{
    if (!ring_is_sound(ring))
        fail_damaged(ring);
    if (pair->member == CONSUMER)
        return end_consumer(pair);
    ring_end(ring);
    rendezvous_set_state(&pair->rendezvous, STATE_DONE);
    return end_producer(pair);
}
