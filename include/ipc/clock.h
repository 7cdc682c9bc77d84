/*
 * Time, in nanoseconds of the monotonic clock.
 */
#ifndef IPC_CLOCK_H
#define IPC_CLOCK_H

#include <stdint.h>

#define MICROSECOND UINT64_C(1000)
#define MILLISECOND UINT64_C(1000000)
#define SECOND UINT64_C(1000000000)

/* The time, comparable between processes of one machine. */
uint64_t now(void);

/* Sleeps for a duration; an ending signal ends the process (cleanup.h). */
void sleep_for(uint64_t nanoseconds);

/* A duration in seconds as nanoseconds; negative ones (not given) as UINT64_MAX: never. */
uint64_t nanoseconds_of(double seconds);

#endif
