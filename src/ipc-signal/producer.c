/* SPDX-License-Identifier: MIT
 * ipc-signal producer: sends bytes as the values of queued real-time signals.
 *
 * Usage: ipc-signal producer [--name NAME | --pid PID] [OPTION]... [FILE]
 *
 * A demonstration, not a way to move files. The number of pending signals is limited, and all
 * processes of a user share that limit (RLIMIT_SIGPENDING). So no more than a window of them is
 * under way, and where even that does not fit, sigqueue() says EAGAIN and is tried again.
 */
#include "signal.h"

#include "ipc/common/clock.h"

enum { BLOCK_SIZE = 64 * 1024, SIGNALS_UNDER_WAY = 512, SLEEP_LIMIT_MS = 100 };

static uint64_t sent, acknowledged;

static void send_bytes(const unsigned char *bytes, size_t size);
static void send_value(uintptr_t value);
static void await_progress(uint64_t nanoseconds);
static void watch_consumer(struct pair *unused);
static void await_received(void);

static struct signal_peer consumer = {.pair.watch = watch_consumer};

int signal_producer(const struct role *role, int argc, char **argv)
{
    static unsigned char block[BLOCK_SIZE];
    ssize_t got;
    struct pair *pair = &consumer.pair;
    peer_open(role, argc, argv, PRODUCER, &consumer);
    progress_begin(&pair->progress, "producer", pair->input.descriptor, !pair->verbose);
    while ((got = read_input(pair, block, sizeof block)) > 0) {
        send_bytes(block, (size_t)got);
        progress_add(&pair->progress, (size_t)got);
    }
    narrate(pair->narration, LEFT, "sigqueue(%ld, SIGRTMIN, the end)", (long)consumer.pid);
    send_value((uintptr_t)(sent << 8) | KIND_END);
    rendezvous_set_state(&pair->rendezvous, STATE_DONE);
    await_received();
    progress_end(&pair->progress);
    return EXIT_DONE;
}

static void send_bytes(const unsigned char *bytes, size_t size)
{
    while (size > 0) {
        const size_t part = size < VALUE_BYTES ? size : VALUE_BYTES;
        uintptr_t value = KIND_DATA + part + (part < size ? MORE_FOLLOWS : 0);
        for (size_t i = 0; i < part; i++)
            value |= (uintptr_t)bytes[i] << (8 * (i + 1));
        narrate_call(consumer.pair.narration, LEFT, "sigqueue(%ld, SIGRTMIN, %s)",
                     (long)consumer.pid, quoted(bytes, part).text);
        send_value(value);
        narrate_return(consumer.pair.narration, "too many were under way", "0");
        bytes += part;
        size -= part;
    }
}

static void send_value(uintptr_t value)
{
    static bool told;
    uint64_t began = 0;
    while (sent - acknowledged >= SIGNALS_UNDER_WAY)
        await_progress(SLEEP_LIMIT_MS * MILLISECOND);
    while (!peer_send(&consumer, value)) {
        await_progress(MILLISECOND); /* the consumer need not send any: others may hold the limit */
        if (began == 0)
            began = now();
        else if (!told && now() - began > SECOND) {
            say("waiting: too many signals of this user are pending, see `ulimit -i`");
            told = true;
        }
    }
    sent++;
}

/*
 * Waits for a signal of the consumer, which sends one whenever it has taken a part of the window.
 * The sleep is limited: the consumer cannot send if too many signals are pending, and if it has
 * died, the rendezvous says so.
 */
static void await_progress(uint64_t nanoseconds)
{
    uint64_t spin = 0;
    uintptr_t value;
    while (!peer_take(&consumer, 0, &value))
        if (!keep_spinning(&spin)) {
            if (peer_take(&consumer, nanoseconds, &value))
                break;
            rendezvous_check(&consumer.pair.rendezvous, CONSUMER);
            return;
        }
    do
        acknowledged += ((value >> 8) - acknowledged) & (UINTPTR_MAX >> 8); /* it may wrap */
    while (peer_take(&consumer, 0, &value));
}

/* While no input comes, signals of others are dropped, and the consumer's death is noticed. */
static void watch_consumer(struct pair *unused)
{
    (void)unused;
    await_progress(0);
}

/* The consumer writes out what it has taken, and notes that in the rendezvous. */
static void await_received(void)
{
    uintptr_t value;
    uint64_t pause = 20 * MICROSECOND;
    while (rendezvous_peers(&consumer.pair.rendezvous, CONSUMER).done == 0) {
        rendezvous_check(&consumer.pair.rendezvous, CONSUMER);
        peer_take(&consumer, pause, &value); /* drops signals of others, too */
        pause = pause < SLEEP_LIMIT_MS * MILLISECOND / 4 ? 2 * pause : pause;
    }
}
