/* SPDX-License-Identifier: MIT
 * To be preloaded: the time of day is an hour ahead, as if it were set back right after. What is
 * awaited until such a time comes an hour late. The machine's clock is never set.
 */
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { AHEAD = 3600 };

int clock_gettime(clockid_t clock, struct timespec *result)
{
    const int status = (int)syscall(SYS_clock_gettime, clock, result);
    if (status == 0 && clock == CLOCK_REALTIME)
        result->tv_sec += AHEAD;
    return status;
}

int gettimeofday(struct timeval *restrict result, void *restrict zone)
{
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    *result = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
    return 0;
}

time_t time(time_t *result)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (result != NULL)
        *result = now.tv_sec;
    return now.tv_sec;
}
