/*
 * Messages over two rings: copied in by the sender, used where they lie by the receiver, unless one
 * wraps around the end.
 */
#include "ipc/bench/bench.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/transfer/ring.h"

#include <string.h>

enum { SLEEP_LIMIT = 100 * MILLISECOND };

static struct ring rings[2]; /* by direction: each side sends on one and receives on the other */
static size_t lent;          /* of the message that was received last */

size_t ring_bench_size(void)
{
    return 2 * ring_size(RING_CAPACITY);
}

/* What is attached before the fork serves either side: both indices are 0 still. */
void ring_bench_open(void *memory)
{
    const size_t size = ring_size(RING_CAPACITY);
    memset(memory, 0, ring_bench_size());
    for (size_t i = 0; i < 2; i++) {
        void *place = (unsigned char *)memory + i * size;
        if (!ring_create(place, RING_CAPACITY))
            fail("sem_init", "ring");
        if (ring_attach(&rings[i], place, size, true) != NULL)
            fail_that(EXIT_FAILED, "the ring is damaged");
    }
    lent = 0;
}

/* Each process touches every page once: otherwise page faults would be measured. */
void ring_bench_enter(const struct bench_case *bench, bool is_parent)
{
    const volatile unsigned char *memory = (void *)rings[0].memory;
    (void)bench;
    (void)is_parent;
    for (size_t at = 0; at < ring_bench_size(); at += 4096)
        (void)memory[at];
}

/* After ring_lend() or ring_peek(): true if it got bytes, otherwise it has waited. */
static bool got_some(size_t size, const struct bench_case *bench, struct ring *ring,
                     void (*sleep)(struct ring *ring, uint64_t nanoseconds))
{
    if (size == RING_CORRUPT)
        fail_that(EXIT_FAILED, "the ring is damaged");
    if (size > 0)
        return true;
    if (bench->wait == WAIT_SPIN) {
        bench_spin();
    } else {
        end_if_signalled();
        sleep(ring, SLEEP_LIMIT);
    }
    return false;
}

void ring_bench_send(const struct bench_case *bench, enum direction direction, const void *message)
{
    struct ring *ring = &rings[direction];
    for (size_t sent = 0; sent < bench->size;) {
        unsigned char *room;
        const size_t left = bench->size - sent;
        size_t size = ring_lend(ring, left < RING_CAPACITY / 2 ? left : 1, &room);
        if (!got_some(size, bench, ring, ring_sleep_while_full))
            continue;
        size = size < left ? size : left;
        memcpy(room, (const unsigned char *)message + sent, size);
        ring_commit(ring, size);
        sent += size;
    }
}

const void *ring_bench_receive(const struct bench_case *bench, enum direction direction,
                               void *buffer)
{
    struct ring *ring = &rings[direction];
    if (lent > 0)
        ring_release(ring, lent);
    lent = 0;
    for (size_t filled = 0; filled < bench->size;) {
        const unsigned char *bytes;
        size_t size = ring_peek(ring, bench->size < RING_CAPACITY / 2 ? bench->size : 1, &bytes);
        if (!got_some(size, bench, ring, ring_sleep_while_empty))
            continue;
        if (filled == 0 && size >= bench->size) {
            lent = bench->size;
            return bytes;
        }
        const size_t left = bench->size - filled;
        size = size < left ? size : left;
        memcpy((unsigned char *)buffer + filled, bytes, size);
        ring_release(ring, size);
        filled += size;
    }
    return buffer;
}
