/*
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
#include "ipc/common/platform.h"
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

/* --pace, for a role that has other options besides, and opens its narration itself. */
struct option_row pace_option(double *pace);

/* start_child() with a line before it, and one after it in both columns. */
pid_t narrate_fork(struct narration *narration, enum column parent);

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
