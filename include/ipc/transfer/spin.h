/*
 * Waiting in a transfer: poll for some ten microseconds, and only then sleep in the kernel.
 *
 * The wake-up of a sleeping process on another processor can cost a hundred times the work that it
 * announces. Where only one processor is available polling would keep the peer from running: then
 * patience ends at once.
 */
#ifndef IPC_TRANSFER_SPIN_H
#define IPC_TRANSFER_SPIN_H

#include <stdbool.h>
#include <stdint.h>

struct patience {
    uint64_t until; /* 0: not begun */
};

/*
 * For the loop around a call that would block: true while it is worth trying again, false when it
 * is time to sleep. After success or sleep, begin anew with (struct patience){0}.
 */
bool still_patient(struct patience *patience);

/*
 * From now on a signal interrupts every sleep in the kernel ten times a second: msgsnd(), msgrcv()
 * and semop() know no timeout, and a single alarm could fire right before the call.
 */
void interrupt_sleeps(void);

#endif
