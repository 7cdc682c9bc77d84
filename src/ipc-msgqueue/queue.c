/* SPDX-License-Identifier: MIT
 * The queue of the pair: found by its rendezvous, made by whoever comes first.
 */
#include "msgqueue.h"
#include "platform.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

enum { POSIX_DEPTH = 10, POSIX_SIZE = 8192 };

static int get_queue(key_t key, int flags)
{
    return msgget(key, flags);
}

int queue_noted(const struct rendezvous *rendezvous)
{
    return noted_sysv(rendezvous, get_queue);
}

void queue_remove_objects(const struct rendezvous *rendezvous)
{
    char name[POSIX_NAME_SIZE];
    if (rendezvous->objects[NOTED_FAMILY] == 1 + POSIX)
        destroy_object(POSIX_QUEUE, posix_name(name, "msgqueue", rendezvous->name), 0);
    else
        remove_sysv(rendezvous, SYSV_QUEUE, get_queue);
}

static void make_posix(struct queue *queue)
{
    struct mq_attr attributes = {.mq_maxmsg = POSIX_DEPTH, .mq_msgsize = POSIX_SIZE};
    struct posix_queue_limits limits;
    posix_queue_limits(&limits);
    if (limits.messages > 0 && limits.messages < attributes.mq_maxmsg)
        attributes.mq_maxmsg = limits.messages;
    if (limits.size > 0 && limits.size < attributes.mq_msgsize)
        attributes.mq_msgsize = limits.size;

    if (mq_open(queue->posix_name, O_RDONLY | O_CLOEXEC) != (mqd_t)-1 || errno != ENOENT)
        fail_that(EXIT_FAILED,
                  "mq_open \"%s\": there is such a queue, and it is not of this session\n"
                  "  'ipc-msgqueue stat --api posix' shows whose it is, 'remove' removes your own",
                  queue->posix_name);
    /* noted before it exists, as for a key; of two who come here by different folders one fails */
    note_made(&queue->pair.rendezvous, POSIX, 0, true);
    queue->descriptor =
        mq_open(queue->posix_name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600, &attributes);
    if (queue->descriptor == (mqd_t)-1) {
        queue->pair.rendezvous.objects[NOTED_FAMILY] = 0;
        fail("mq_open", queue->posix_name);
    }
}

static void open_noted(struct queue *queue)
{
    check_family(&queue->pair.rendezvous, queue->pair.family, "is a queue of the other family");
    queue->id = queue_noted(&queue->pair.rendezvous);
    if (queue->pair.family == SYSV && queue->id == -1)
        refuse_rendezvous(&queue->pair.rendezvous, "has lost its queue", "somebody has removed it");
    if (queue->pair.family == SYSV)
        return;
    queue->descriptor = mq_open(queue->posix_name, O_RDWR | O_CLOEXEC);
    if (queue->descriptor == (mqd_t)-1)
        refuse_rendezvous(&queue->pair.rendezvous, "has a queue that cannot be opened",
                          strerror(errno));
}

/*
 * A stream that was sent whole leaves at least its end mark in the queue. Without it, a program
 * that is not ours has received the stream.
 */
static bool holds_messages(const struct rendezvous *rendezvous)
{
    struct msqid_ds status;
    struct mq_attr attributes = {0};
    char name[POSIX_NAME_SIZE];
    if (rendezvous->objects[NOTED_FAMILY] == 1 + SYSV)
        return msgctl(queue_noted(rendezvous), IPC_STAT, &status) == 0 && status.msg_qnum > 0;
    const mqd_t descriptor =
        mq_open(posix_name(name, "msgqueue", rendezvous->name), O_RDONLY | O_CLOEXEC);
    if (descriptor == (mqd_t)-1)
        return errno != ENOENT;
    const bool failed = mq_getattr(descriptor, &attributes) == -1;
    mq_close(descriptor);
    return failed || attributes.mq_curmsgs > 0;
}

static void find_largest(struct queue *queue)
{
    if (queue->pair.family == POSIX) {
        struct mq_attr attributes;
        or_fail(mq_getattr(queue->descriptor, &attributes), "mq_getattr", queue->posix_name);
        queue->largest = (size_t)attributes.mq_msgsize;
        return;
    }
    struct sysv_queue_limits limits;
    /* msgsnd() would wait for ever with a message that is larger than the whole queue */
    queue->largest = (size_t)queue_status(queue->id, queue->pair.name).msg_qbytes;
    if (sysv_queue_limits(&limits) && (size_t)limits.msgmax < queue->largest)
        queue->largest = (size_t)limits.msgmax;
}

void queue_join(struct queue *queue, enum member_role member)
{
    struct rendezvous *rendezvous = &queue->pair.rendezvous;
    struct pair *pair = &queue->pair;
    posix_name(queue->posix_name, "msgqueue", pair->name);
    rendezvous->remove_objects = queue_remove_objects;
    rendezvous->holds_stream = holds_messages;
    rendezvous_join(rendezvous, "msgqueue", pair->name, member, member == PRODUCER, pair->deadline);
    if (!rendezvous->first)
        open_noted(queue);
    else if (pair->family == SYSV)
        queue->id = make_sysv(rendezvous, pair->key_text, pair->key, get_queue, "msgget");
    else
        make_posix(queue);
    find_largest(queue);
    if (queue->largest == 0)
        fail_that(EXIT_FAILED, "the queue of \"%s\" may hold no bytes at all (msg_qbytes)",
                  pair->name);
    queue->made = rendezvous->objects[NOTED_MADE] != 0;
    rendezvous_enter(rendezvous);
    rendezvous_tell_peer(rendezvous);
    start_wakeup_timer(); /* for send_once() and receive_message() */
}

void await_peer(struct queue *queue, enum member_role role)
{
    if (now() >= queue->pair.deadline)
        fail_that(EXIT_PEER, "no %s came in time", role == PRODUCER ? "producer" : "consumer");
    rendezvous_tell_waiting(&queue->pair.rendezvous);
}

struct msqid_ds queue_status(int id, const char *object)
{
    struct msqid_ds status;
    or_fail(msgctl(id, IPC_STAT, &status), "msgctl IPC_STAT", object);
    return status;
}
