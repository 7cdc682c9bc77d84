/* SPDX-License-Identifier: MIT
 * Children: started, registered so that none is left behind, reaped, and their ends put in words.
 */
#ifndef IPC_COMMON_CHILDREN_H
#define IPC_COMMON_CHILDREN_H

#include "ipc/common/cleanup.h"

/*
 * The parent, right after fork(): this child is ended, should we end before reaping it. Between
 * fork() and this call no signal can intervene: handlers only note (cleanup.h).
 */
void register_child(pid_t child);

/* fork(), which fails (exits), register_child() and note_parent(). Output is flushed before. */
pid_t start_child(void);

/*
 * From now on a registered child that dies, or exits with a failure, ends this process as
 * end_as_child() does, out of any sleep, at the latest 100 ms later. One that exits 0 does not:
 * what it sent before can still be received. forget_child() before its death is what is shown.
 */
void watch_children(void);

/*
 * waitpid() until the child has ended; forgets it; returns its wait status. Fails if it is not
 * our child. An ending signal ends the process: what ended the child by Ctrl-C ended us, too.
 */
int reap_child(pid_t child);

/*
 * Ends the process unless that wait status of a child, which messages call name, is exit status 0:
 * with 1 if the child failed by itself, with 3 if it was killed, or exited 3 since its peer died.
 */
void end_as_child(pid_t child, const char *name, int status);

/* Reap a child, or all registered ones in the order in which they end. Each must have succeeded. */
void reap_successful(pid_t child, const char *name);
void reap_children(void);

/* The child was reaped by other means. False if it was not registered: not a child of ours. */
bool forget_child(pid_t child);

/* Sends the signal to all registered children, SIGKILL a second later, and reaps them. */
void end_children(int signal_number);

/* Both return buffer: "killed by SIGTERM (15)", "exit status 3"; "SIGTERM", "signal 77". */
enum { STATUS_WORDS_SIZE = 64, SIGNAL_NAME_SIZE = 24 };
const char *status_in_words(int status, char buffer[STATUS_WORDS_SIZE]);
const char *signal_name(int number, char buffer[SIGNAL_NAME_SIZE]);

/*
 * In a child, or in a program that becomes the COMMAND: gives back the inherited state and execs.
 * On failure says why and exits 127 (not found) or 126, as env(1), without any cleanup.
 */
_Noreturn void become_command(char **command);

#endif
