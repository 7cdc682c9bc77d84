/* SPDX-License-Identifier: MIT
 * Inherited state, and cleanup on every way out.
 */
#include "ipc/common/cleanup.h"

#include "ipc/common/error.h"
#include "ipc/common/platform.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { UNDOS_MOST = 32, NAME_SIZE = 4096 /* a path */, SOON_MS = 150, WAKE_UP_MS = 100 };

void (*end_all_children)(int signal_number), (*look_at_children)(void);

volatile sig_atomic_t ending_signal;
static volatile sig_atomic_t a_child_ended;
static atomic_bool quitting; /* by another thread */
_Thread_local bool only_watches;
static pid_t parent_at_start, noted_by; /* fork() alone does not make it a child's of ours */
static bool cleaning;
static bool parent_is_silent; /* no signal tells of its death: the timer makes us look */

static sigset_t given_mask;
static mode_t given_umask;
static struct sigaction given_child, given_pipe;

static struct undo {
    undo_action *action; /* NULL: free */
    pid_t owner;
    int id;
    char name[NAME_SIZE];
} undos[UNDOS_MOST];

void take_over_inherited_state(void)
{
    /* open() returns the lowest free descriptor: the closed one itself */
    for (int descriptor = 0; descriptor <= STDERR_FILENO; descriptor++)
        if (fcntl(descriptor, F_GETFD) == -1 && errno == EBADF &&
            open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY) == -1)
            fail("open", "/dev/null");

    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, &given_mask);
    sigaction(SIGCHLD, &(struct sigaction){.sa_handler = SIG_DFL}, &given_child);
    sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, &given_pipe);
    given_umask = umask(0);
    umask(given_umask & ~(mode_t)S_IRWXU); /* what is ours we use ourselves */
}

void restore_inherited_state(void)
{
    close_descriptors_from(STDERR_FILENO + 1);
    sigaction(SIGCHLD, &given_child, NULL);
    sigaction(SIGPIPE, &given_pipe, NULL);
    sigprocmask(SIG_SETMASK, &given_mask, NULL);
    umask(given_umask);
}

/* A forked child has none until note_parent(); nor has anybody with RLIMIT_SIGPENDING 0. */
static timer_t timer;

static void make_timer(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMAX};
    (void)timer_create(CLOCK_MONOTONIC, &event, &timer);
}

static int start_timer(long every_ms)
{
    const struct timespec period = {.tv_nsec = every_ms * 1000000};
    return timer_settime(timer, 0, &(struct itimerspec){period, period}, NULL);
}

static void note_signal(int number, siginfo_t *signal, void *context)
{
    const int saved = errno;
    (void)context;
    if (signal->si_code == SI_TIMER) /* to interrupt a call is all that it is for */
        return;
    if (ending_signal == 0)
        ending_signal = number;
    if (start_timer(SOON_MS) == -1) /* for a call that had not begun to sleep yet */
        alarm(1);
    errno = saved;
}

static void note_child(int number)
{
    (void)number;
    a_child_ended = 1;
}

/* Without SA_RESTART: a call that sleeps is to return. */
static void handle(int number, struct sigaction action)
{
    sigfillset(&action.sa_mask);
    or_fail(sigaction(number, &action, NULL), "sigaction", NULL);
}

/* Those that by default do not end a process, and those that a fault of its own raises. */
static const char other_signals[] = {SIGKILL, SIGSTOP, SIGCHLD, SIGCONT, SIGURG, SIGWINCH, SIGTSTP,
                                     SIGTTIN, SIGTTOU, SIGSEGV, SIGBUS,  SIGFPE, SIGILL,   0};
static const struct sigaction noted = {.sa_sigaction = note_signal, .sa_flags = SA_SIGINFO};
static const struct sigaction by_default = {.sa_handler = SIG_DFL};

/* Only such an action is replaced: what is ignored stays so. */
static void redirect_ending_signals(const struct sigaction *from, const struct sigaction *to)
{
    for (int number = 1; number <= SIGRTMAX; number++) {
        struct sigaction present; /* libc keeps a few for itself: EINVAL */
        if (strchr(other_signals, number) == NULL && sigaction(number, NULL, &present) == 0 &&
            present.sa_handler == from->sa_handler)
            handle(number, *to);
    }
}

static void run_undos(void)
{
    cleaning = true;
    if (end_all_children != NULL) /* they ignore SIGPIPE */
        end_all_children(ending_signal != 0 && ending_signal != SIGPIPE ? ending_signal : SIGTERM);
    for (size_t i = UNDOS_MOST; i-- > 0;) {
        const pid_t owner = undos[i].owner;
        if (owner == getpid() || (owner == original_parent() && parent_died()))
            undo_now(i);
    }
}

static _Noreturn void die_by(int number)
{
    handle(number, by_default);
    sigset_t others; /* stay blocked: otherwise one that is pending would end us first */
    sigfillset(&others);
    sigdelset(&others, number);
    sigprocmask(SIG_SETMASK, &others, NULL);
    raise(number);
    _exit(EXIT_FAILED); /* not reached: the default action ended us */
}

/* A signal that came while the program was ending already still counts. */
static void at_exit(void)
{
    run_undos();
    if (ending_signal != 0 && !quitting)
        die_by(ending_signal);
}

/* Cleanup that fails is followed by the rest of it: exit() inside exit() is undefined. */
static void end_once(int status)
{
    if (!cleaning)
        exit(status);
    at_exit();
    _exit(status);
}

void catch_ending_signals(void)
{
    before_failing = end_if_signalled;
    end_failed = end_once;
    if (atexit(at_exit) != 0)
        fail("atexit", NULL);
    make_timer();
    redirect_ending_signals(&by_default, &noted);
}

void release_ending_signals(void)
{
    timer_delete(timer);
    redirect_ending_signals(&noted, &by_default);
    end_if_signalled();
}

void start_wakeup_timer(void)
{
    handle(SIGRTMAX, noted); /* it may have been ignored when we began */
    if (ending_signal == 0 && start_timer(WAKE_UP_MS) == -1) {
        make_timer();
        or_fail(start_timer(WAKE_UP_MS), "timer_settime", NULL);
    }
}

void note_ended_children(void)
{
    handle(SIGCHLD, (struct sigaction){.sa_handler = note_child, .sa_flags = SA_NOCLDSTOP});
    a_child_ended = 1; /* one may have ended before there was a handler */
    start_wakeup_timer();
}

void note_parent(pid_t parent)
{
    parent_at_start = parent;
    noted_by = getpid();
    make_timer();
    parent_is_silent = !signal_when_parent_ends(SIGTERM);
    if (parent_died())
        _exit(EXIT_PEER);
    if (parent_is_silent)
        start_wakeup_timer();
}

pid_t original_parent(void)
{
    return parent_at_start;
}

bool parent_died(void)
{
    return noted_by == getpid() && getppid() != parent_at_start;
}

/*
 * A parent with several threads dies one thread after the other, and PR_SET_PDEATHSIG(2const) tells
 * of the first, when getppid() still is what it was. Give up after 200 ms: it was sent on purpose.
 */
static void await_parents_death(void)
{
    for (int ms = 0; ms < 200 && noted_by == getpid() && !parent_died(); ms++)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

void end_if_signalled(void)
{
    const int saved = errno;
    if (only_watches)
        return;
#ifdef __SANITIZE_THREAD__
    sigprocmask(SIG_SETMASK, NULL, NULL); /* TSan runs a handler in the next call that it knows */
#endif
    if (a_child_ended) {
        a_child_ended = 0; /* before the look: a child that ends after it sets the flag again */
        look_at_children();
    }
    const int number = ending_signal;
    if (number == SIGTERM)
        await_parents_death();
    if ((number == SIGTERM || parent_is_silent) && parent_died()) { /* see note_parent() */
        struct pollfd output = {.fd = STDOUT_FILENO}; /* unread, it died of that: without a word */
        const bool is_unread = poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
        if (!is_unread || given_pipe.sa_handler != SIG_DFL)
            complain_that("the other process (pid %ld) died", (long)original_parent());
        run_undos();
        _exit(EXIT_PEER);
    }
    errno = saved;
    if (number == 0)
        return;
    run_undos();
    if (quitting)
        _exit(EXIT_DONE);
    die_by(number);
}

void fail_output(void)
{
    if (errno == EPIPE && given_pipe.sa_handler == SIG_DFL)
        ending_signal = SIGPIPE;
    fail("write", "standard output");
}

void quit_cleanly(void)
{
    quitting = true;
    kill(getpid(), SIGTERM); /* the main thread hears it: the others block it */
}

bool interrupted(void)
{
    if (errno != EINTR)
        return false;
    end_if_signalled();
    return true;
}

size_t undo_at_end(undo_action *action, const char *name, int id)
{
    size_t handle = 0;
    while (handle < UNDOS_MOST && undos[handle].action != NULL)
        handle++;
    if (handle == UNDOS_MOST || strlen(name) >= NAME_SIZE)
        fail_that(EXIT_FAILED, "cannot keep track of \"%s\"", name);
    undos[handle] = (struct undo){.action = action, .owner = getpid(), .id = id};
    snprintf(undos[handle].name, NAME_SIZE, "%s", name);
    return handle;
}

void forget_undo(size_t handle)
{
    undos[handle].action = NULL;
}

void undo_now(size_t handle)
{
    undo_action *action = undos[handle].action;
    forget_undo(handle); /* should it fail, we do not come here again */
    if (action != NULL)
        action(undos[handle].name, undos[handle].id);
}
