/* SPDX-License-Identifier: MIT
 * What this room needs and POSIX.1-2008 does not have, each with a portable fallback.
 */
#ifndef IPC_COMMON_PLATFORM_H
#define IPC_COMMON_PLATFORM_H

#include <stdbool.h>

/* Asks for signal number when this process' parent ends; false where no system call does that. */
bool signal_when_parent_ends(int number);

/* Closes every descriptor from first up. */
void close_descriptors_from(int first);

#endif
