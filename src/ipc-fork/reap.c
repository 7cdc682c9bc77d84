/* SPDX-License-Identifier: MIT
 * ipc-fork reap: signals do not queue, so that one SIGCHLD may stand for several children.
 *
 * Usage: ipc-fork reap [--pace SECONDS | --step]
 *
 * Five children end while SIGCHLD is blocked. A handler that calls waitpid() once per signal leaves
 * zombies; one that calls it until there is none does not.
 */
#include "fork.h"

#include "ipc/narration/lesson.h"

enum { CHILDREN = 5 };

static pid_t children[CHILDREN];

/* What the handlers did, for the program to tell: they may not print, signal-safety(7). */
static volatile sig_atomic_t runs, reaped, last_error;

static void end_children_blocked(struct narration *n, const char *name, void (*handler)(int));
static void reap_one(int number);
static void reap_all(int number);

int fork_reap(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(
        role, argc, argv, "Five children end while SIGCHLD is blocked. How often does it come?",
        "parent of five", NULL);
    narrate_text(n, "with --step, from a second terminal: ps -o pid,stat --ppid %ld",
                 (long)getpid());
    narrate_mistake(n, "reaping once per signal: if (waitpid(-1, NULL, WNOHANG) > 0)");
    end_children_blocked(n, "reap_one", reap_one);
    const int by_one = (int)reaped;
    narrate(n, LEFT, "  waitpid(-1, WNOHANG) > 0, %d time", by_one);
    int zombies = 0; /* signal 0 is sent to nobody: it only finds a process, or a zombie */
    for (int i = 0; i < CHILDREN; i++)
        zombies += kill(children[i], 0) == 0;
    narrate(n, LEFT, "kill(each, 0) = 0, %d times: zombies; -1  ESRCH for the reaped", zombies);

    narrate_right(n, "until there is none: while (waitpid(-1, NULL, WNOHANG) > 0)");
    end_children_blocked(n, "reap_all", reap_all);
    const int by_all = (int)reaped - by_one;
    narrate(n, LEFT, "  waitpid(-1, WNOHANG), %d times: these 5, and those left before", by_all);
    narrate(n, LEFT, "  waitpid(-1, WNOHANG) = %s",
            last_error == ECHILD ? "-1  ECHILD" : "0  only others' children are left");
    narrate_answer(n, "Once: signals do not queue. if (waitpid) reaped %d, while (waitpid) all %d.",
                   by_one, by_all);
    return EXIT_DONE;
}

/* Nobody's luck decides how many signals there are: all have ended before SIGCHLD is unblocked. */
static void end_children_blocked(struct narration *n, const char *name, void (*handler)(int))
{
    struct gate told = new_gate();
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    or_fail(sigaction(SIGCHLD, &(struct sigaction){.sa_handler = handler}, NULL), "sigaction",
            NULL);
    narrate(n, LEFT, "sigaction(SIGCHLD, %s)", name);
    or_fail(sigprocmask(SIG_BLOCK, &set, NULL), "sigprocmask", NULL);
    narrate(n, LEFT, "sigprocmask(SIG_BLOCK, {SIGCHLD})");
    for (int i = 0; i < CHILDREN; i++) {
        children[i] = start_child();
        if (children[i] == 0) {
            pass_gate(&told);
            _exit(EXIT_DONE);
        }
    }
    narrate(n, LEFT, "fork(), %d times; each child: _exit(0)", CHILDREN);
    open_gate(&told, CHILDREN);
    narrate_call(n, LEFT, "waitid(P_PID, WEXITED|WNOWAIT), %d times", CHILDREN);
    for (int i = 0; i < CHILDREN; i++) {
        siginfo_t ended;
        while (waitid(P_PID, (id_t)children[i], &ended, WEXITED | WNOWAIT) == -1)
            if (!interrupted())
                fail("waitid", NULL);
        if (ended.si_code != CLD_EXITED)
            reap_successful(children[i], "child");
        forget_child(children[i]); /* the handler reaps it */
    }
    narrate_return(n, NULL, "0  all ended");
    close_gate(&told);

    runs = 0;
    narrate(n, LEFT, "sigprocmask(SIG_UNBLOCK, {SIGCHLD})");
    or_fail(sigprocmask(SIG_UNBLOCK, &set, NULL), "sigprocmask", NULL);
    narrate(n, LEFT, "%s() ran %d time%s", name, (int)runs, runs == 1 ? "" : "s");
    if (runs != 1)
        fail_that(EXIT_FAILED, "this system queues SIGCHLD");
}

static void reap_one(int number)
{
    const int error = errno; /* of the call that the signal interrupts */
    (void)number;
    if (waitpid(-1, NULL, WNOHANG) > 0)
        reaped++;
    runs++;
    errno = error;
}

static void reap_all(int number)
{
    const int error = errno;
    (void)number;
    errno = 0;
    while (waitpid(-1, NULL, WNOHANG) > 0)
        reaped++;
    last_error = errno;
    runs++;
    errno = error;
}
