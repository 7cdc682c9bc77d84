/*
 * A file through a ring.
 *
 * The peer ends each wait here: it posts our bell if we sleep (ring.h). If it dies before that, the
 * sleep ends at its limit, and the rendezvous tells of the death. A signal that ends us interrupts
 * the sleep, or is noticed at its end.
 */
#include "ipc/transfer/ring_transfer.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/io.h"
#include "ipc/transfer/spin.h"

#include <signal.h>
#include <unistd.h>

enum { BLOCK_SIZE = 128 * 1024, SLEEP_LIMIT_MS = 100 };

static struct guarded {
    const unsigned char *memory;
    size_t size;
    const char *object;
} guarded;

void fail_shrunk(void)
{
    fail_that(EXIT_FAILED, "\"%s\" became smaller while it was used", guarded.object);
}

/*
 * Our access to a page that the file no longer has raises SIGBUS (mmap(3p)). What it interrupts is
 * a plain load or store, no function that must not be interrupted: so the process may end here as
 * anywhere else. A SIGBUS from elsewhere does what it always does.
 */
static void on_bus_error(int number, siginfo_t *signal, void *context)
{
    const unsigned char *address = signal->si_addr;
    (void)context;
    if (address >= guarded.memory && address < guarded.memory + guarded.size)
        fail_shrunk();
    sigaction(number, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
}

void guard_mapping(const void *memory, size_t size, const char *object)
{
    struct sigaction action = {.sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO};
    sigemptyset(&action.sa_mask);
    guarded = (struct guarded){.memory = memory, .size = size, .object = object};
    or_fail(sigaction(SIGBUS, &action, NULL), "sigaction", "SIGBUS");
}

void begin_ring_transfer(struct ring_transfer *transfer, enum member_role member, void *memory,
                         size_t size)
{
    const bool sends = member == PRODUCER;
    guard_mapping(memory, size, transfer->object);
    if (transfer->makes_ring && !ring_create(memory, RING_CAPACITY))
        fail("sem_init", transfer->object);
    const char *problem = ring_attach(&transfer->ring, memory, size, sends);
    if (problem != NULL) {
        rendezvous_leave(transfer->rendezvous);
        fail_that(EXIT_FAILED, "\"%s\" %s: not used", transfer->object, problem);
    }
    rendezvous_enter(transfer->rendezvous);
    if (!rendezvous_await(transfer->rendezvous, sends ? CONSUMER : PRODUCER,
                          transfer->pair->deadline))
        fail_that(EXIT_PEER, "no %s came in time", sends ? "consumer" : "producer");
    progress_begin(&transfer->progress, sends ? "producer" : "consumer",
                   sends ? transfer->pair->input.descriptor : -1, sends);
}

/* Of what the ring has lent: at most a block, so that the peer gets its turn before the next. */
static size_t one_block(const struct ring_transfer *transfer, size_t size)
{
    if (size == RING_CORRUPT)
        fail_that(EXIT_FAILED, "the ring in \"%s\" is damaged", transfer->object);
    return size < BLOCK_SIZE ? size : BLOCK_SIZE;
}

size_t lend_room(struct ring_transfer *transfer, unsigned char **room)
{
    size_t size;
    struct spin spin = {0};
    while ((size = ring_lend(&transfer->ring, BLOCK_SIZE, room)) == 0) {
        end_if_signalled();
        if (keep_spinning(&spin))
            continue;
        narrate(transfer->pair->narration, LEFT, "the ring is full: sleeps");
        ring_sleep_while_full(&transfer->ring, SLEEP_LIMIT_MS * MILLISECOND);
        watch_consumer(transfer);
    }
    return one_block(transfer, size);
}

/*
 * Looks for the end before it looks for bytes. Otherwise it would lose those committed in between.
 * A producer that dies before the ring tells of the end has sent everything if the rendezvous says
 * so.
 */
size_t peek_bytes(struct ring_transfer *transfer, const unsigned char **bytes)
{
    struct spin spin = {0};
    for (bool all_sent = false;;) {
        const bool ended = all_sent || ring_has_ended(&transfer->ring);
        const size_t size = ring_peek(&transfer->ring, 1, bytes);
        if (size > 0 || ended)
            return one_block(transfer, size);
        end_if_signalled();
        if (keep_spinning(&spin))
            continue;
        narrate(transfer->pair->narration, LEFT, "the ring is empty: sleeps");
        ring_sleep_while_empty(&transfer->ring, SLEEP_LIMIT_MS * MILLISECOND);
        rendezvous_check(transfer->rendezvous, PRODUCER);
        all_sent = rendezvous_peers(transfer->rendezvous, PRODUCER).done > 0;
    }
}

void watch_consumer(const void *transfer)
{
    rendezvous_check(((const struct ring_transfer *)transfer)->rendezvous, CONSUMER);
}

void end_sending(struct ring_transfer *transfer)
{
    rendezvous_set_state(transfer->rendezvous, STATE_DONE);
    ring_end(&transfer->ring);
    if (!rendezvous_await_received(transfer->rendezvous))
        watch_consumer(transfer);
    progress_end(&transfer->progress);
}

void end_receiving(struct ring_transfer *transfer)
{
    if (rendezvous_peers(transfer->rendezvous, PRODUCER).done == 0)
        fail_that(EXIT_FAILED, "the ring in \"%s\" is damaged", transfer->object);
    if (!close_written(STDOUT_FILENO))
        fail("close", "standard output");
    rendezvous_set_state(transfer->rendezvous, STATE_DONE);
    progress_end(&transfer->progress);
}
