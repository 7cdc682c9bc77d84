/* SPDX-License-Identifier: MIT
 * What ipc-pipe needs and POSIX.1-2008 does not have.
 */
#ifndef IPC_PIPE_PLATFORM_H
#define IPC_PIPE_PLATFORM_H

/* Opens a descriptor's pipe once more, with flags that nobody shares; -1 if that is impossible. */
int reopen(int descriptor, int flags);

#endif
