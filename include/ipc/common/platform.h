/*
 * What this room needs and POSIX.1-2008 does not have, each with a portable fallback.
 */
#ifndef IPC_COMMON_PLATFORM_H
#define IPC_COMMON_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Zeroed memory shared with the children that are forked later; NULL and errno on failure. Freed
 * with munmap. Without anonymous mappings (POSIX 2024) it is an unlinked shared memory object.
 */
void *shared_memory(size_t size);

/* Asks for signal number when this process' parent ends; false where no system call does that. */
bool signal_when_parent_ends(int number);

/* Closes every descriptor from first up. */
void close_descriptors_from(int first);

#endif
