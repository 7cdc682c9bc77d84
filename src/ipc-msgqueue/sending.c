/* SPDX-License-Identifier: MIT
 * One message into the pair's queue. The wait is bounded, so that a consumer's death is noticed.
 */
#include "msgqueue.h"

#include "ipc/common/cleanup.h"

#include <errno.h>

bool check_consumers(struct queue *queue)
{
    const struct peers consumers = rendezvous_peers(&queue->pair.rendezvous, CONSUMER);
    if (consumers.alive > 0) {
        rendezvous_tell_peer(&queue->pair.rendezvous);
        return true;
    }
    if (consumers.died > 0)
        peer_died(CONSUMER, consumers.dead_pid);
    if (consumers.left > 0 && consumers.done == 0) /* one may have come and taken all just now */
        fail_that(EXIT_PEER, "the consumer left before it had received everything");
    return false;
}

/*
 * A consumer that takes a message ends the sleep, or somebody who removes the queue (EIDRM), or the
 * next tick of the timer. Otherwise a consumer's death, and a signal that came just before the
 * call, would not be noticed. mq_timedsend() would sleep longer when CLOCK_REALTIME is set back; a
 * time long past means: do not wait (mq_send(3p)).
 */
int send_once(const struct queue *queue, const struct message *message, size_t size, bool sleeps)
{
    static const struct timespec past = {0};
    const unsigned priority = (unsigned)message->type;
    if (queue->pair.family == SYSV)
        return msgsnd(queue->id, message, size, sleeps ? 0 : IPC_NOWAIT);
    if (sleeps)
        return mq_send(queue->descriptor, message->text, size, priority);
    return mq_timedsend(queue->descriptor, message->text, size, priority, &past);
}

void send_message(struct queue *queue, const struct message *message, size_t size)
{
    const bool sysv = queue->pair.family == SYSV;
    struct narration *n = queue->pair.narration;
    if (n != NULL)
        narrate_call(n, LEFT, "%s(%d, %s %ld, %zu)", sysv ? "msgsnd" : "mq_send",
                     sysv ? queue->id : (int)(intptr_t)queue->descriptor,
                     sysv ? "type" : "priority", message->type, size);
    uint64_t spin = 0;
    int result;
    bool sleeps = false;
    while ((result = send_once(queue, message, size, sleeps)) == -1 &&
           (errno == EAGAIN || errno == ETIMEDOUT || interrupted())) {
        end_if_signalled();
        const bool looks = sleeps || !queue->has_peer; /* after a tick: looks are expensive */
        sleeps = !keep_spinning(&spin);
        if (sleeps && looks && !check_consumers(queue) && !queue->has_peer)
            await_peer(queue, CONSUMER);
    }
    if (result == -1)
        fail(sysv ? "msgsnd" : "mq_send", queue->pair.name);
    if (n != NULL)
        narrate_return(n, "the queue was full", "0  %s%s", quoted(message->text, size).text,
                       size == 0 ? "  the end" : "");
    queue->has_peer = queue->has_peer || sleeps;
}
