/* SPDX-License-Identifier: MIT
 * What only ipc-msgqueue needs and POSIX.1-2008 does not have, each with a portable fallback.
 */
#ifndef IPC_MSGQUEUE_PLATFORM_H
#define IPC_MSGQUEUE_PLATFORM_H

#include <stdbool.h>

/* The limits of System V message queues, and what is in use; false where that is unknown. */
struct sysv_queue_limits {
    long msgmax;                  /* bytes in a message */
    long msgmnb;                  /* bytes in a queue, when it is made */
    long msgmni;                  /* queues */
    long queues, messages, bytes; /* in use; the bytes of all messages */
};
bool sysv_queue_limits(struct sysv_queue_limits *limits);

/* The bytes of all messages in a queue: no member of msqid_ds in POSIX. -1 where unknown. */
struct msqid_ds;
long queue_bytes(const struct msqid_ds *status);

/* The limits of POSIX message queues; -1 where the system does not tell. */
struct posix_queue_limits {
    long messages;      /* in a queue */
    long size;          /* of a message */
    long queues;        /* in the system */
    long long per_user; /* bytes of all queues of a user: RLIMIT_MSGQUEUE */
};
void posix_queue_limits(struct posix_queue_limits *limits);

#endif
