/*
 * Polling before sleeping.
 */
#include "ipc/patience.h"

#include "ipc/clock.h"
#include "ipc/platform.h"

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
