/*
 * What the roles of ipc-pipe share.
 */
#ifndef IPC_PIPE_H
#define IPC_PIPE_H

#include "ipc/argv.h"

int pipe_parent(const struct role *role, int argc, char **argv);
int pipe_bench(const struct role *role, int argc, char **argv);
int pipe_demo(const struct role *role, int argc, char **argv);

#endif
