/*
 * ipc-signal producer [FILE]: sends bytes as the values of queued real-time signals.
 *
 * A demonstration, not a way to move files. How many signals may be pending is limited, and that
 * limit (RLIMIT_SIGPENDING) is shared by all processes of a user: so no more than a window of them
 * is under way, and where even that does not fit, sigqueue() says EAGAIN and is tried again.
 */
#include "signal.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/io.h"
#include "ipc/transfer/spin.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 64 * 1024, WINDOW = 512, BOUND = 100 * MILLISECOND };

static struct link to_consumer;
static uint64_t sent, acknowledged;

/*
 * Waits for news of the consumer: it sends some when it has taken a part of the window, and when it
 * finds nothing more to take. If that does not come, for want of a pending signal, time passes; if
 * it has died, the rendezvous says so.
 */
static void await_progress(uint64_t bound)
{
    struct spin spin = {0};
    uintptr_t value;
    while (!link_take(&to_consumer, 0, &value))
        if (!keep_spinning(&spin)) {
            if (link_take(&to_consumer, bound, &value))
                break;
            link_check(&to_consumer);
            return;
        }
    do
        acknowledged += ((value >> 8) - acknowledged) & (UINTPTR_MAX >> 8); /* it may wrap */
    while (link_take(&to_consumer, 0, &value));
}

static void send_value(uintptr_t value)
{
    static bool told;
    uint64_t began = 0;
    while (sent - acknowledged >= WINDOW)
        await_progress(BOUND);
    while (!link_send(&to_consumer, value)) {
        await_progress(MILLISECOND); /* not the consumer's to tell: others may hold the limit */
        if (began == 0)
            began = now();
        else if (!told && now() - began > SECOND) {
            say("waiting: too many signals of this user are pending, see `ulimit -i`");
            told = true;
        }
    }
    sent++;
}

static void send_bytes(const unsigned char *bytes, size_t size)
{
    while (size > 0) {
        const size_t part = size < VALUE_BYTES ? size : VALUE_BYTES;
        uintptr_t value = KIND_DATA + part;
        for (size_t i = 0; i < part; i++)
            value |= (uintptr_t)bytes[i] << (8 * (i + 1));
        narrate(to_consumer.options.narration, LEFT, "sigqueue(%ld, %d, %s)",
                (long)to_consumer.peer, to_consumer.number, quoted(bytes, part).text);
        send_value(value);
        bytes += part;
        size -= part;
    }
}

/*
 * The input may be long in coming: meanwhile strays are dropped, and a consumer's death is noticed.
 */
static void await_input(void)
{
    while (!wait_ready(to_consumer.options.input.descriptor, POLLIN, BOUND / MILLISECOND))
        await_progress(0);
}

/* It writes out what it has taken, and notes that in the rendezvous. Strays are dropped. */
static void await_received(void)
{
    uintptr_t value;
    uint64_t pause = 20 * MICROSECOND;
    while (rendezvous_peers(&to_consumer.rendezvous, CONSUMER).all_received == 0) {
        link_check(&to_consumer);
        link_take(&to_consumer, pause, &value);
        pause = pause < BOUND / 4 ? 2 * pause : pause;
    }
}

int signal_producer(const struct role *role, int argc, char **argv)
{
    static unsigned char block[BLOCK];
    link_open(role, argc, argv, PRODUCER, &to_consumer);
    progress_begin(&to_consumer.progress, "producer", to_consumer.options.input.descriptor, true);
    for (;;) {
        await_input();
        const ssize_t got = read_some(to_consumer.options.input.descriptor, block, sizeof block);
        if (got == -1 && errno == EAGAIN)
            continue;
        if (got == -1)
            fail("read", to_consumer.options.input.label);
        if (got == 0)
            break;
        send_bytes(block, (size_t)got);
        progress_add(&to_consumer.progress, (size_t)got);
    }
    send_value((uintptr_t)(sent << 8) | KIND_END);
    rendezvous_set_state(&to_consumer.rendezvous, STATE_ALL_SENT, to_consumer.progress.bytes);
    await_received();
    progress_end(&to_consumer.progress);
    return EXIT_DONE;
}
