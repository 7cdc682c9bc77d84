/* SPDX-License-Identifier: MIT
 * Run by a subreaper, `ipc-fork orphan` says that it is the one that adopts, and by which name.
 */
#include "check.h"
#include "ipc/common/platform.h"
#include "ipc/narration/platform.h"
#include "platform.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    if (!become_subreaper())
        return 77; /* no such thing here */
    int end[2];
    check(pipe(end) == 0);
    const pid_t child = fork();
    check(child != -1);
    if (child == 0) {
        dup2(end[1], STDOUT_FILENO);
        close(end[0]);
        close(end[1]);
        execl("./ipc-fork", "ipc-fork", "orphan", (char *)NULL);
        _exit(127);
    }
    close(end[1]);

    char name[64], wanted[160], line[160];
    program_of(getpid(), name, sizeof name);
    snprintf(wanted, sizeof wanted,
             "The nearest subreaper adopts orphans, or init: here pid %ld (%s).\n", (long)getpid(),
             name);
    FILE *const from = fdopen(end[0], "r");
    check(from != NULL);
    int found = 0;
    while (fgets(line, sizeof line, from) != NULL)
        found += strcmp(line, wanted) == 0;
    check(found == 1);
    fclose(from);

    int status, others = 0;
    for (pid_t ended; (ended = waitpid(-1, &status, 0)) != -1;)
        if (ended != child)
            others++;
        else
            check(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    check(others == 1); /* the orphan of its first half is ours to reap */
    return 0;
}
