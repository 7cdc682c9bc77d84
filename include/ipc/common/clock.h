/* SPDX-License-Identifier: MIT
 * Time, in nanoseconds of the monotonic clock.
 */
#ifndef IPC_COMMON_CLOCK_H
#define IPC_COMMON_CLOCK_H

#include <stdint.h>

#define MICROSECOND UINT64_C(1000)
#define MILLISECOND UINT64_C(1000000)
#define SECOND UINT64_C(1000000000)

/* The time, comparable between processes of one machine. */
uint64_t now(void);

/* Sleeps; an ending signal ends the process (cleanup.h). */
void sleep_for(uint64_t nanoseconds);

/* Seconds as nanoseconds. If negative (not given) UINT64_MAX, that is never. */
uint64_t nanoseconds_of(double seconds);

#endif
