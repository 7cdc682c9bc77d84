/* SPDX-License-Identifier: MIT
 * What a screen needs and POSIX.1-2008 does not have, each with a portable fallback.
 */
#ifndef IPC_NARRATION_PLATFORM_H
#define IPC_NARRATION_PLATFORM_H

#include <stddef.h>
#include <sys/types.h>

/* Zeroed memory that children forked later share, until munmap(); fails (exits) without any. */
void *shared_memory(size_t size);

/* The program that a process runs, as ps(1) names it, in buffer; "?" where unknown. */
const char *program_of(pid_t process, char *buffer, size_t size);

/* The state letter of a process as ps(1) shows it ('R', 'S', 'T', 'Z', …), '?' when unknown. */
char state_of(pid_t process);

/* A number that no other thread has: the kernel's, which state_of() takes, where it has one. */
pid_t thread_id(void);

/* How often the calling thread gave up its processor to wait; -1 when unknown. */
long voluntary_switches(void);

/* The columns of the terminal; 0 when unknown. */
long terminal_width(int descriptor);

#endif
