/*
 * The kinds of objects that outlive a process: how each is named, checked to be ours, and removed.
 */
#ifndef IPC_RENDEZVOUS_OBJECTS_H
#define IPC_RENDEZVOUS_OBJECTS_H

#include <time.h>

/* What goes by a name, and, in System V, by an id. */
enum object_kind { A_FILE, POSIX_SEMAPHORE, SYSV_SEGMENT, SYSV_QUEUE, SYSV_SET, OBJECT_KINDS };

struct object_type {
    const char *word; /* in notes */
    void (*remove)(const char *name, int id);
    /* When the object of that id was changed last; 0 if there is none of our user's. NULL: by name.
     */
    time_t (*changed)(int id);
};
extern const struct object_type object_types[OBJECT_KINDS];

#endif
