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

enum { BLOCK_SIZE = 128 * 1024, SLEEP_LIMIT_MS = 100 };

void begin_ring_transfer(struct ring_transfer *transfer, void *memory, size_t size)
{
    struct pair *pair = transfer->pair;
    guard_mapping(memory, size, transfer->object);
    if (transfer->makes_ring && !ring_create(memory, RING_CAPACITY))
        fail("sem_init", transfer->object);
    const char *problem = ring_attach(&transfer->ring, memory, size, pair->member == PRODUCER);
    if (problem != NULL) {
        rendezvous_leave(&pair->rendezvous);
        fail_that(EXIT_FAILED, "\"%s\" %s: not used", transfer->object, problem);
    }
    meet_peer(pair);
}

static _Noreturn void fail_damaged(const struct ring_transfer *transfer)
{
    fail_that(EXIT_FAILED, "the ring in \"%s\" is damaged", transfer->object);
}

/*
 * A consumer looks for the end before it looks for bytes. Otherwise it would lose those passed in
 * between. A producer that dies before the ring tells of the end has sent everything if the
 * rendezvous says so.
 */
size_t lend_block(struct ring_transfer *transfer, unsigned char **bytes)
{
    const struct rendezvous *rendezvous = &transfer->pair->rendezvous;
    const bool sends = transfer->pair->member == PRODUCER;
    uint64_t spin = 0;
    for (bool all_sent = false;;) {
        const bool ended = all_sent || (!sends && ring_has_ended(&transfer->ring));
        const size_t size = ring_lend(&transfer->ring, sends ? BLOCK_SIZE : 1, bytes);
        if (size == RING_CORRUPT)
            fail_damaged(transfer);
        if (size > 0 || ended) /* at most a block: the peer gets its turn before the next */
            return size < BLOCK_SIZE ? size : BLOCK_SIZE;
        end_if_signalled();
        if (keep_spinning(&spin))
            continue;
        narrate(transfer->pair->narration, LEFT, "the ring is %s: sleeps",
                sends ? "full" : "empty");
        ring_sleep(&transfer->ring, SLEEP_LIMIT_MS * MILLISECOND);
        rendezvous_check(rendezvous, sends ? CONSUMER : PRODUCER);
        all_sent = !sends && rendezvous_peers(rendezvous, PRODUCER).done > 0;
    }
}

int end_ring_transfer(struct ring_transfer *transfer)
{
    struct pair *pair = transfer->pair;
    if (pair->member == CONSUMER) {
        if (rendezvous_peers(&pair->rendezvous, PRODUCER).done == 0)
            fail_damaged(transfer);
        return end_consumer(pair);
    }
    rendezvous_set_state(&pair->rendezvous, STATE_DONE, pair->progress.bytes);
    ring_end(&transfer->ring);
    return end_producer(pair);
}
