/*
 * ipc-fork zombie: a child that has exited stays, as a zombie, until its parent waits for it.
 *
 * Usage: ipc-fork zombie [--pace SECONDS]
 *
 * Shows the state letter of the child, the one that ps(1) prints, while it lives, when it has
 * exited, and after waitpid(); then a parent that ignores SIGCHLD, and so never has a zombie.
 */
#include "fork.h"

#include "ipc/narration/lesson.h"

#include <signal.h>
#include <sys/wait.h>

enum { CHILD_STATUS = 7 };

static void leave_zombie(struct narration *n);
static void leave_no_zombie(struct narration *n);
static pid_t fork_child_that_waits(struct narration *n, struct gate *gate);
static void narrate_state(struct narration *n, pid_t child);

int fork_zombie(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(role, argc, argv, "What is left of a child that has exited?",
                                       "parent", "child");
    narrate_text(n, "-> the mistake: the child has exited, and the parent does not wait");
    leave_zombie(n);
    narrate_text(n, "-> right, too, for a parent that does not want to know: it ignores SIGCHLD");
    leave_no_zombie(n);
    narrate_text(n, "Its pid and its status, until the parent waits: that is a zombie.");
    return EXIT_DONE;
}

static void leave_zombie(struct narration *n)
{
    struct gate gate = new_gate();
    const pid_t child = fork_child_that_waits(n, &gate);
    narrate_state(n, child);
    open_gate(&gate, 1);

    siginfo_t ended;
    int result;
    do /* returns when the child has ended, killed or not, and leaves it a zombie */
        result = waitid(P_PID, (id_t)child, &ended, WEXITED | WNOWAIT);
    while (result == -1 && interrupted());
    if (result == -1)
        fail("waitid", NULL);
    narrate_state(n, child);
    narrate(n, LEFT, "kill(%ld, SIGKILL)", (long)child);
    or_fail(kill(child, SIGKILL), "kill", NULL);
    narrate_state(n, child);

    narrate_text(n, "-> right: the parent waits");
    char words[STATUS_WORDS_SIZE];
    const int status = reap_child(child);
    narrate(n, LEFT, "waitpid(%ld) = %s", (long)child, status_in_words(status, words));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != CHILD_STATUS)
        end_as_child(child, "child", status);
    narrate_state(n, child);
    close_gate(&gate);
}

static void leave_no_zombie(struct narration *n)
{
    struct gate gate = new_gate();
    narrate(n, LEFT, "sigaction(SIGCHLD, SIG_IGN)");
    if (sigaction(SIGCHLD, &(struct sigaction){.sa_handler = SIG_IGN}, NULL) == -1)
        fail("sigaction", "SIGCHLD");
    const pid_t child = fork_child_that_waits(n, &gate);
    open_gate(&gate, 1);
    pid_t reaped;
    do /* returns when the child has ended all the same, but nothing is left of it: wait(3p) */
        reaped = waitpid(child, NULL, 0);
    while (reaped == -1 && interrupted());
    const int error = errno;
    forget_child(child);
    narrate(n, LEFT, "waitpid(%ld) = %ld   %s", (long)child, (long)reaped,
            reaped != -1      ? ""
            : error == ECHILD ? "ECHILD"
                              : strerror(error));
    narrate_state(n, child);
    close_gate(&gate);
}

static pid_t fork_child_that_waits(struct narration *n, struct gate *gate)
{
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        pass_gate(gate); /* or nobody is left to open it: then it exits, too */
        narrate(n, RIGHT, "_exit(%d)", CHILD_STATUS);
        _exit(CHILD_STATUS);
    }
    return child;
}

static void narrate_state(struct narration *n, pid_t child)
{
    const char state = state_of(child);
    if (kill(child, 0) == -1)
        narrate(n, LEFT, "kill(%ld, 0) = -1   %s", (long)child,
                errno == ESRCH ? "ESRCH" : strerror(errno));
    else
        narrate(n, LEFT, "ps: %ld is in state %c   %s", (long)child, state,
                state == 'Z'   ? "zombie"
                : state == 'S' ? "sleeps"
                : state == 'R' ? "runs"
                               : "");
}
