/*
 * What this room needs and POSIX.1-2008 does not have, each with a portable fallback.
 */
#ifndef IPC_TRANSFER_PLATFORM_H
#define IPC_TRANSFER_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* How many processors this process may run on, at least 1. Elsewhere: the processors online. */
long processors_available(void);

/* Makes a pipe hold size bytes if the system can and allows it; returns what it holds then. */
size_t enlarge_pipe(int descriptor, size_t size);

/* How many bytes a pipe holds that nobody has read yet; 0 where the system does not tell. */
long bytes_in_pipe(int descriptor);

/*
 * Opens once more the pipe or file that a descriptor refers to, with flags of its own: O_NONBLOCK
 * on an inherited descriptor would be everybody's who shares it. -1 and errno where that is
 * impossible.
 */
int reopen(int descriptor, int flags);

/*
 * Sends up to size bytes of a file into a socket or pipe, from its offset on, which moves, without
 * copying them through the process; returns how many, 0 at its end, or -1 and errno: EINVAL where
 * the system cannot do that, or not with this kind of file. SIGPIPE must be ignored.
 */
ssize_t send_from_file(int to, int file, size_t size);

#endif
