/*
 * Cleanup that happens however a program ends: by return, by error or by a signal.
 *
 * A signal handler may do almost nothing (signal-safety(7)), so ours only notes the signal; the
 * program ends where it looks: in interrupted() after a call that said EINTR, or in
 * end_if_signalled() in loops that never block. A signal that comes between such a look and the
 * next blocking call would be missed: so the handler also sets an alarm, which interrupts that
 * call a second later, and every second from then on.
 */
#ifndef IPC_COMMON_CLEANUP_H
#define IPC_COMMON_CLEANUP_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Notes every catchable signal that would end the process, without SA_RESTART; ignored ones stay.
 * From here on exit() ends the children and runs the cleanup.
 */
void catch_ending_signals(void);

/*
 * Before an exec: these signals have their default action again, and one that was noted already
 * ends us now. exec would do the first, but forget what came just before it.
 */
void release_ending_signals(void);

/* True once such a signal came; end_if_signalled() then ends the process. */
bool signalled(void);

/*
 * If a signal came: ends the children (end_children()), runs the cleanup, and dies by that same
 * signal. Else returns.
 */
void end_if_signalled(void);

/*
 * While on: a child that ends is like an ending signal, except that the process then exits: 1 if
 * the child failed by itself, else 3. For a parent whose waits would otherwise not notice.
 */
void end_when_child_ends(bool on);

/*
 * For the loop around every call that can block: `do … while (result == -1 && interrupted());`
 * True when errno is EINTR and the call is to be made again; does not return if the signal was one
 * that ends the program. errno is preserved.
 */
bool interrupted(void);

/* How an object is removed: by its name or id, whichever the kind of object has. */
typedef void undo_action(const char *name, int id);

/*
 * Has action(name, id) called when this process ends, last registered first. Returns a handle for
 * forget_undo(). The name is copied. A forked child inherits nothing to undo, except that it takes
 * over when the process that registered has died; and if all are killed, the next program does,
 * where the action is one of those of leftovers.h.
 */
size_t undo_at_end(undo_action *action, const char *name, int id);

/* The object is gone, or another's now: it is not undone any more. */
void forget_undo(size_t handle);

/* Calls the action now, instead of at the end. */
void undo_now(size_t handle);

#endif
