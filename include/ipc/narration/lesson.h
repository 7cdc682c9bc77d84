/* SPDX-License-Identifier: MIT
 * What a demo or a lesson begins with: its options, its question and its screen; a fork; gates at
 * which processes wait for each other; and the usual system headers.
 */
#ifndef IPC_NARRATION_LESSON_H
#define IPC_NARRATION_LESSON_H

#include "ipc/common/argv.h"
#include "ipc/common/children.h"
#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/io.h"
#include "ipc/narration/narration.h"
#include "ipc/narration/platform.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Parses the options, prints the question, NULL for a demo, and opens the narration on stdout. */
struct narration *begin_lesson(const struct role *role, int argc, char **argv, const char *question,
                               const char *left, const char *right);

/* The same for a role that has other options and parses them itself, these among them. */
struct pacing {
    double seconds;
    bool step;
};
#define NO_PACING ((struct pacing){.seconds = NOT_GIVEN})
bool is_paced(const struct pacing *pacing);
#define OPTIONS_PACING(target)                                                                     \
    OPTION(seconds, &(target)->seconds, .name = "pace", .argument = "SECONDS",                     \
           .help = "pause before each event, for a class to follow"),                              \
        OPTION(flag, &(target)->step, .name = "step",                                              \
               .help = "one event per Enter, on a terminal; r runs on, q quits")
struct narration *open_lesson(const struct role *role, const struct pacing *pacing,
                              const char *question, const char *left, const char *right);

/*
 * start_child() with a line before it, and one after it in both columns; label, "" or "[2] ",
 * begins the child's. And reap_child(), told: returns its wait status.
 */
pid_t narrate_fork(struct narration *narration, enum column parent, const char *label);
int narrate_wait(struct narration *narration, enum column parent, pid_t child);
#define narrate_fork(...) (narrate_here(__FILE__, __LINE__), (narrate_fork)(__VA_ARGS__))
#define narrate_wait(...) (narrate_here(__FILE__, __LINE__), (narrate_wait)(__VA_ARGS__))

/*
 * Returns when the process has been asleep for a moment, as far as the system tells: in the call
 * that it told of last, so that it is seen there. Or when it has ended, or after 1,000 looks.
 */
void await_sleep(struct narration *narration, pid_t process);

/* Where a process waits until another lets it go on. Made before the fork: a pipe. */
struct gate {
    int read_end, write_end;
};
struct gate new_gate(void);

/*
 * Lets that many processes through, now or later, once each. pass_gate() is false if nobody is left
 * to open it: all others passed it themselves, closed it, or died.
 */
void open_gate(const struct gate *gate, int processes);
bool pass_gate(struct gate *gate);
void close_gate(const struct gate *gate);

#endif
