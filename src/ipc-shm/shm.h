/* SPDX-License-Identifier: MIT
 * What the roles of ipc-shm share: how a segment is found, made, attached and removed.
 */
#ifndef IPC_SHM_H
#define IPC_SHM_H

#include "ipc/transfer/list.h"
#include "ipc/transfer/ring.h"

struct segment {
    struct pair pair;
    char posix_name[POSIX_NAME_SIZE];
    int id; /* a descriptor in the family POSIX */
    size_t size;
    struct ring ring;
};

/*
 * Parses the options of the pair, opens the producer's FILE, joins the rendezvous, and makes the
 * segment if we are first. Returns its id for shmat(), or a descriptor for mmap().
 */
int segment_open(const struct role *role, int argc, char **argv, enum member_role member,
                 struct segment *segment);

/*
 * Takes what shmat() or mmap() returned (fails if they did), makes the ring in it if we are first,
 * and waits for the peer.
 */
void segment_begin(struct segment *segment, void *memory);

/* For rendezvous_remove(): removes the segment, unless another program made it. */
void segment_remove_objects(const struct rendezvous *rendezvous);

/* For `list` and `stat --json`. */
look_at_object segment_look;

/* fail() for a shmget of so many bytes: says which limit of the system was reached, if one was. */
_Noreturn void fail_shmget(const char *object, size_t size);

/*
 * shmget(), told, with a key that ftok() makes of a file of our own, noted before the segment
 * exists: a killed process leaves nothing. Removed at the end. Returns the id.
 */
int new_segment(struct narration *n, size_t size, key_t *key);

role_function shm_demo, shm_producer, shm_consumer, shm_list, shm_race, shm_order, shm_attach,
    shm_copies, shm_persist, shm_stat, shm_remove, shm_bench;

#endif
