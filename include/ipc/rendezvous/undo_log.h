/*
 * What a process leaves behind when it is killed: it notes each object in a file of its own, which
 * it holds locked while it lives, and the next of our programs that makes an object removes what
 * stands in the files that nobody holds.
 *
 * For objects that nobody else is to find, those of demos, lessons and benches; the pairs have the
 * rendezvous.
 */
#ifndef IPC_RENDEZVOUS_UNDO_LOG_H
#define IPC_RENDEZVOUS_UNDO_LOG_H

#include "ipc/common/cleanup.h"
#include "ipc/rendezvous/objects.h"

/*
 * Has the object removed when this process ends, or, if it is killed, by the next of our programs.
 * The first time, removes what others have left. Fails (exits) if noting it is impossible. Returns
 * a handle.
 */
size_t note_object(enum object_kind kind, const char *name, int id);

/* Removes the object now; or leaves it, since it is gone, or another's now. */
void remove_object(size_t handle);
void forget_object(size_t handle);

#endif
