/* SPDX-License-Identifier: MIT
 * A signal that came before reap_child() ends the process there, even if the child has ended by
 * then and waitpid() sleeps no moment: Ctrl-C ends both, and is no news of a child that died.
 */
#include "check.h"
#include "ipc/common/children.h"
#include "ipc/common/cleanup.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    const pid_t program = fork();
    check(program != -1);
    if (program == 0) {
        catch_ending_signals();
        const pid_t child = start_child();
        if (child == 0)
            _exit(0);
        siginfo_t ended;
        check(waitid(P_PID, (id_t)child, &ended, WEXITED | WNOWAIT) == 0);
        raise(SIGINT); /* noted */
        reap_child(child);
        _exit(0);
    }
    int status;
    check(waitpid(program, &status, 0) == program);
    check(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
    return 0;
}
