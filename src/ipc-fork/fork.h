/* SPDX-License-Identifier: MIT
 * What the roles of ipc-fork share.
 */
#ifndef IPC_FORK_H
#define IPC_FORK_H

#include "ipc/common/argv.h"
#include "ipc/narration/narration.h"

#include <sys/wait.h>

enum { CHILDREN_DEFAULT = 5, CHILDREN_MOST = 10000 };

#define OPTION_CHILDREN(target)                                                                    \
    OPTION(number, target, .name = "count", .letter = 'n', .argument = "N", .most = CHILDREN_MOST, \
           .help = "how many children (default 5, at most 10000)")

role_function fork_parent, fork_demo, fork_child, fork_orphan, fork_zombie, fork_reap, fork_copy,
    fork_buffers, fork_loop, fork_bench;

/* What demo and parent show: forks that many children and waits for all; returns exit status. */
int narrate_children(struct narration *n, long count);

#endif
