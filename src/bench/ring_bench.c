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
static unsigned char *places[2]; /* of those rings, in the shared memory */
static size_t lent;              /* of the message that was received last */

size_t ring_bench_size(void)
{
    return 2 * ring_size(RING_CAPACITY);
}

void ring_bench_open(void *memory)
{
    memset(memory, 0, ring_bench_size());
    for (int i = 0; i < 2; i++) {
        places[i] = (unsigned char *)memory + (size_t)i * ring_size(RING_CAPACITY);
        ring_create(places[i], RING_CAPACITY);
    }
}

/* Each process touches every page once: otherwise page faults would be measured. */
void ring_bench_enter(const struct bench_case *bench, bool is_parent)
{
    (void)bench;
    lent = 0;
    for (size_t at = 0; at < ring_bench_size(); at += 4096)
        (void)*(const volatile unsigned char *)(places[0] + at);
    for (int i = 0; i < 2; i++)
        if (ring_attach(&rings[i], places[i], ring_size(RING_CAPACITY),
                        is_parent == (i == THERE)) != NULL)
            fail_that(EXIT_FAILED, "the ring is damaged");
}

/* After ring_lend(): true if it got bytes, otherwise it has waited. */
static bool got_some(size_t size, const struct bench_case *bench, struct ring *ring)
{
    if (size == RING_CORRUPT)
        fail_that(EXIT_FAILED, "the ring is damaged");
    if (size > 0)
        return true;
    if (bench->wait == WAIT_SPIN) {
        bench_spin();
    } else {
        end_if_signalled();
        ring_sleep(ring, SLEEP_LIMIT);
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
        if (!got_some(size, bench, ring))
            continue;
        size = size < left ? size : left;
        memcpy(room, (const unsigned char *)message + sent, size);
        ring_pass(ring, size);
        if ((sent += size) < bench->size)
            end_if_signalled();
    }
}

const void *ring_bench_receive(const struct bench_case *bench, enum direction direction,
                               void *buffer)
{
    struct ring *ring = &rings[direction];
    if (lent > 0)
        ring_pass(ring, lent);
    lent = 0;
    for (size_t filled = 0; filled < bench->size;) {
        unsigned char *bytes;
        size_t size = ring_lend(ring, bench->size < RING_CAPACITY / 2 ? bench->size : 1, &bytes);
        if (!got_some(size, bench, ring))
            continue;
        if (filled == 0 && size >= bench->size) {
            lent = bench->size;
            return bytes;
        }
        const size_t left = bench->size - filled;
        size = size < left ? size : left;
        memcpy((unsigned char *)buffer + filled, bytes, size);
        ring_pass(ring, size);
        if ((filled += size) < bench->size)
            end_if_signalled();
    }
    return buffer;
}
