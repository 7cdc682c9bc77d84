/*
 * Children: started, registered so that none is left behind, reaped, and their ends put in words.
 */
#ifndef IPC_COMMON_CHILDREN_H
#define IPC_COMMON_CHILDREN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * The parent, right after fork(): this child is ended, should we end before reaping it. Between
 * fork() and this call no signal can intervene: handlers only note (cleanup.h).
 */
void register_child(pid_t child);

/*
 * The child, right after fork(): the parent's children are not its own; it gets SIGTERM when its
 * parent dies, and ends at once if that has happened already.
 */
void become_child(pid_t parent);

/* In a child: the parent it was started by, 0 in a program that is nobody's child of ours. */
pid_t original_parent(void);

/* True in a child whose parent has ended, reaped or not. */
bool parent_died(void);

/* fork() with both of these; -1 and errno on failure. Standard output is flushed before. */
pid_t start_child(void);

/*
 * waitpid() until the child has ended; forgets it; returns its wait status. Fails if it is not
 * our child. An ending signal ends the process: what ended the child by Ctrl-C ended us, too.
 */
int reap_child(pid_t child);

/*
 * Ends the process unless that wait status of a child, which messages call child_is, is exit status
 * 0: with 3 if it was killed, else with 1.
 */
void check_success(pid_t child, const char *child_is, int status);

/* reap_child() and check_success(), for a child that has nothing to report but success. */
void reap_successful(pid_t child, const char *child_is);

/*
 * Reaps every registered child, in the order in which they end, each of which must have succeeded:
 * the others may wait for one that did not.
 */
void reap_children(void);

/*
 * For a loop that waits for what a child is to do: if it has ended without success, ends the
 * process as check_success() does.
 */
void check_child(pid_t child);

/* The child was reaped by other means. False if it was not registered: not a child of ours. */
bool forget_child(pid_t child);

/*
 * Sends the signal to every registered child, SIGKILL to those that still live a second later, and
 * reaps them all.
 */
void end_children(int signal_number);

/* "exit status 3", "killed by SIGTERM (15)", "stopped by SIGSTOP (19)"; returns buffer. */
enum { STATUS_WORDS_SIZE = 64 };
const char *status_in_words(int status, char buffer[STATUS_WORDS_SIZE]);

/* "SIGTERM", "SIGRTMIN+3", or "signal 77"; returns buffer. */
enum { SIGNAL_NAME_SIZE = 24 };
const char *signal_name(int number, char buffer[SIGNAL_NAME_SIZE]);

/* The exit status that stands for a wait status: the COMMAND's own, or 128 + the signal. */
int exit_status_of(int status);

/*
 * In a child, or in a program that becomes the COMMAND: gives back the inherited state and execs.
 * On failure says why and exits 127 (not found) or 126, as env(1), without any cleanup.
 */
_Noreturn void become_command(char **command);

#endif
