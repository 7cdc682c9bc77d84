/*
 * What the roles of ipc-shm share: how a segment is found, made, attached and removed.
 */
#ifndef IPC_SHM_H
#define IPC_SHM_H

#include "ipc/common/argv.h"
#include "ipc/rendezvous/sysv_keys.h"
#include "ipc/transfer/ring_transfer.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct segment {
    const char *name; /* --name or --key, not both */
    const char *key_text;
    int family;
    key_t key;
    int id;
    char posix_name[POSIX_NAME_SIZE];
    char session[NAME_MOST + 1];
    struct rendezvous rendezvous;
    void *memory;
    size_t size;
};

/*
 * Parses the options of the pair, opens the producer's FILE, joins the session and attaches the
 * segment; the ring in it is ours.
 */
void segment_open(const struct role *role, int argc, char **argv, enum member_role member,
                  struct segment *segment, struct ring_transfer *flow, uint64_t *deadline);

/* Ends with a usage error unless --name, --key and --api make sense together. */
void segment_choose(const struct role *role, struct segment *segment);

/* fail() for a shmget of so many bytes: says which limit of the system was reached, if one was. */
_Noreturn void fail_shmget(const char *object, size_t size);

/*
 * Opens and maps the object, for looking only unless writable; fails (exits) if there is none. An
 * empty one is not mapped: memory is NULL, size 0.
 */
void segment_map(struct segment *segment, bool writable);

/* For rendezvous_remove(): removes the segment, unless somebody else made it. */
void segment_remove_objects(const struct rendezvous *rendezvous);

int shm_demo(const struct role *role, int argc, char **argv);
int shm_producer(const struct role *role, int argc, char **argv);
int shm_consumer(const struct role *role, int argc, char **argv);
int shm_race(const struct role *role, int argc, char **argv);
int shm_attach(const struct role *role, int argc, char **argv);
int shm_copies(const struct role *role, int argc, char **argv);
int shm_persist(const struct role *role, int argc, char **argv);
int shm_stat(const struct role *role, int argc, char **argv);
int shm_remove(const struct role *role, int argc, char **argv);
int shm_bench(const struct role *role, int argc, char **argv);

#endif
