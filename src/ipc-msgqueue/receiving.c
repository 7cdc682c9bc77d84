/* SPDX-License-Identifier: MIT
 * One message out of the pair's queue. The wait is bounded, so that a producer's death is noticed.
 */
#include "msgqueue.h"

#include "ipc/common/cleanup.h"

#include <errno.h>
#include <stdlib.h>

/*
 * A producer that sends ends the sleep, or another consumer that puts the end mark back, or
 * somebody who removes the queue (EIDRM), or the next tick of the timer. Otherwise nobody would
 * notice the death of a producer, or of a consumer that had the mark in its hands, or a signal that
 * came just before the call. mq_timedreceive(): as mq_timedsend() in sending.c.
 */
static ssize_t receive_once(struct queue *queue, bool sleeps)
{
    static const struct timespec past = {0};
    char *text = queue->message->text + queue->filled;
    const size_t room = queue->room - queue->filled;
    unsigned priority = 0;
    if (queue->pair.family == SYSV) {
        struct message *message = (void *)(text - sizeof message->type);
        const long under = message->type; /* the type comes over the end of what stands there */
        const ssize_t got = msgrcv(queue->id, message, room, queue->type, sleeps ? 0 : IPC_NOWAIT);
        const long type = got == -1 ? queue->message->type : message->type;
        message->type = under;
        queue->message->type = type;
        return got;
    }
    const ssize_t got = sleeps ? mq_receive(queue->descriptor, text, room, &priority)
                               : mq_timedreceive(queue->descriptor, text, room, &priority, &past);
    queue->message->type = (long)priority;
    return got;
}

/* While waiting: true if nothing more will be sent. */
static bool producer_is_through(struct queue *queue)
{
    const struct peers producers = rendezvous_peers(&queue->pair.rendezvous, PRODUCER);
    rendezvous_tell_peer(&queue->pair.rendezvous);
    if (producers.done > 0)
        return true;
    if (producers.alive > 0)
        return false;
    if (producers.died + producers.left > 0)
        return true;
    if (!queue->has_peer)
        await_peer(queue, PRODUCER);
    return false;
}

static ssize_t await_message(struct queue *queue)
{
    uint64_t spin = 0;
    ssize_t got;
    bool sleeps = false, last_look = false;
    while ((got = receive_once(queue, sleeps)) == -1) {
        const bool empty = errno == ENOMSG || errno == ETIMEDOUT;
        if (queue->filled > 0 || (empty && last_look))
            return NOTHING_MORE;
        if (errno == E2BIG) { /* it stays in the queue */
            free(queue->message);
            queue->message = message_of(queue->room *= 2);
            continue;
        }
        if (!empty && !interrupted())
            fail(queue->pair.family == SYSV ? "msgrcv" : "mq_receive", queue->pair.name);
        end_if_signalled();
        /* a message may have been sent just before the producer said that it is through, or died */
        const bool looks = sleeps || !queue->has_peer; /* after a tick: looks are expensive */
        sleeps = !keep_spinning(&spin);
        last_look = sleeps && looks && producer_is_through(queue);
        sleeps = sleeps && !last_look;
    }
    return got;
}

ssize_t receive_message(struct queue *queue)
{
    const bool sysv = queue->pair.family == SYSV;
    struct narration *n = queue->pair.narration;
    if (n != NULL)
        narrate_call(n, LEFT, sysv ? "msgrcv(%d, type %ld)" : "mq_receive(%d)",
                     sysv ? queue->id : (int)(intptr_t)queue->descriptor, queue->type);
    const ssize_t got = await_message(queue);
    if (!queue->has_peer)
        rendezvous_tell_peer(&queue->pair.rendezvous);
    queue->has_peer = true;
    if (n != NULL && got == NOTHING_MORE)
        narrate_return(n, "nothing came", "-1  it is empty, and nobody sends");
    else if (n != NULL)
        narrate_return(n, "the queue was empty", "%zd  %s %ld  %s%s", got,
                       sysv ? "type" : "priority", queue->message->type,
                       quoted(queue->message->text, (size_t)got).text, got == 0 ? "  the end" : "");
    return got;
}
