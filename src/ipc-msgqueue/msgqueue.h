/*
 * What the roles of ipc-msgqueue share: how the pair, stat and remove find their queue.
 */
#ifndef IPC_MSGQUEUE_H
#define IPC_MSGQUEUE_H

#include "ipc/common/argv.h"
#include "ipc/common/io.h"
#include "ipc/narration/narration.h"
#include "ipc/rendezvous/rendezvous.h"
#include "ipc/rendezvous/sysv_keys.h"
#include "ipc/transfer/progress.h"

#include <mqueue.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What msgsnd() and msgrcv() take: the type, and behind it as many bytes as the message has. */
struct message {
    long type;
    char text[];
};

struct queue {
    const char *name; /* of the rendezvous; NULL when key_text is given */
    const char *key_text;
    int family;
    key_t key;
    int id;                           /* sysv */
    mqd_t descriptor;                 /* posix */
    char posix_name[POSIX_NAME_SIZE]; /* posix */
    char session_name[NAME_MOST + 1]; /* what the rendezvous is called */
    size_t largest;                   /* the bytes of the largest message it takes */
    bool made;                        /* by one of us: then the last of us removes it */
    struct rendezvous rendezvous;
    uint64_t began, deadline;    /* of the wait for a peer */
    struct narration *narration; /* NULL without -v */
    struct progress progress;
    bool came; /* a peer, ours or not: a message came, or room for one */
    /* a producer's */
    int input;
    bool watched; /* it may have to wait for input */
    const char *label;
    /* a consumer's */
    struct message *message;
    size_t room;
    long selection; /* --type */
};

/* A producer. Asked while waiting only: ends the process when nobody will ever receive. */
void check_consumers(struct queue *queue);

/* Sends all of the input: in blocks, or a message per line. */
void send_blocks(struct queue *queue, long type);
void send_lines(struct queue *queue, long type);

/* Sends one message; fails (exits) if that is impossible. */
void send_message(struct queue *queue, const struct message *message, size_t size);

/*
 * Receives one message into queue->message; returns its size, 0 for the end mark, or NOTHING_MORE
 * when the queue is empty and nobody sends any more.
 */
enum { NOTHING_MORE = -1 };
ssize_t receive_message(struct queue *queue);

/* Ends with a usage error unless --name, --key and --api make sense together. */
void queue_check_options(const struct role *role, struct queue *queue);

/*
 * Joins the rendezvous and makes or opens its queue. A queue that somebody else made with that key
 * is used as it is.
 */
void queue_join(struct queue *queue, enum member_role member, uint64_t deadline);

/* The id of the System V queue that was noted, -1 where it is gone. */
int queue_noted(const struct rendezvous *rendezvous);

/* For rendezvous_remove(): removes the queue, unless somebody else made it. */
void queue_remove_objects(const struct rendezvous *rendezvous);

/* Room for a message of that many bytes; fails (exits) when memory is out. */
struct message *message_of(size_t size);

int msgqueue_demo(const struct role *role, int argc, char **argv);
int msgqueue_producer(const struct role *role, int argc, char **argv);
int msgqueue_consumer(const struct role *role, int argc, char **argv);
int msgqueue_types(const struct role *role, int argc, char **argv);
int msgqueue_persist(const struct role *role, int argc, char **argv);
int msgqueue_full(const struct role *role, int argc, char **argv);
int msgqueue_key(const struct role *role, int argc, char **argv);
int msgqueue_stat(const struct role *role, int argc, char **argv);
int msgqueue_bench(const struct role *role, int argc, char **argv);
int msgqueue_remove(const struct role *role, int argc, char **argv);

#endif
