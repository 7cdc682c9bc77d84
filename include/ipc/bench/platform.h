/* SPDX-License-Identifier: MIT
 * Placement, which POSIX.1-2008 does not have, with a portable fallback: wherever the system likes.
 */
#ifndef IPC_BENCH_PLATFORM_H
#define IPC_BENCH_PLATFORM_H

/* Two of the processors that this process may run on. */
extern struct placement {
    int count; /* 1 if there is only the first; 0 where nobody can be pinned to one */
    int first, second;
    enum sharing { SHARE_A_CORE, SHARE_NEITHER, SHARE_A_CACHE } sharing; /* as far as is known */
} placement;

/* Sets it: the last of these that there is. */
void choose_processors(void);

/* From now on this process runs on that processor; -1: on any that it might run on at first. */
void run_on(int processor);

#endif
