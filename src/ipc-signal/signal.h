/* SPDX-License-Identifier: MIT
 * What the roles of ipc-signal share: bytes in the values of signals, and who the peer is.
 */
#ifndef IPC_SIGNAL_H
#define IPC_SIGNAL_H

#include "ipc/transfer/pair.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * A value is as large as a pointer. Its lowest byte says what it is, the others are up to
 * VALUE_BYTES bytes of data, or a number.
 */
enum { VALUE_BYTES = sizeof(void *) - 1 };
enum kind {
    KIND_DATA = 0x40, /* plus how many bytes, and whether the next signal comes at once */
    MORE_FOLLOWS = 0x20,
    KIND_END = 0x80,  /* the number of signals before this one */
    KIND_TAKEN = 0xc0 /* back: how many signals were taken so far */
};

struct signal_peer {
    struct pair pair;
    const char *name; /* --name or --pid, not both */
    long pid_option;
    enum member_role role; /* the peer's */
    const char *word;      /* what messages call it */
    pid_t pid;
    uintptr_t first; /* taken while we waited for the peer */
    bool has_first;
};

/* Parses the options that the pair has in common, opens the producer's FILE; then the two meet. */
void peer_open(const struct role *role, int argc, char **argv, enum member_role member,
               struct signal_peer *peer);

/* The name of the rendezvous that the process of --pid has joined as our peer; exit 1 if none. */
const char *find_peer(const struct signal_peer *peer);

/* Whether it lives; false if it has gone and had everything, or sent it. Exit 3 if not. */
bool peer_lives(const struct signal_peer *peer);

/* Sends a value. False when too many signals are pending already (EAGAIN). Exit 3 if it died. */
bool peer_send(struct signal_peer *peer, uintptr_t value);

/*
 * Takes one value that the peer has sent. False if none came in that time. Signals of others, and
 * those that were not queued, are taken and dropped: otherwise they would fill the queue.
 */
bool peer_take(struct signal_peer *peer, uint64_t nanoseconds, uintptr_t *value);

role_function signal_demo, signal_producer, signal_consumer, signal_list, signal_coalesce,
    signal_mask, signal_restart, signal_selfpipe, signal_group, signal_unsafe, signal_catch,
    signal_bench;

#endif
