/* SPDX-License-Identifier: MIT
 * The objects that outlive a process: how each is noted, checked to be ours, and removed.
 */
#ifndef IPC_RENDEZVOUS_OBJECTS_H
#define IPC_RENDEZVOUS_OBJECTS_H

#include "ipc/rendezvous/rendezvous.h"

#include <sys/stat.h>

/* A file (or FIFO) and a POSIX object go by a name, a System V object by an id. */
enum object_kind {
    A_FILE,
    POSIX_SEMAPHORE,
    POSIX_SEGMENT,
    POSIX_QUEUE,
    SYSV_SEGMENT,
    SYSV_QUEUE,
    SYSV_SET,
    OBJECT_KINDS
};

void destroy_object(enum object_kind kind, const char *name, int id);

/*
 * For what nobody else is to find: has the object removed when this process ends, or, if it is
 * killed, by the next of our programs that notes one. Called before the object is made: otherwise a
 * death in between would leave it for good. Fails (exits) if it cannot. Returns a handle.
 */
size_t note_object(enum object_kind kind, const char *name);

/* The same for a System V object: *key is what it is to be made with, IPC_CREAT | IPC_EXCL. */
size_t note_key(enum object_kind kind, key_t *key);

/* Removes the object now; or leaves it, since it is gone, or another's now. */
void remove_object(size_t handle);
void forget_object(size_t handle);

/* The note of a rendezvous' file: that one of us makes it; then which one it is, 0 before. */
enum { FILE_MADE, FILE_DEVICE, FILE_INODE, FILE_NOTES };
void note_file(int64_t note[FILE_NOTES], const struct stat *status);
bool is_noted_file(const int64_t note[FILE_NOTES], const struct stat *status);

/*
 * Removes the noted file, if what path names is of that type (S_IFREG, S_IFIFO) and that one; or,
 * if its maker died before it could say which, our user's and empty: no bytes are lost with it.
 */
void destroy_noted_file(const int64_t note[FILE_NOTES], const char *path, mode_t type);

enum family { SYSV, POSIX };
extern const char *const families[];

/* What the notes in a rendezvous' objects[] mean. 0 is "not noted": families and ids are plus 1. */
enum { NOTED_FAMILY, NOTED_ID, NOTED_KEY, NOTED_MADE, NOTED_SIZE };

/* msgget, shmget or semget with IPC_CREAT | IPC_EXCL | 0600, or with 0 flags: finds. */
typedef int sysv_get(key_t key, int flags);

/* Before the object exists, so that it is found if its maker dies. The key of POSIX is 0. */
void note_made(struct rendezvous *rendezvous, int family, key_t key, bool made);

/* The next key of ftok(3) on that file; *project begins at 0. Fails (exits) after the last. */
key_t next_key(const char *path, int *project);

/*
 * Between rendezvous_join() and rendezvous_enter(): makes the object and notes it; with a key that
 * was given, uses somebody else's if there is one. Fails (exits), naming call. Returns the id.
 */
int make_sysv(struct rendezvous *rendezvous, const char *key_text, key_t key, sysv_get *get,
              const char *call);

/* The id that was noted, of the object that was noted with it; -1 where that is gone. */
int noted_sysv(const struct rendezvous *rendezvous, sysv_get *get);

/* Removes the object that one of us made; a half-made one if it is as old as its note. */
void remove_sysv(const struct rendezvous *rendezvous, enum object_kind kind, sysv_get *get);

/*
 * Destroys a System V object (-1: none) whose key was noted in that file right before it was to be
 * made, and whose maker died before it was used: one that has been used is another's.
 */
void destroy_half_made(enum object_kind kind, int id, int file);

/* Leaves as it was what cannot be taken part in, exit 1: for one, objects of the other family. */
_Noreturn void refuse_rendezvous(struct rendezvous *rendezvous, const char *what, const char *hint);
void check_family(struct rendezvous *rendezvous, int family, const char *what);

#endif
