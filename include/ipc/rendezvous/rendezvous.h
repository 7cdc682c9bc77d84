/* SPDX-License-Identifier: MIT
 * The rendezvous: how processes that were started separately, in any order, find each other by
 * name, notice each other's death, and leave nothing behind. It begins when the first member joins,
 * and ends when the last one leaves; rendezvous.c says how.
 */
#ifndef IPC_RENDEZVOUS_RENDEZVOUS_H
#define IPC_RENDEZVOUS_RENDEZVOUS_H

#include "ipc/rendezvous/private_files.h"

enum member_role { PRODUCER, CONSUMER, MEMBER_ROLES };

enum member_state {
    STATE_FREE,
    STATE_JOINED,
    STATE_CAUGHT_UP, /* a consumer that waits: all that it has read is written out */
    STATE_DONE /* every byte is on its way, and the end after it; or every byte is written out */
};

enum { OBJECTS_MOST = 8, MEMBERS_MOST = 256 };

/*
 * The members of a role, other than ourselves. Where others may follow in a role (may_follow), a
 * producer counts only the consumers that had not ended when it joined: others have received
 * nothing of what it sends.
 */
struct peers {
    int alive, died, left;
    int done;        /* alive or left, of which everything was sent or received */
    int caught_up;   /* alive */
    pid_t alive_pid; /* one of those alive */
    pid_t dead_pid;  /* one of those that died */
};

struct rendezvous {
    const char *name;
    enum member_role role;
    char path[PATH_SIZE]; /* of its file */
    int file;
    int slot;   /* 0: none */
    bool first; /* to join: then it makes the objects */
    /* Numbers of the mechanism's own choice: family, ids, keys, sizes. Shared through the file. */
    int64_t objects[OBJECTS_MOST];
    struct peers earlier; /* consumers that had ended when we joined */

    /* To be set before rendezvous_join(), unless 0 is meant: */
    /* Removes what objects[] (0: nothing) and name stand for; what is gone already is no error. */
    void (*remove_objects)(const struct rendezvous *rendezvous);
    /* Whether they hold a stream that was sent whole, to be consumed when its producer has left. */
    bool (*holds_stream)(const struct rendezvous *rendezvous);
    bool may_follow; /* in a role when all of it have left or died: nobody is waited out */
    bool keep;       /* may be set until we leave: all stays unless a consumer has come by then */
    const char *const *words; /* what messages call the two, if not "producer" and "consumer" */
    const char *options; /* what the peer needs to come here: " --name NAME"; NULL for nothing */

    uint64_t entered;             /* on the clock of now() */
    bool told_waiting, told_peer; /* what the two functions below say, once */
};

/*
 * Joins the rendezvous `mechanism`-`name`, in two steps. rendezvous_join() returns with it locked:
 * the process is first (what dead ones left is removed, objects[] is 0), or others are in, or have
 * sent a stream whole and left (objects[] is theirs). Then the caller makes or opens its objects
 * and calls rendezvous_enter(), which notes objects[] and unlocks.
 *
 * only_one: a living member of the same role is refused, exit 1. Members of whom one has died, or
 * among whom that role was played to its end, are waited out until `deadline` (on the clock of
 * now(); UINT64_MAX: for ever), then exit 3. A stream that was sent whole by producers who have
 * left waits for a consumer: another producer is refused, exit 1.
 */
void rendezvous_join(struct rendezvous *rendezvous, const char *mechanism, const char *name,
                     enum member_role role, bool only_one, uint64_t deadline);
void rendezvous_enter(struct rendezvous *rendezvous);

/* Writes objects[] to the file before an object exists that a death would leave behind. */
void rendezvous_note_objects(struct rendezvous *rendezvous);

/* Looks, without waiting and without the lock. To be asked only while waiting. */
struct peers rendezvous_peers(const struct rendezvous *rendezvous, enum member_role role);

/* Waits until a peer of that role has come, even if it has left since. False after the deadline. */
bool rendezvous_await(struct rendezvous *rendezvous, enum member_role role, uint64_t deadline);

/* While waiting, after a moment, once: says who we are, and what to type in another terminal. */
void rendezvous_tell_waiting(struct rendezvous *rendezvous);
/* Says who we are, and who the peer is, if it is here. */
void rendezvous_tell_peer(struct rendezvous *rendezvous);

/*
 * After a producer's STATE_DONE: waits until all consumers are done, or have caught up (where other
 * producers may follow). False if there is none, or one died or left before.
 */
bool rendezvous_await_received(const struct rendezvous *rendezvous);

/* While waiting: ends us, exit 3, if nobody lives in that role, and it was not done before. */
void rendezvous_check(const struct rendezvous *rendezvous, enum member_role role);

/* Ends the process: "the consumer (pid 4243) died", exit 3. */
_Noreturn void peer_died(enum member_role role, pid_t pid);

void rendezvous_set_state(struct rendezvous *rendezvous, enum member_state state);

/* Leaves, as it is done at exit, too: the last one removes the objects, then the file. */
void rendezvous_leave(struct rendezvous *rendezvous);

/* Opens one to look only, or ends it then: fails (exits) if somebody lives. False if it is gone. */
bool rendezvous_look(struct rendezvous *rendezvous, const char *mechanism, const char *name);
bool rendezvous_remove(struct rendezvous *found);

#endif
