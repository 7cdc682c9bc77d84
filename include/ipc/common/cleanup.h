/* SPDX-License-Identifier: MIT
 * What a program inherits, and cleanup however it ends: by return, by error or by a signal.
 *
 * A signal handler may do almost nothing (signal-safety(7)), so ours only notes the signal; the
 * program ends where it looks: in interrupted() after a call that said EINTR, or in
 * end_if_signalled() in loops that never block. A signal that comes between such a look and the
 * next blocking call would be missed. Therefore the handler also starts a timer, which interrupts
 * that call 150 ms later, and again and again from then on: not sooner, since musl begins
 * sigtimedwait() anew each time.
 */
#ifndef IPC_COMMON_CLEANUP_H
#define IPC_COMMON_CLEANUP_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Opens closed standard descriptors on /dev/null (standard output for reading, so that writing
 * there stays an error), empties the signal mask, makes SIGCHLD default and ignores SIGPIPE, so
 * that a write to nobody is EPIPE. Takes our own bits out of the umask. What it found is kept.
 */
void take_over_inherited_state(void);

/* Before an exec: the masks and dispositions that we were given, and only descriptors 0, 1, 2. */
void restore_inherited_state(void);

/*
 * Notes every catchable signal that would end the process, without SA_RESTART; ignored ones stay.
 * From here on exit() ends the children and runs the cleanup; and a signal that was noted before
 * fail() or exit() wins: the process dies by it. run_program() calls it, once.
 */
void catch_ending_signals(void);

/* Before an exec: these signals have their default action again; one already noted ends us now. */
void release_ending_signals(void);

/* Such a signal that came, or 0. */
extern volatile sig_atomic_t ending_signal;

/*
 * If such a signal came: ends the children, runs the cleanup, and dies by that same signal. If a
 * watched child died, ends as end_as_child() does. Otherwise returns, errno as it was.
 */
void end_if_signalled(void);

/*
 * After a write to standard output: fails (exits); or ends as SIGPIPE would have, without a word,
 * where nobody reads what a person would (| head). Not for bytes that count: a transfer fails.
 */
_Noreturn void fail_output(void);

/* Set in a thread that only watches: there end_if_signalled() returns at once, output may fail. */
extern _Thread_local bool only_watches;

/* As if SIGTERM had come, but the process exits with 0. From any thread. */
void quit_cleanly(void);

/*
 * For the loop around every call that can block: `do … while (result == -1 && interrupted());`
 * True when errno is EINTR and the call is to be made again; does not return if the signal was one
 * that ends the program. errno is preserved.
 */
bool interrupted(void);

/*
 * From now on a signal interrupts every sleep of this process in the kernel ten times a second: for
 * calls without a timeout. A single alarm could fire right before the call. A forked child has to
 * start its own.
 */
void start_wakeup_timer(void);

/*
 * What children.c does for this file, which does not know it: ends all by a signal before cleanup;
 * and, after note_ended_children(), ends the process if SIGCHLD came for one that died.
 */
extern void (*end_all_children)(int signal_number);
extern void (*look_at_children)(void);
void note_ended_children(void);

/* In a child, right after fork(): SIGTERM when its parent dies; ends now if it has died already. */
void note_parent(pid_t parent);

/* The parent that started us, 0 if that is none of ours; whether it has ended, reaped or not. */
pid_t original_parent(void);
bool parent_died(void);

typedef void undo_action(const char *name, int id);

/*
 * Has action(name, id) called when this process ends, last registered first. Returns a handle for
 * forget_undo(). The name is copied: an object has a name or an id. Only the process that
 * registered an action runs it. If that process is killed, its child does.
 */
size_t undo_at_end(undo_action *action, const char *name, int id);

/* Instead: not at all, since the object is gone or another's now; or at once. */
void forget_undo(size_t handle);
void undo_now(size_t handle);

#endif
