/* SPDX-License-Identifier: MIT
 * --step and --pace: every event passes a gate, and one process at a time is let through.
 */
#ifndef IPC_NARRATION_STEPS_H
#define IPC_NARRATION_STEPS_H

#include "ipc/narration/screen.h"

/* False once that thread of that process has ended, as far as the system tells. */
bool is_alive(pid_t process, pid_t thread);

/* The calling thread's place in the source, which the prompt names. */
void steps_here(const char *file, int line);

/* Returns when the caller's event may happen; at once if it has the turn, or nothing is paced. */
void steps_await_turn(struct narration *narration);

/* The event is on the screen: the turn is over. Under the lock. */
void steps_end_turn(struct narration *narration);

/* The watcher prompts, and lets the next one through. Under the lock, given up meanwhile. */
void steps_serve(struct narration *narration);

#endif
