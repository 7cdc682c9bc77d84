/*
 * What a demo or a lesson begins with: this header, which brings the usual system headers, so that
 * its file includes those of its mechanism; one call for its options, its question and its screen;
 * one call to fork; and gates at which processes wait for each other.
 */
#ifndef IPC_NARRATION_LESSON_H
#define IPC_NARRATION_LESSON_H

#include "ipc/common/argv.h"
#include "ipc/common/children.h"
#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/io.h"
#include "ipc/common/platform.h"
#include "ipc/narration/narration.h"
#include "ipc/narration/platform.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Parses the options of a demo or lesson (usage errors and --help exit), prints the question, NULL
 * for a demo, and opens the narration on standard output. right is NULL for a single column.
 */
struct narration *begin_lesson(const struct role *role, int argc, char **argv, const char *question,
                               const char *left, const char *right);

/* The option --pace, for a role that has others besides, and opens its narration itself. */
struct option_row pace_option(double *pace);

/*
 * Forks, with a line before it in the parent's column and one after it in both; the child waits
 * until the second stands. Ends the program if fork fails. The child is registered (children.h).
 */
pid_t narrate_fork(struct narration *narration, enum column parent);

/* Where a process waits until another lets it go on. Made before the fork: a pipe. */
struct gate {
    int read_end, write_end;
};
struct gate new_gate(void);

/* Lets that many processes through, those that wait and those that come later, once each. */
void open_gate(const struct gate *gate, int processes);

/*
 * Waits to be let through. False if nobody is left who could open the gate: all others that have it
 * passed it themselves, closed it, or died.
 */
bool pass_gate(struct gate *gate);

void close_gate(const struct gate *gate);

#endif
