/*
 * What only ipc-fork needs and POSIX.1-2008 does not have, each with a portable fallback.
 */
#ifndef IPC_FORK_PLATFORM_H
#define IPC_FORK_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Makes this process the one that adopts its orphaned descendants, instead of init; false where no
 * system call does that.
 */
bool become_subreaper(void);

/* The kernel's number for the calling thread; -1 where there is none. */
long thread_id(void);

#endif
