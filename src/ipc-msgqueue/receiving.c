/*
 * One message out of the queue of the pair, patiently, and without a peer that has died.
 */
#include "msgqueue.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/transfer/spin.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/msg.h>

/*
 * Asked while waiting only: whether nothing more will be sent. Whoever gets true looks into the
 * queue once more, as a message may have been sent before the producer said so or died.
 */
static bool producer_is_through(struct queue *queue)
{
    static bool told;
    const struct peers producers = rendezvous_peers(&queue->rendezvous, PRODUCER);
    if (producers.all_sent > 0)
        return true;
    if (producers.alive > 0)
        return false;
    if (producers.died + producers.left > 0)
        return true;
    if (!queue->came && now() >= queue->deadline)
        fail_that(EXIT_PEER, "no producer came in time");
    if (!queue->came && !told && now() - queue->began > SECOND / 5) {
        say("waiting for a producer");
        told = true;
    }
    return false;
}

/*
 * Who ends the sleep: a producer that sends, another consumer that puts the end mark back, whoever
 * removes the queue (EIDRM), or the next tick: so the death of a producer, of a consumer who had
 * the mark in its hands, and a signal that came right before the call are all noticed.
 */
static ssize_t receive_sysv(struct queue *queue)
{
    struct spin spin = {0};
    for (bool last_look = false;;) {
        ssize_t got = msgrcv(queue->id, queue->message, queue->room, queue->selection, IPC_NOWAIT);
        if (got == -1 && errno == ENOMSG && last_look)
            return NOTHING_MORE;
        if (got == -1 && errno == ENOMSG && !keep_spinning(&spin)) {
            last_look = producer_is_through(queue);
            if (last_look)
                continue;
            start_wakeup_timer();
            got = msgrcv(queue->id, queue->message, queue->room, queue->selection, 0);
        }
        if (got != -1)
            return got;
        if (errno == E2BIG) { /* it stays in the queue */
            free(queue->message);
            queue->message = message_of(queue->room *= 2);
        } else if (errno != ENOMSG && !interrupted()) {
            fail("msgrcv", queue->session_name);
        }
        end_if_signalled();
    }
}

/* The same; its timeout ends the sleep. A time long past means: do not wait (mq_receive(3p)). */
static ssize_t receive_posix(struct queue *queue)
{
    static const struct timespec past = {0};
    struct spin spin = {0};
    for (bool last_look = false;;) {
        unsigned priority;
        ssize_t got =
            mq_timedreceive(queue->descriptor, queue->message->text, queue->room, &priority, &past);
        if (got == -1 && errno == ETIMEDOUT && last_look)
            return NOTHING_MORE;
        if (got == -1 && errno == ETIMEDOUT && !keep_spinning(&spin)) {
            last_look = producer_is_through(queue);
            if (last_look)
                continue;
            const struct timespec limit = real_time_in(100 * MILLISECOND);
            got = mq_timedreceive(queue->descriptor, queue->message->text, queue->room, &priority,
                                  &limit);
        }
        if (got != -1) {
            queue->message->type = (long)priority;
            return got;
        }
        if (errno != ETIMEDOUT && !interrupted())
            fail("mq_receive", queue->session_name);
        end_if_signalled();
    }
}

ssize_t receive_message(struct queue *queue)
{
    const bool sysv = queue->family == SYSV;
    const uint64_t called = queue->narration != NULL ? now() : 0;
    const ssize_t got = sysv ? receive_sysv(queue) : receive_posix(queue);
    queue->came = true;
    if (queue->narration != NULL && got == NOTHING_MORE)
        narrate_waited(queue->narration, LEFT, called, "nothing came",
                       "the queue is empty, and nobody sends");
    else if (queue->narration != NULL)
        narrate_waited(queue->narration, LEFT, called, "the queue was empty",
                       "%s(%d) = %zd  %s %ld  %s%s", sysv ? "msgrcv" : "mq_receive",
                       sysv ? queue->id : (int)(intptr_t)queue->descriptor, got,
                       sysv ? "type" : "priority", queue->message->type,
                       quoted(queue->message->text, (size_t)got).text, got == 0 ? "  the end" : "");
    return got;
}
