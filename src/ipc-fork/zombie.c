/* SPDX-License-Identifier: MIT
 * ipc-fork zombie: a child that has exited stays, as a zombie, until its parent waits for it.
 *
 * Usage: ipc-fork zombie [--pace SECONDS | --step]
 *
 * Shows the state of the child as ps(1) does, and that kill(2) finds it, until waitpid(); then a
 * parent that ignores SIGCHLD, and so never has a zombie.
 */
#include "fork.h"

#include "ipc/narration/lesson.h"

enum { CHILD_STATUS = 7 };

static void leave_zombie(struct narration *n);
static void leave_no_zombie(struct narration *n);
static pid_t fork_child_that_waits(struct narration *n, struct gate *gate, struct gate *at_end);
static void look_for(struct narration *n, pid_t child);
static const char *state_in_words(pid_t process);

int fork_zombie(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(role, argc, argv, "What is left of a child that has exited?",
                                       "parent", "child");
    narrate_mistake(n, "not waiting for a child that has exited");
    leave_zombie(n);
    narrate_right(n, "or, where its status does not matter, ignoring SIGCHLD");
    leave_no_zombie(n);
    narrate_answer(n, "Its pid and its exit status: a zombie, until the parent waits for it.");
    return EXIT_DONE;
}

static void leave_zombie(struct narration *n)
{
    struct gate gate = new_gate(), at_end = new_gate();
    const pid_t child = fork_child_that_waits(n, &gate, &at_end);
    look_for(n, child);
    open_gate(&gate, 1);

    siginfo_t ended;
    narrate_call(n, LEFT, "waitid(P_PID, %ld, WEXITED|WNOWAIT)", (long)child);
    /* returns when the child has ended, killed or not, and leaves it a zombie */
    while (waitid(P_PID, (id_t)child, &ended, WEXITED | WNOWAIT) == -1)
        if (!interrupted())
            fail("waitid", NULL);
    narrate_return(n, NULL, "0  %s", state_in_words(child));
    or_fail(kill(child, SIGKILL), "kill", NULL);
    narrate(n, LEFT, "kill(%ld, SIGKILL) = 0  %c", (long)child, state_of(child));

    narrate_right(n, "waiting for it");
    const int status = narrate_wait(n, LEFT, child);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != CHILD_STATUS)
        end_as_child(child, "child", status);
    look_for(n, child);
    close_gate(&gate);
    close_gate(&at_end);
}

static void leave_no_zombie(struct narration *n)
{
    struct gate gate = new_gate(), at_end = new_gate();
    or_fail(sigaction(SIGCHLD, &(struct sigaction){.sa_handler = SIG_IGN}, NULL), "sigaction",
            "SIGCHLD");
    narrate(n, LEFT, "sigaction(SIGCHLD, SIG_IGN)");
    const pid_t child = fork_child_that_waits(n, &gate, &at_end);
    open_gate(&gate, 1);
    pid_t reaped;
    narrate_call(n, LEFT, "waitpid(%ld)", (long)child);
    do /* returns when the child has ended all the same, but nothing is left of it: wait(3p) */
        reaped = waitpid(child, NULL, 0);
    while (reaped == -1 && interrupted());
    narrate_return(n, NULL, reaped == -1 && errno == ECHILD ? "-1  ECHILD" : "%ld", (long)reaped);
    forget_child(child);
    if (!pass_gate(&at_end)) /* no status tells how it ended */
        fail_that(EXIT_PEER, "the child (pid %ld) died", (long)child);
    look_for(n, child);
    close_gate(&gate);
    close_gate(&at_end);
}

static pid_t fork_child_that_waits(struct narration *n, struct gate *gate, struct gate *at_end)
{
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        pass_gate(gate); /* or nobody is left to open it: then it exits, too */
        narrate(n, RIGHT, "_exit(%d)", CHILD_STATUS);
        open_gate(at_end, 1);
        _exit(CHILD_STATUS);
    }
    return child;
}

/* Signal 0 is sent to nobody: it only finds a process, or a zombie. */
static void look_for(struct narration *n, pid_t child)
{
    if (kill(child, 0) == 0)
        narrate(n, LEFT, "kill(%ld, 0) = 0  %s", (long)child, state_in_words(child));
    else
        narrate(n, LEFT, "kill(%ld, 0) = -1  %s", (long)child, error_name(errno));
}

static const char *state_in_words(pid_t process)
{
    const char state = state_of(process);
    return state == 'Z' ? "Z: zombie" : state == 'S' ? "S: asleep" : state == 'R' ? "R: runs" : "?";
}
