/* SPDX-License-Identifier: MIT
 * Time.
 */
#include "ipc/common/clock.h"

#include "ipc/common/cleanup.h"

#include <errno.h>
#include <time.h>

uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * SECOND + (uint64_t)time.tv_nsec;
}

void sleep_for(uint64_t nanoseconds)
{
    struct timespec left = {.tv_sec = (time_t)(nanoseconds / SECOND),
                            .tv_nsec = (long)(nanoseconds % SECOND)};
    end_if_signalled();
    while (nanosleep(&left, &left) == -1 && interrupted())
        ;
}

uint64_t nanoseconds_of(double seconds)
{
    return seconds < 0 || seconds > 9e9 ? UINT64_MAX : (uint64_t)(seconds * 1e9);
}
