/*
 * One message into the queue of the pair, patiently, and without a peer that has died.
 */
#include "msgqueue.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/transfer/spin.h"

#include <errno.h>
#include <sys/msg.h>

/* Asked while waiting only. Ends the process when nobody will ever receive. */
void check_consumers(struct queue *queue)
{
    const struct peers consumers = rendezvous_peers(&queue->rendezvous, CONSUMER);
    static bool told;
    if (consumers.alive > 0)
        return;
    if (consumers.died > 0)
        peer_died(CONSUMER, consumers.dead_pid);
    if (consumers.left > 0)
        fail_that(EXIT_PEER, "the consumer left before it had received everything");
    if (queue->came) /* another's program takes what we send */
        return;
    if (now() >= queue->deadline)
        fail_that(EXIT_PEER, "no consumer came in time");
    if (!told && now() - queue->began > SECOND / 5) {
        say("waiting for a consumer");
        told = true;
    }
}

/*
 * Who ends the sleep: a consumer that takes a message, whoever removes the queue (EIDRM), or the
 * next tick. If the consumer dies right before, the next tick finds out; an ending signal that came
 * just before the call is seen at that tick, too.
 */
static int send_sysv(struct queue *queue, const struct message *message, size_t size)
{
    struct spin spin = {0};
    for (;;) {
        if (msgsnd(queue->id, message, size, IPC_NOWAIT) == 0)
            return 0;
        if (errno != EAGAIN)
            return -1;
        end_if_signalled();
        if (keep_spinning(&spin))
            continue;
        check_consumers(queue);
        start_wakeup_timer();
        if (msgsnd(queue->id, message, size, 0) == 0) {
            queue->came = true;
            return 0;
        }
        if (!interrupted())
            return -1;
    }
}

/* The same; its timeout ends the sleep. A time long past means: do not wait (mq_send(3p)). */
static int send_posix(struct queue *queue, const struct message *message, size_t size)
{
    static const struct timespec past = {0};
    struct spin spin = {0};
    const unsigned priority = (unsigned)message->type;
    for (;;) {
        if (mq_timedsend(queue->descriptor, message->text, size, priority, &past) == 0)
            return 0;
        if (errno != ETIMEDOUT && !interrupted())
            return -1;
        end_if_signalled();
        if (keep_spinning(&spin))
            continue;
        check_consumers(queue);
        const struct timespec limit = real_time_in(100 * MILLISECOND);
        if (mq_timedsend(queue->descriptor, message->text, size, priority, &limit) == 0) {
            queue->came = true;
            return 0;
        }
        if (errno != ETIMEDOUT && !interrupted())
            return -1;
    }
}

void send_message(struct queue *queue, const struct message *message, size_t size)
{
    const bool sysv = queue->family == SYSV;
    const char *call = sysv ? "msgsnd" : "mq_send";
    const uint64_t called = queue->narration != NULL ? now() : 0;
    if (queue->narration != NULL)
        narrate(queue->narration, LEFT, "%s(%d, %s %ld, %s)  %zu bytes%s", call,
                sysv ? queue->id : (int)(intptr_t)queue->descriptor, sysv ? "type" : "priority",
                message->type, quoted(message->text, size).text, size,
                size == 0 ? ": the end" : "");
    const int result = sysv ? send_sysv(queue, message, size) : send_posix(queue, message, size);
    narrate_sent(queue->narration, LEFT, called, "the queue was full", call, result, 0);
    if (result == -1)
        fail(call, queue->session_name);
}
