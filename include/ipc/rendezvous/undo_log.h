/*
 * What a process leaves behind when it is killed: it notes each object in a file of its own, which
 * it holds locked while it lives, and the next of our programs that makes an object removes what
 * stands in the files that nobody holds.
 *
 * For objects that nobody else is to find, those of demos, lessons and benches; the pairs have the
 * rendezvous. cleanup.h calls this: who calls undo_at_end() with one of these actions need not.
 */
#ifndef IPC_RENDEZVOUS_UNDO_LOG_H
#define IPC_RENDEZVOUS_UNDO_LOG_H

#include "ipc/common/cleanup.h"

/* Undo actions: what such an object is, and how it is removed: by its name or by its id. */
void undo_file(const char *name, int id);
void undo_semaphore(const char *name, int id); /* POSIX, by name */
void undo_segment(const char *name, int id);   /* System V, by id, as the next two */
void undo_queue(const char *name, int id);
void undo_set(const char *name, int id);

/*
 * Notes the object, if the action is one of those above; the first time, removes what others have
 * left. Fails (exits) if that is impossible.
 */
void note_leftover(undo_action *action, const char *name, int id);

/* Nothing is left any more: removes the file of this process, or of the parent that has died. */
void forget_leftovers(void);

#endif
