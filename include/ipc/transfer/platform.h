/* SPDX-License-Identifier: MIT
 * What this room needs and POSIX.1-2008 does not have, each with a portable fallback.
 */
#ifndef IPC_TRANSFER_PLATFORM_H
#define IPC_TRANSFER_PLATFORM_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* How many processors this process may run on, at least 1. Elsewhere: the processors online. */
long processors_available(void);

/* Makes a pipe hold size bytes if the system can and allows it; returns what it holds then. */
size_t enlarge_pipe(int descriptor, size_t size);

/* How many bytes a pipe holds that nobody has read yet; 0 where the system does not tell. */
long bytes_in_pipe(int descriptor);

/* sendfile(2) from the file's offset on; EINVAL where the system, or the file, cannot do that. */
ssize_t send_from_file(int to, int file, size_t size);

/* splice(2), which does not wait for a pipe; EINVAL where the system, or one of the two, cannot. */
ssize_t splice_some(int from, int to, size_t size);

/*
 * Sleeps while that word of shared memory has that value: until wake_sleepers(), a handled signal,
 * or the end of its time; now and then for no reason. Elsewhere it looks once a millisecond.
 */
void sleep_while(_Atomic uint32_t *word, uint32_t value, uint64_t nanoseconds);
void wake_sleepers(_Atomic uint32_t *word);
extern const char way_of_sleeping[]; /* the call; a peer that uses another would not wake it */

#endif
