/*
 * ipc-fork zombie: a child that has exited stays, as a zombie, until its parent waits for it.
 *
 * Shows the state letter of the child, the one that ps(1) prints, while it lives, when it has
 * exited, and after waitpid(); then a parent that ignores SIGCHLD, and so never has a zombie.
 */
#include "fork.h"

#include "ipc/common/children.h"
#include "ipc/common/cleanup.h"
#include "ipc/common/io.h"
#include "ipc/common/platform.h"
#include "ipc/narration/lesson.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READ_END, WRITE_END, CHILD_STATUS = 7 };

static void tell_state(struct narration *n, pid_t child)
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

/* A child that lives until the write end of the pipe is closed, also by the death of the parent. */
static pid_t fork_child_that_waits(struct narration *n, const int end[2])
{
    const pid_t child = narrate_fork(n, LEFT);
    if (child == 0) {
        char nothing;
        close(end[WRITE_END]);
        read_some(end[READ_END], &nothing, 1);
        narrate(n, RIGHT, "_exit(%d)", CHILD_STATUS);
        _exit(CHILD_STATUS);
    }
    close(end[READ_END]);
    return child;
}

static void leave_zombie(struct narration *n)
{
    int end[2];
    if (pipe(end) == -1)
        fail("pipe", NULL);
    const pid_t child = fork_child_that_waits(n, end);
    tell_state(n, child);
    close(end[WRITE_END]);

    siginfo_t ended;
    int result;
    do /* waits for the child's end, which is told even when it is killed, and leaves it a zombie */
        result = waitid(P_PID, (id_t)child, &ended, WEXITED | WNOWAIT);
    while (result == -1 && interrupted());
    if (result == -1)
        fail("waitid", NULL);
    tell_state(n, child);
    narrate(n, LEFT, "kill(%ld, SIGKILL)", (long)child);
    if (kill(child, SIGKILL) == -1)
        fail("kill", NULL);
    tell_state(n, child);

    narrate_text(n, "-> right: the parent waits");
    char words[STATUS_WORDS_SIZE];
    const int status = reap_child(child);
    narrate(n, LEFT, "waitpid(%ld) = %s", (long)child, status_in_words(status, words));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != CHILD_STATUS)
        fail_that(WIFEXITED(status) ? EXIT_FAILED : EXIT_PEER, "the child (pid %ld) died: %s",
                  (long)child, words);
    tell_state(n, child);
}

static void leave_no_zombie(struct narration *n)
{
    int end[2];
    if (pipe(end) == -1)
        fail("pipe", NULL);
    narrate(n, LEFT, "sigaction(SIGCHLD, SIG_IGN)");
    if (sigaction(SIGCHLD, &(struct sigaction){.sa_handler = SIG_IGN}, NULL) == -1)
        fail("sigaction", "SIGCHLD");
    const pid_t child = fork_child_that_waits(n, end);
    close(end[WRITE_END]);
    pid_t reaped;
    do /* waits for the child's end all the same, but nothing is left of it: wait(3p) */
        reaped = waitpid(child, NULL, 0);
    while (reaped == -1 && interrupted());
    const int error = errno;
    forget_child(child);
    narrate(n, LEFT, "waitpid(%ld) = %ld   %s", (long)child, (long)reaped,
            reaped != -1      ? ""
            : error == ECHILD ? "ECHILD"
                              : strerror(error));
    tell_state(n, child);
}

int fork_zombie(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    print_text("What is left of a child that has exited?");
    struct narration *n = narration_open(STDOUT_FILENO, "parent", "child", pace);
    narrate_text(n, "-> the mistake: the child has exited, and the parent does not wait");
    leave_zombie(n);
    narrate_text(n, "-> right, too, for a parent that does not want to know: it ignores SIGCHLD");
    leave_no_zombie(n);
    narrate_text(n, "Its pid and its status, until the parent waits: that is a zombie.");
    return EXIT_DONE;
}
