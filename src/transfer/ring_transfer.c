/*
 * A file through a ring.
 *
 * Each wait here is ended by the other side, which rings if we sleep (ring.h); if it dies right
 * before, by the bound of the sleep, and the rendezvous says so; a signal ends the sleep, or is
 * found at its end.
 */
#include "ipc/transfer/ring_transfer.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/error.h"
#include "ipc/common/io.h"
#include "ipc/transfer/spin.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 128 * 1024, BOUND = 100 * MILLISECOND };

static struct {
    const unsigned char *memory;
    size_t size;
    const char *object;
} guarded;

static _Noreturn void end_shrunk(void)
{
    fail_that(EXIT_FAILED, "\"%s\" became smaller while it was used", guarded.object);
}

/*
 * SIGBUS comes from an access of our own to a page of the mapping that its file does not have any
 * more (mmap(3p)): then we are in a plain load or store, not in a function that must not be
 * interrupted, and may end as from anywhere else. From elsewhere it does what it always does.
 */
static void on_bus_error(int number, siginfo_t *signal, void *context)
{
    const unsigned char *address = signal->si_addr;
    (void)context;
    if (address >= guarded.memory && address < guarded.memory + guarded.size)
        end_shrunk();
    sigaction(number, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
}

void guard_mapping(const void *memory, size_t size, const char *object)
{
    struct sigaction action = {.sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO};
    sigemptyset(&action.sa_mask);
    guarded.memory = memory;
    guarded.size = size;
    guarded.object = object;
    if (sigaction(SIGBUS, &action, NULL) == -1)
        fail("sigaction", "SIGBUS");
}

void ring_transfer_open(struct ring_transfer *flow, void *memory, size_t size,
                        enum member_role member)
{
    guard_mapping(memory, size, flow->object);
    const char *problem = ring_attach(&flow->ring, memory, size, member == PRODUCER);
    if (problem != NULL) {
        rendezvous_leave(flow->rendezvous, false);
        fail_that(EXIT_FAILED, "\"%s\" %s: not used", flow->object, problem);
    }
}

static void check_corruption(const struct ring_transfer *flow, size_t size)
{
    if (size == RING_CORRUPT)
        fail_that(EXIT_FAILED, "the ring in \"%s\" is damaged", flow->object);
}

/* Room for at least a byte. */
static size_t await_room(struct ring_transfer *flow, unsigned char **bytes)
{
    struct spin spin = {0};
    for (;;) {
        const size_t room = ring_lend(&flow->ring, BLOCK, bytes);
        check_corruption(flow, room);
        if (room > 0)
            return room < BLOCK ? room : BLOCK;
        end_if_signalled();
        if (keep_spinning(&spin))
            continue;
        narrate(flow->narration, LEFT, "the ring is full: sleeps");
        ring_sleep_while_full(&flow->ring, BOUND);
        rendezvous_check(flow->rendezvous, CONSUMER);
    }
}

void ring_send(struct ring_transfer *flow, uint64_t deadline)
{
    const int input = flow->input;
    struct stat status;
    const bool may_wait = fstat(input, &status) == -1 || !S_ISREG(status.st_mode);
    if (!rendezvous_await(flow->rendezvous, CONSUMER, deadline))
        fail_that(EXIT_PEER, "no consumer came in time");
    progress_begin(&flow->progress, "producer", input, true);
    for (;;) {
        unsigned char *bytes;
        const size_t room = await_room(flow, &bytes);
        while (may_wait && !wait_ready(input, POLLIN, BOUND / MILLISECOND))
            rendezvous_check(flow->rendezvous, CONSUMER);
        const ssize_t got = read_some(input, bytes, room);
        if (got == -1 && errno == EAGAIN)
            continue;
        if (got == -1 && errno == EFAULT)
            end_shrunk();
        if (got == -1)
            fail("read", flow->label);
        if (got == 0)
            break;
        narrate(flow->narration, LEFT, "read(%d, ring, %zu) = %zd", input, room, got);
        ring_commit(&flow->ring, (size_t)got);
        progress_add(&flow->progress, (size_t)got);
    }
    rendezvous_set_state(flow->rendezvous, STATE_ALL_SENT, flow->progress.bytes);
    ring_end(&flow->ring);
    if (!rendezvous_await_received(flow->rendezvous))
        rendezvous_check(flow->rendezvous, CONSUMER);
    progress_end(&flow->progress);
}

/*
 * Bytes, or 0 at the end. The rendezvous knows of the end a moment before the ring: a producer that
 * dies in between has sent all.
 */
static size_t await_bytes(struct ring_transfer *flow, const unsigned char **bytes)
{
    struct spin spin = {0};
    for (bool all_sent = false;;) {
        /* before the look at what is there */
        const bool ended = all_sent || ring_has_ended(&flow->ring);
        const size_t filled = ring_peek(&flow->ring, 1, bytes);
        check_corruption(flow, filled);
        if (filled > 0 || ended)
            return filled < BLOCK ? filled : BLOCK;
        end_if_signalled();
        if (keep_spinning(&spin))
            continue;
        narrate(flow->narration, LEFT, "the ring is empty: sleeps");
        ring_sleep_while_empty(&flow->ring, BOUND);
        rendezvous_check(flow->rendezvous, PRODUCER);
        all_sent = rendezvous_peers(flow->rendezvous, PRODUCER).all_sent > 0;
    }
}

void ring_receive(struct ring_transfer *flow, uint64_t deadline)
{
    const unsigned char *bytes;
    if (!rendezvous_await(flow->rendezvous, PRODUCER, deadline))
        fail_that(EXIT_PEER, "no producer came in time");
    progress_begin(&flow->progress, "consumer", -1, false);
    for (size_t size; (size = await_bytes(flow, &bytes)) > 0;) {
        narrate(flow->narration, LEFT, "write(1, ring, %zu)", size);
        if (!write_full(STDOUT_FILENO, bytes, size)) {
            if (errno == EFAULT)
                end_shrunk();
            fail("write", "standard output");
        }
        ring_release(&flow->ring, size);
        progress_add(&flow->progress, size);
    }
    const struct peers producers = rendezvous_peers(flow->rendezvous, PRODUCER);
    if (producers.all_sent == 0) /* the flag alone is not believed */
        fail_that(EXIT_FAILED, "the ring in \"%s\" is damaged", flow->object);
    if (!close_written(STDOUT_FILENO))
        fail("close", "standard output");
    rendezvous_set_state(flow->rendezvous, STATE_ALL_RECEIVED, flow->progress.bytes);
    progress_end(&flow->progress);
}
