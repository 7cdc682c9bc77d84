/*
 * What only ipc-fork needs and POSIX.1-2008 does not have, each with a portable fallback.
 */
#ifndef IPC_FORK_PLATFORM_H
#define IPC_FORK_PLATFORM_H

#include <stdbool.h>

/*
 * From now on this process, instead of init, adopts its orphaned descendants. False where no system
 * call does that.
 */
bool become_subreaper(void);

#endif
