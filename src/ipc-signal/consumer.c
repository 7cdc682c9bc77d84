/* SPDX-License-Identifier: MIT
 * ipc-signal consumer: writes to standard output the bytes that come as the values of signals.
 *
 * Usage: ipc-signal consumer [--name NAME | --pid PID] [OPTION]...
 *
 * A demonstration, not a way to move files.
 */
#include "signal.h"

#include "ipc/common/clock.h"

enum { BLOCK_SIZE = 64 * 1024, ACK_EVERY = 128, SLEEP_LIMIT_MS = 100 };

static struct signal_peer producer;
static unsigned char block[BLOCK_SIZE];
static size_t filled;
static uint64_t received, acknowledged;
static bool more_follows;

static uintptr_t take_value(void);
static void acknowledge(void);
static void flush_block(void);

int signal_consumer(const struct role *role, int argc, char **argv)
{
    peer_open(role, argc, argv, CONSUMER, &producer);
    peer_send(&producer, KIND_TAKEN); /* none so far: it need not sleep on, waiting for us */
    progress_begin(&producer.pair.progress, "consumer", -1, !producer.pair.verbose);
    for (;;) {
        narrate_call(producer.pair.narration, LEFT, "sigtimedwait({SIGRTMIN})");
        const uintptr_t value = take_value();
        const unsigned kind = value & 0xc0, size = value & 0x1f;
        more_follows = (value & MORE_FOLLOWS) != 0;
        if (kind == KIND_END) {
            narrate_return(producer.pair.narration, "none was pending", "%d  the end, after %ju",
                           SIGRTMIN, (uintmax_t)(value >> 8));
            if (((value >> 8 ^ received) & (UINTPTR_MAX >> 8)) != 0)
                fail_that(EXIT_FAILED, "%ju signals were sent, %ju arrived",
                          (uintmax_t)(value >> 8), (uintmax_t)received);
            break;
        }
        if (kind != KIND_DATA || size == 0 || size > VALUE_BYTES)
            fail_that(EXIT_FAILED, "a signal of pid %ld that is no data of ours",
                      (long)producer.pid);
        received++;
        for (unsigned i = 0; i < size; i++)
            block[filled++] = (unsigned char)(value >> (8 * (i + 1)));
        narrate_return(producer.pair.narration, "none was pending", "%d  %s", SIGRTMIN,
                       quoted(block + filled - size, size).text);
        if (filled > BLOCK_SIZE - VALUE_BYTES)
            flush_block();
        if (received - acknowledged >= ACK_EVERY)
            acknowledge();
    }
    flush_block();
    return end_consumer(&producer.pair);
}

/*
 * The next value. When there is none, writes out what came, if nothing belongs to it; then the
 * kernel wakes us for the next signal. If the producer dies right before, the sleep ends at its
 * limit, and the rendezvous says so.
 */
static uintptr_t take_value(void)
{
    uint64_t spin = 0;
    uintptr_t value;
    if (peer_take(&producer, 0, &value))
        return value;
    if (!more_follows)
        flush_block();
    for (bool lives = true;;) {
        const bool spins = more_follows && keep_spinning(&spin);
        if (peer_take(&producer, spins ? 0 : SLEEP_LIMIT_MS * MILLISECOND, &value))
            return value;
        if (!lives) /* since the look before: all that it sent was here by then */
            fail_that(EXIT_PEER, "the producer ended before everything was through");
        if (!spins) {
            lives = peer_lives(&producer);
            acknowledge();
        }
    }
}

/* If too many signals are pending, it is said later: after a part, or when all is taken. */
static void acknowledge(void)
{
    if (acknowledged != received && peer_send(&producer, (uintptr_t)(received << 8) | KIND_TAKEN))
        acknowledged = received;
}

static void flush_block(void)
{
    print_bytes(block, filled);
    progress_add(&producer.pair.progress, filled);
    filled = 0;
}
