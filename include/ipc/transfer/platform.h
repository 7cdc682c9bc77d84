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

/* sendfile(2) from the file's offset on; EINVAL where the system, or the file, cannot do that. */
ssize_t send_from_file(int to, int file, size_t size);

#endif
