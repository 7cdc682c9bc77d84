/*
 * Waiting in a transfer: poll for some ten microseconds, and only then sleep in the kernel.
 *
 * The wake-up of a sleeping process on another processor can cost a hundred times the work that it
 * announces. Where only one processor is available polling would keep the peer from running: then
 * it is time to sleep at once.
 */
#ifndef IPC_TRANSFER_SPIN_H
#define IPC_TRANSFER_SPIN_H

#include <stdbool.h>
#include <stdint.h>

/* After success or sleep, begin anew with (struct spin){0}. */
struct spin {
    uint64_t until; /* 0: not begun */
};

/* After a call that would block: whether it is worth trying again, or time to sleep. */
bool keep_spinning(struct spin *spin);

#endif
