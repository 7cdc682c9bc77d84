/*
 * What the roles of ipc-fork share.
 */
#ifndef IPC_FORK_H
#define IPC_FORK_H

#include "ipc/common/argv.h"

enum { CHILDREN_DEFAULT = 5, CHILDREN_MOST = 10000 };

#define OPTION_CHILDREN(target)                                                                    \
    {                                                                                              \
        .name = "number", .letter = 'n', .argument = "N", .number = (target),                      \
        .most = CHILDREN_MOST, .help = "how many children (default 5, at most 10000)"              \
    }

int fork_parent(const struct role *role, int argc, char **argv);
int fork_demo(const struct role *role, int argc, char **argv);
int fork_child(const struct role *role, int argc, char **argv);
int fork_orphan(const struct role *role, int argc, char **argv);
int fork_zombie(const struct role *role, int argc, char **argv);
int fork_copy(const struct role *role, int argc, char **argv);
int fork_buffers(const struct role *role, int argc, char **argv);
int fork_loop(const struct role *role, int argc, char **argv);
int fork_bench(const struct role *role, int argc, char **argv);

/* What demo and parent show: forks that many children and waits for all; returns exit status. */
int narrate_children(long count, double pace);

#endif
