/* SPDX-License-Identifier: MIT
 * ipc-fork child: what one child does, run alone: says who it is and leaves an exit status behind.
 *
 * Usage: ipc-fork child [-s S]
 *
 * Only its parent gets to know the status: here the shell, which shows it with `echo $?`.
 */
#include "fork.h"

#include "ipc/narration/platform.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int fork_child(const struct role *role, int argc, char **argv)
{
    long status = 0, index = 0;
    const struct option_row options[] = {OPTION(number, &status, .name = "status", .letter = 's',
                                                .argument = "S", .most = 255,
                                                .help = "exit with this status (default 0)"),
                                         {0}};
    parse_arguments(role, argc, argv, options, 0);
    const char *given = getenv("IPC_INDEX");
    if (given != NULL && !parse_number(given, 0, CHILDREN_MOST, &index))
        usage_error(role, "IPC_INDEX: '%s' is not a number from 0 to %d", given, CHILDREN_MOST);
    char parent[64];
    const int written = printf("[%ld] index %ld, pid %ld, ppid %ld (%s), exits with status %ld\n",
                               index, index, (long)getpid(), (long)getppid(),
                               program_of(getppid(), parent, sizeof parent), status);
    if (written < 0 || fflush(stdout) != 0)
        fail("write", "standard output");
    return (int)status;
}
