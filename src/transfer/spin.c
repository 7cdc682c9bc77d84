/*
 * Polling before sleeping, and sleeps that end.
 */
#include "ipc/transfer/spin.h"

#include "ipc/common/clock.h"
#include "ipc/common/error.h"
#include "ipc/common/platform.h"

#include <signal.h>
#include <time.h>

enum { POLLING_TIME = 50 * MICROSECOND }; /* about what a wake-up across processors costs */

bool still_patient(struct patience *patience)
{
    static long processors;
    if (processors == 0)
        processors = processors_available();
    if (processors == 1)
        return false;
    if (patience->until == 0)
        patience->until = now() + POLLING_TIME;
    return now() < patience->until;
}

static void wake(int number)
{
    (void)number; /* that the call was interrupted is all */
}

void interrupt_sleeps(void)
{
    static bool running;
    if (running)
        return;
    running = true;
    const int number = SIGRTMIN;
    struct sigaction action = {.sa_handler = wake}; /* without SA_RESTART; semop never restarts */
    sigfillset(&action.sa_mask);
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = number};
    const struct timespec tenth = {.tv_nsec = 100 * (long)MILLISECOND};
    const struct itimerspec period = {.it_interval = tenth, .it_value = tenth};
    timer_t timer;
    if (sigaction(number, &action, NULL) == -1)
        fail("sigaction", "SIGRTMIN");
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) == -1)
        fail("timer_create", NULL);
    if (timer_settime(timer, 0, &period, NULL) == -1)
        fail("timer_settime", NULL);
}
