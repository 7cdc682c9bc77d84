/*
 * The two families of objects, and how a System V object is found by the rendezvous of a name.
 */
#ifndef IPC_RENDEZVOUS_SYSV_KEYS_H
#define IPC_RENDEZVOUS_SYSV_KEYS_H

#include "ipc/rendezvous/objects.h"
#include "ipc/rendezvous/rendezvous.h"

enum family { SYSV, POSIX };
extern const char *const families[];

#define OPTION_API(target, default_family)                                                         \
    {                                                                                              \
        .name = "api", .argument = "sysv|posix", .choice = (target), .choices = families,          \
        .help = "which of the two families (default: " default_family ")"                          \
    }
#define OPTION_KEY(target)                                                                         \
    {                                                                                              \
        .name = "key", .argument = "KEY", .text = (target),                                        \
        .help = "this System V key (decimal or 0x...) instead of a name"                           \
    }

/* What the notes in a rendezvous' objects[] mean. 0 is "not noted": families and ids are plus 1. */
enum { NOTED_FAMILY, NOTED_ID, NOTED_KEY, NOTED_MADE, NOTED_SIZE };

/*
 * What the rendezvous is called: by --name, "default" without one, or by --key; then *key is
 * filled, and own_name holds what is returned. Ends with a usage error unless --name, --key and
 * --api make sense together.
 */
const char *choose_name(const struct role *role, const char *name, const char *key_text, int family,
                        char own_name[NAME_MOST + 1], key_t *key);

/* msgget, shmget or semget with IPC_CREAT | IPC_EXCL | 0600, or with 0 flags: finds. */
typedef int sysv_get(key_t key, int flags);

/* Notes what is about to be made, so that it is found if its maker dies; of POSIX, the key is 0. */
void note_made(struct rendezvous *rendezvous, int family, key_t key, bool made);

/*
 * The next key of ftok(3) on that file, since others may use the same; *project is 0 at the
 * beginning. Fails (exits) when all are taken.
 */
key_t next_key(const char *path, int *project);

/*
 * Between rendezvous_join() and rendezvous_enter(): makes the object, or, with a key that was
 * given, uses the one that somebody else made, and notes which. Fails (exits), naming call. Returns
 * the id.
 */
int make_sysv(struct rendezvous *rendezvous, const char *key_text, key_t key, sysv_get *get,
              const char *call);

/* The id that was noted, of the object that was noted with it; -1 where that is gone. */
int noted_sysv(const struct rendezvous *rendezvous, sysv_get *get);

/* Removes the object that one of us made; a half-made one if it is as old as its note. */
void remove_sysv(const struct rendezvous *rendezvous, enum object_kind kind, sysv_get *get);

/* Leaves as it was a rendezvous that was found, but cannot be taken part in: exit 1. */
_Noreturn void refuse_rendezvous(struct rendezvous *rendezvous, const char *what, const char *hint);

/* Refuses a rendezvous whose objects are of the other family. */
void check_family(struct rendezvous *rendezvous, int family, const char *what);

#endif
