/* SPDX-License-Identifier: MIT
 * What the roles of ipc-msgqueue share: the pair's queue and what goes through it, and the queue of
 * a lesson.
 */
#ifndef IPC_MSGQUEUE_H
#define IPC_MSGQUEUE_H

#include "ipc/common/io.h"
#include "ipc/transfer/list.h"

#include <mqueue.h>
#include <sys/msg.h>

/* What msgsnd() and msgrcv() take: the type, and behind it as many bytes as the message has. */
struct message {
    long type;
    char text[];
};

struct queue {
    struct pair pair;
    int id;                           /* sysv */
    mqd_t descriptor;                 /* posix */
    char posix_name[POSIX_NAME_SIZE]; /* posix */
    size_t largest;                   /* the bytes of the largest message it takes */
    long type;     /* --type, LONG_MIN without: what a producer sends, what a consumer selects */
    bool made;     /* by one of us: then the last of us removes it */
    bool has_peer; /* ours or not: a message came, or room for one */
    /* a consumer's */
    struct message *message;
    size_t room;
    size_t filled; /* of it, by messages that are not written out yet */
};

/* Joins the rendezvous, makes or opens its queue; another's of that key is used as it is. */
void queue_join(struct queue *queue, enum member_role member);

/* The id of the System V queue that was noted, -1 where it is gone. */
int queue_noted(const struct rendezvous *rendezvous);

/* For `list` and `stat --json`. */
look_at_object queue_look;

/* For rendezvous_remove(): removes the queue, unless somebody else made it. */
void queue_remove_objects(const struct rendezvous *rendezvous);

/* While nobody has come for that role: says so once, after a moment; ends us after --timeout. */
void await_peer(struct queue *queue, enum member_role role);

/* While a producer waits: true if a consumer lives. Ends us if some came, and all died or left. */
bool check_consumers(struct queue *queue);

/* Sends all of the input: in blocks, or a message per line. */
void send_blocks(struct queue *queue);
void send_lines(struct queue *queue);

/* Sends one message; fails (exits) if that is impossible. */
void send_message(struct queue *queue, const struct message *message, size_t size);

/* msgsnd() or mq_send(), once. If full, EAGAIN or ETIMEDOUT; or, asleep, EINTR after 100 ms. */
int send_once(const struct queue *queue, const struct message *message, size_t size, bool sleeps);

/*
 * Receives one message into queue->message, behind those that stand there; returns its size, 0 for
 * the end mark. NOTHING_MORE: the queue is empty, and nobody sends any more, or some stand there.
 */
enum { NOTHING_MORE = -1 };
ssize_t receive_message(struct queue *queue);

/* Room for a message of that many bytes; fails (exits) when memory is out. */
struct message *message_of(size_t size);

/* msgctl(IPC_STAT); fails (exits), naming the object. */
struct msqid_ds queue_status(int id, const char *object);

/* ---- for demo and lessons ---- */

enum { TEXT_MOST = 100 };
struct line {
    long type;
    char text[TEXT_MOST];
};

/*
 * msgget(), told, with a key of our own: with IPC_PRIVATE a death before the queue is noted would
 * leave it for good. To be removed at the end; *handle is for objects.h; may be NULL.
 */
int private_queue(struct narration *narration, enum column column, size_t *handle);

/* The prompt of --step names the line of the lesson, not that of its helper. */
#define private_queue(...) (narrate_here(__FILE__, __LINE__), (private_queue)(__VA_ARGS__))

/* Makes an empty file, to be removed at the end; returns its inode number. */
uint64_t private_file(char path[PATH_SIZE]);

role_function msgqueue_demo, msgqueue_producer, msgqueue_consumer, msgqueue_list, msgqueue_types,
    msgqueue_persist, msgqueue_full, msgqueue_key, msgqueue_stat, msgqueue_bench, msgqueue_remove;

#endif
