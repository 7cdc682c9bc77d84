/*
 * Polling before sleeping.
 */
#include "ipc/transfer/spin.h"

#include "ipc/common/clock.h"
#include "ipc/transfer/platform.h"

enum { POLLING_TIME = 50 * MICROSECOND }; /* about what a wake-up across processors costs */

bool keep_spinning(struct spin *spin)
{
    static long processors;
    if (processors == 0)
        processors = processors_available();
    if (processors == 1)
        return false;
    if (spin->until == 0)
        spin->until = now() + POLLING_TIME;
    return now() < spin->until;
}
