/*
 * Cleanup on every way out.
 */
#include "ipc/common/cleanup.h"

#include "ipc/common/children.h"
#include "ipc/common/error.h"
#include "ipc/rendezvous/undo_log.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { UNDOS_MOST = 32, NAME_SIZE = 4096 /* a path */ };

static volatile sig_atomic_t ending_signal;

static struct undo {
    undo_action *action; /* NULL: free */
    pid_t owner;
    int id;
    char name[NAME_SIZE];
} undos[UNDOS_MOST];

static void note_signal(int number)
{
    const int saved = errno;
    if (ending_signal == 0)
        ending_signal = number;
    alarm(1); /* see cleanup.h: for a call that had not begun to block yet */
    errno = saved;
}

static const int ending_signals[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGTERM, SIGALRM,  SIGUSR1,
                                     SIGUSR2, SIGXCPU, SIGXFSZ, SIGPROF, SIGVTALRM};
enum { ENDING_SIGNALS = sizeof ending_signals / sizeof *ending_signals };

static void run_undos(void);

static void run_undos_at_exit(void)
{
    static bool registered;
    if (!registered && atexit(run_undos) != 0)
        fail("atexit", NULL);
    registered = true;
}

void catch_ending_signals(void)
{
    run_undos_at_exit();
    for (size_t i = 0; i < ENDING_SIGNALS; i++) {
        struct sigaction action;
        if (sigaction(ending_signals[i], NULL, &action) == 0 && action.sa_handler == SIG_IGN)
            continue;
        action = (struct sigaction){.sa_handler = note_signal};
        sigfillset(&action.sa_mask);
        sigaction(ending_signals[i], &action, NULL);
    }
}

void end_when_child_ends(bool on)
{
    struct sigaction action = {.sa_handler = on ? note_signal : SIG_DFL};
    sigfillset(&action.sa_mask);
    action.sa_flags = SA_NOCLDSTOP;
    sigaction(SIGCHLD, &action, NULL);
}

void release_ending_signals(void)
{
    for (size_t i = 0; i < ENDING_SIGNALS; i++) {
        struct sigaction action;
        if (sigaction(ending_signals[i], NULL, &action) == 0 && action.sa_handler == note_signal)
            sigaction(ending_signals[i], &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
    }
    end_if_signalled();
}

bool signalled(void)
{
    return ending_signal != 0;
}

static bool mine(const struct undo *undo)
{
    return undo->owner == getpid() || (undo->owner == original_parent() && parent_died());
}

static void run_undos(void)
{
    end_children(ending_signal != 0 ? ending_signal : SIGTERM);
    for (size_t i = UNDOS_MOST; i-- > 0;)
        if (undos[i].action != NULL && mine(&undos[i]))
            undo_now(i);
    forget_leftovers();
}

/* Of a child that has ended, and is not reaped yet: whether it failed by itself. */
static bool child_failed(void)
{
    siginfo_t ended = {0};
    return waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid != 0 &&
           ended.si_code == CLD_EXITED && ended.si_status != EXIT_DONE &&
           ended.si_status != EXIT_PEER;
}

void end_if_signalled(void)
{
    if (ending_signal == 0)
        return;
    const int number = ending_signal;
    if (number == SIGTERM && parent_died()) { /* the signal of become_child() */
        complain_that("the other process (pid %ld) died", (long)original_parent());
        run_undos();
        _exit(EXIT_PEER);
    }
    if (number == SIGCHLD) {
        const bool failed = child_failed();
        run_undos();
        if (failed) /* it has said why */
            _exit(EXIT_FAILED);
        complain_that("the other process died");
        _exit(EXIT_PEER);
    }
    run_undos();
    sigaction(number, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, number);
    sigprocmask(SIG_UNBLOCK, &only, NULL);
    raise(number);
    _exit(EXIT_FAILED); /* not reached: the default action ended us */
}

bool interrupted(void)
{
    if (errno != EINTR)
        return false;
    end_if_signalled();
    errno = EINTR;
    return true;
}

size_t undo_at_end(undo_action *action, const char *name, int id)
{
    run_undos_at_exit();
    size_t handle = 0;
    while (handle < UNDOS_MOST && undos[handle].action != NULL)
        handle++;
    if (handle == UNDOS_MOST || strlen(name) >= NAME_SIZE)
        fail_that(EXIT_FAILED, "cannot keep track of \"%s\"", name);
    undos[handle] = (struct undo){.action = action, .owner = getpid(), .id = id};
    snprintf(undos[handle].name, NAME_SIZE, "%s", name);
    note_leftover(action, name, id);
    return handle;
}

void forget_undo(size_t handle)
{
    undos[handle].action = NULL;
    for (size_t i = 0; i < UNDOS_MOST; i++)
        if (undos[i].action != NULL && undos[i].owner == getpid())
            return;
    forget_leftovers();
}

void undo_now(size_t handle)
{
    undo_action *action = undos[handle].action;
    undos[handle].action = NULL; /* should it fail, we do not come here again */
    if (action != NULL)
        action(undos[handle].name, undos[handle].id);
    forget_undo(handle);
}
