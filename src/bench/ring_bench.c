/*
 * Messages over two rings: copied in by the sender, used where they lie by the receiver, unless one
 * wraps around the end.
 */
#include "ipc/bench/ring_bench.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/error.h"
#include "ipc/transfer/ring.h"

#include <string.h>

enum { BOUND = 100 * MILLISECOND };

static unsigned char *places[2];
static struct ring senders[2], receivers[2];
static bool copied; /* the message that was received last: there is nothing to release */

size_t ring_bench_size(void)
{
    return ring_size(RING_CAPACITY); /* a multiple of a cache line */
}

void ring_bench_open(void *memory)
{
    for (int i = 0; i < 2; i++) {
        places[i] = (unsigned char *)memory + (size_t)i * ring_bench_size();
        memset(places[i], 0, ring_bench_size());
        if (!ring_create(places[i], RING_CAPACITY))
            fail("sem_init", "ring");
    }
}

/* Each process touches every page once, so that no page fault is measured. */
static void touch(const unsigned char *place)
{
    for (size_t at = 0; at < ring_bench_size(); at += 4096)
        (void)((const volatile unsigned char *)place)[at];
}

void ring_bench_enter(const struct bench_case *bench, bool is_parent)
{
    (void)bench;
    (void)is_parent;
    touch(places[0]);
    touch(places[1]);
    for (int i = 0; i < 2; i++)
        if (ring_attach(&senders[i], places[i], ring_bench_size(), true) != NULL ||
            ring_attach(&receivers[i], places[i], ring_bench_size(), false) != NULL)
            fail_that(EXIT_FAILED, "the ring is damaged");
}

static void wait_for(const struct bench_case *bench, struct ring *ring, bool room)
{
    if (bench->wait == WAIT_SPIN) {
        bench_spin();
        return;
    }
    end_if_signalled();
    if (room)
        ring_sleep_while_full(ring, BOUND);
    else
        ring_sleep_while_empty(ring, BOUND);
}

static void check_corruption(size_t size)
{
    if (size == RING_CORRUPT)
        fail_that(EXIT_FAILED, "the ring is damaged");
}

void ring_bench_send(const struct bench_case *bench, enum direction direction, const void *message)
{
    struct ring *ring = &senders[direction];
    for (size_t sent = 0; sent < bench->size;) {
        unsigned char *room;
        const size_t left = bench->size - sent;
        size_t size = ring_lend(ring, left < RING_CAPACITY / 2 ? left : 1, &room);
        check_corruption(size);
        if (size == 0) {
            wait_for(bench, ring, true);
            continue;
        }
        size = size < left ? size : left;
        memcpy(room, (const unsigned char *)message + sent, size);
        ring_commit(ring, size);
        sent += size;
    }
}

const void *ring_bench_receive(const struct bench_case *bench, enum direction direction,
                               void *buffer)
{
    struct ring *ring = &receivers[direction];
    copied = false;
    for (size_t filled = 0; filled < bench->size;) {
        const unsigned char *bytes;
        size_t size = ring_peek(ring, bench->size < RING_CAPACITY / 2 ? bench->size : 1, &bytes);
        check_corruption(size);
        if (size == 0) {
            wait_for(bench, ring, false);
            continue;
        }
        if (filled == 0 && size >= bench->size)
            return bytes;
        const size_t left = bench->size - filled;
        size = size < left ? size : left;
        memcpy((unsigned char *)buffer + filled, bytes, size);
        ring_release(ring, size);
        filled += size;
        copied = true;
    }
    return buffer;
}

void ring_bench_release(const struct bench_case *bench, enum direction direction)
{
    if (!copied)
        ring_release(&receivers[direction], bench->size);
}
