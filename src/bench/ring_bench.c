/* SPDX-License-Identifier: MIT
 * Messages over two rings: copied in by the sender, used where they lie by the receiver, unless one
 * wraps around the end.
 */
#include "ipc/bench/bench.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/transfer/ring.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

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

void ring_bench_map(int object, const char *name)
{
    const size_t size = ring_bench_size();
    do
        errno = posix_fallocate(object, 0, (off_t)size);
    while (interrupted());
    if (errno != 0)
        fail("posix_fallocate", name);
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, object, 0);
    ring_bench_open(memory_or_fail(memory, "mmap", name));
    close(object);
}

void ring_bench_unmap(void)
{
    munmap(places[0], ring_bench_size());
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

/* Waits for room, or for bytes: how many there are, of those that are left of the message. */
static size_t lend(const struct bench_case *bench, enum direction way, size_t left,
                   unsigned char **bytes)
{
    size_t size;
    if (left < bench->size)
        end_if_signalled();
    while ((size = ring_lend(&rings[way], left < RING_CAPACITY / 2 ? left : 1, bytes)) == 0) {
        if (bench->wait == WAIT_SPIN) {
            bench_spin();
        } else {
            end_if_signalled();
            ring_sleep(&rings[way], 100 * MILLISECOND);
        }
    }
    if (size == RING_CORRUPT)
        fail_that(EXIT_FAILED, "the ring is damaged");
    return size < left ? size : left;
}

void ring_bench_send(const struct bench_case *bench, enum direction way, const void *message)
{
    const unsigned char *next = message;
    for (size_t left = bench->size, size; left > 0; left -= size, next += size) {
        unsigned char *room;
        size = lend(bench, way, left, &room);
        memcpy(room, next, size);
        ring_pass(&rings[way], size);
    }
}

const void *ring_bench_receive(const struct bench_case *bench, enum direction way, void *buffer)
{
    unsigned char *next = buffer, *bytes;
    if (lent > 0)
        ring_pass(&rings[way], lent);
    lent = 0;
    for (size_t left = bench->size, size; left > 0; left -= size, next += size) {
        size = lend(bench, way, left, &bytes);
        if (size == bench->size) {
            lent = size;
            return bytes;
        }
        memcpy(next, bytes, size);
        ring_pass(&rings[way], size);
    }
    return buffer;
}
