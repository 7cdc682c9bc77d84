/*
 * The two families of objects, and how a System V object is found by the rendezvous of a name:
 * keys, and notes of what was made.
 */
#ifndef IPC_RENDEZVOUS_SYSV_KEYS_H
#define IPC_RENDEZVOUS_SYSV_KEYS_H

#include "ipc/common/argv.h"
#include "ipc/rendezvous/rendezvous.h"

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

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

/*
 * Makes the object, or, with a key that was given, uses the one that somebody else made; notes
 * which. With the door of the rendezvous held. Without a key given: ftok on the rendezvous' own
 * file, the next project id where a key is taken. Fails (exits), naming call. Returns the id.
 */
int make_sysv(struct rendezvous *rendezvous, const char *key_text, key_t *key, sysv_get *get,
              const char *call);

/*
 * The id that was noted, of the object that was noted with it; -1 where that is gone. An id alone
 * may be another's by now (ids start anew when the system does), and so may a key (it is made of
 * the number of a file, which another file can get).
 */
int noted_sysv(const struct rendezvous *rendezvous, sysv_get *get);

/*
 * Of an object that has the key that was noted, of a maker who died before he noted the id: false
 * if, by the time when it was made, it must be somebody else's. file: where the key was noted.
 */
bool made_as_noted(int file, time_t made);

/* Leaves a session that was found, and cannot be taken part in, as it was: exit 1. */
_Noreturn void refuse_session(struct rendezvous *rendezvous, const char *what, const char *hint);

/* Refuses a session whose objects are of the other family. */
void check_family(struct rendezvous *rendezvous, int family, const char *what);

#endif
