/* SPDX-License-Identifier: MIT
 * What only ipc-fork needs and POSIX.1-2008 does not have, each with a portable fallback.
 */
#ifndef IPC_FORK_PLATFORM_H
#define IPC_FORK_PLATFORM_H

#include <stdbool.h>

/* From now on this process, not init, adopts its orphaned descendants; false where it cannot. */
bool become_subreaper(void);

#endif
