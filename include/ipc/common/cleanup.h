/*
 * Cleanup that happens however a program ends: by return, by error or by a signal.
 *
 * A signal handler may do almost nothing (signal-safety(7)), so ours only notes the signal; the
 * program ends where it looks: in interrupted() after a call that said EINTR, or in
 * end_if_signalled() in loops that never block. A signal that comes between such a look and the
 * next blocking call would be missed. Therefore the handler also sets an alarm, which interrupts
 * that call a second later, and every second from then on.
 */
#ifndef IPC_COMMON_CLEANUP_H
#define IPC_COMMON_CLEANUP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Notes every catchable signal that would end the process, without SA_RESTART; ignored ones stay.
 * From here on exit() ends the children and runs the cleanup. run_program() calls it, once.
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
 * If a signal came: ends the children, runs the cleanup, and dies by that same signal. If a watched
 * child died, ends the process as end_as_child() does. Otherwise returns.
 */
void end_if_signalled(void);

/*
 * For the loop around every call that can block: `do … while (result == -1 && interrupted());`
 * True when errno is EINTR and the call is to be made again; does not return if the signal was one
 * that ends the program. errno is preserved.
 */
bool interrupted(void);

/*
 * From now on a signal interrupts every sleep of this process in the kernel ten times a second. For
 * calls without a timeout (msgsnd, msgrcv, semop, sem_wait) that must notice something meanwhile: a
 * single alarm could fire right before the call. A forked child has to start its own.
 */
void start_wakeup_timer(void);

/*
 * From now on SIGCHLD sets a flag, and the look at signals calls look_at_children() if it is set.
 * Starts the timer, for a child that dies between the look and the sleep. See watch_children().
 */
void note_ended_children(void);

/*
 * What the file about children does for this one, which does not know it: ends them all by a signal
 * before the cleanup runs; and ends the process if one of them has died.
 */
extern void (*end_all_children)(int signal_number);
extern void (*look_at_children)(void);

/*
 * In a child, right after fork(): it gets SIGTERM when its parent dies, and ends at once if that
 * has happened already.
 */
void note_parent(pid_t parent);

/* In a child: the parent it was started by, 0 in a program that is nobody's child of ours. */
pid_t original_parent(void);

/* True in a child whose parent has ended, reaped or not. */
bool parent_died(void);

/* How an object is removed: by its name or its id, whichever that kind of object has. */
typedef void undo_action(const char *name, int id);

/*
 * Has action(name, id) called when this process ends, last registered first. Returns a handle for
 * forget_undo(). The name is copied. Only the process that registered an action runs it. If that
 * process is killed, its child does.
 */
size_t undo_at_end(undo_action *action, const char *name, int id);

/* The object is gone, or another's now: it is not undone any more. */
void forget_undo(size_t handle);

/* Calls the action now, instead of at the end. */
void undo_now(size_t handle);

#endif
