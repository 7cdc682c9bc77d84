/*
 * The kinds of objects that outlive a process: how each is noted, checked to be ours, and removed.
 */
#ifndef IPC_RENDEZVOUS_OBJECTS_H
#define IPC_RENDEZVOUS_OBJECTS_H

#include "ipc/common/cleanup.h"
#include "ipc/rendezvous/private_files.h"

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
 * For objects that nobody else is to find, those of demos, lessons and benches; the pairs have the
 * rendezvous. Has the object removed when this process ends, or, if it is killed, by the next of
 * our programs that makes one. Fails (exits) if noting it is impossible. Returns a handle.
 */
size_t note_object(enum object_kind kind, const char *name, int id);

/* Removes the object now; or leaves it, since it is gone, or another's now. */
void remove_object(size_t handle);
void forget_object(size_t handle);

/*
 * Destroys a System V object (-1: none) whose key was noted in that file right before it was to be
 * made, and whose maker died before it was used: one that has been used is another's.
 */
void destroy_half_made(enum object_kind kind, int id, int file);

/* A note of a file: that one of us makes it; then which one it is (0, 0 as long as it is not). */
enum { FILE_MADE, FILE_DEVICE, FILE_INODE, FILE_NOTES };

void note_file(int64_t note[FILE_NOTES], const struct stat *status);
bool is_noted_file(const int64_t note[FILE_NOTES], const struct stat *status);

/*
 * Removes the noted file, if what path names is of that type (S_IFREG, S_IFIFO) and that one; or,
 * if its maker died before it could say which, our user's and empty: no bytes are lost with it.
 */
void destroy_noted_file(const int64_t note[FILE_NOTES], const char *path, mode_t type);

#endif
