/*
 * The kinds of objects that outlive a process: how each is noted, checked to be ours, and removed.
 */
#ifndef IPC_RENDEZVOUS_OBJECTS_H
#define IPC_RENDEZVOUS_OBJECTS_H

#include "ipc/rendezvous/names.h"

#include <stdint.h>
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

/* Writes the line that says what an object is, and, for System V, when it was made. */
int write_note(char *line, size_t size, enum object_kind kind, const char *name, int id);

/*
 * Destroys what such a line says. If a dead process left the line behind: a System V object only if
 * our user made it at that time. An id may be another's by now: ids start anew when the system
 * does.
 */
enum { OURS, LEFT_BEHIND };
void destroy_noted(const char *line, int whose);

/*
 * The same for a System V object (-1: none) whose key was noted in that file right before it was to
 * be made. Its maker has died before it was used: what has been used is another's.
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
