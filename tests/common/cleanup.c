/* SPDX-License-Identifier: MIT
 * What was registered is undone however a process ends, once, last first, by its owner alone.
 */
#include "ipc/common/cleanup.h"
#include "check.h"
#include "ipc/common/children.h"
#include "ipc/common/clock.h"
#include "ipc/common/error.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int journal[2]; /* a pipe: what was undone, in order, by whichever process */

static void note(const char *name, int id)
{
    (void)id;
    check(write(journal[1], name, 1) == 1);
}

static void end_by_return(void)
{
    undo_at_end(note, "a", 0);
    undo_at_end(note, "b", 0);
    const size_t forgotten = undo_at_end(note, "c", 0);
    const size_t done = undo_at_end(note, "d", 0);
    undo_now(done);
    undo_now(done);
    forget_undo(forgotten);
}

static void end_by_failure(void)
{
    undo_at_end(note, "a", 0);
    close(STDERR_FILENO);
    errno = EACCES;
    fail("open", "file");
}

static void end_by_signal(void)
{
    undo_at_end(note, "a", 0);
    raise(SIGTERM);
    check(ending_signal != 0);
    end_if_signalled();
}

/* The signal comes before the call blocks: it must not sleep on, not even for a second. */
static void end_by_signal_just_before(void)
{
    note_parent(getppid());
    undo_at_end(note, "a", 0);
    raise(SIGHUP);
    sleep_for(60 * SECOND);
}

static void end_with_children(void)
{
    undo_at_end(note, "a", 0);
    const pid_t child = start_child();
    if (child == 0)
        exit(0); /* undoes nothing: it is its parent's */
    check(reap_child(child) == 0);
    check(write(journal[1], "-", 1) == 1);
}

/* The child takes over what its parent, killed, cannot undo any more. */
static void end_killed(void)
{
    undo_at_end(note, "a", 0);
    int ready[2];
    check(pipe(ready) == 0);
    const pid_t child = start_child();
    if (child == 0) {
        check(write(ready[1], "", 1) == 1);
        while (!parent_died())
            sched_yield();
        exit(0);
    }
    char byte;
    check(read(ready[0], &byte, 1) == 1);
    raise(SIGKILL);
}

/* A child that ends is noticed in a wait for something else; what it ended by is ours to say. */
static void end_by_child(bool killed)
{
    undo_at_end(note, "a", 0);
    watch_children();
    close(STDERR_FILENO);
    const pid_t child = start_child();
    if (child == 0 && killed)
        raise(SIGKILL);
    if (child == 0)
        _exit(EXIT_FAILED);
    sleep_for(60 * SECOND);
}

static void end_by_child_that_failed(void)
{
    end_by_child(false);
}

static void end_by_child_that_died(void)
{
    end_by_child(true);
}

/* One that was forgotten does not end us by its death; the next one does. */
static void end_by_another_child(void)
{
    undo_at_end(note, "a", 0);
    watch_children();
    close(STDERR_FILENO);
    const pid_t expected = start_child();
    if (expected == 0)
        raise(SIGKILL);
    forget_child(expected);
    siginfo_t ended;
    while (waitid(P_PID, (id_t)expected, &ended, WEXITED | WNOWAIT) == -1 && interrupted())
        ;
    end_if_signalled();
    check(write(journal[1], "-", 1) == 1);
    if (start_child() == 0)
        raise(SIGKILL);
    sleep_for(60 * SECOND);
}

/* What failed, or ended well, after the signal had come: it is the signal's doing. */
static void end_by_signal_before_failure(void)
{
    undo_at_end(note, "a", 0);
    raise(SIGINT);
    check(close(STDERR_FILENO) == 0); /* it tells of no failure: that would be a write to nobody */
    fail_that(EXIT_PEER, "the peer died");
}

static void end_by_signal_before_exit(void)
{
    undo_at_end(note, "a", 0);
    raise(SIGINT);
    exit(0);
}

/* Cleanup that fails is no reason to leave out the rest of it. */
static void fail_to_undo(const char *name, int id)
{
    note(name, id);
    close(STDERR_FILENO);
    errno = EIO;
    fail("pread", name);
}

static void end_in_spite_of_failure(void)
{
    undo_at_end(note, "a", 0);
    undo_at_end(fail_to_undo, "b", 0);
    undo_at_end(note, "c", 0);
}

/* The timer wakes although whoever started us ignored its signal. */
static void wake_up(void)
{
    sigaction(SIGRTMAX, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    alarm(20); /* otherwise */
    start_wakeup_timer();
    check(pause() == -1 && interrupted());
}

static int number_of_signal;

static void end_by_that_signal(void)
{
    undo_at_end(note, "a", 0);
    raise(number_of_signal);
    end_if_signalled();
}

/* Runs one way to end in a child: its wait status, and what was undone. */
static int ends(void (*way)(void), const char *undone)
{
    check(pipe(journal) == 0);
    const pid_t child = fork();
    check(child != -1);
    if (child == 0) {
        close(journal[0]);
        way();
        exit(0);
    }
    close(journal[1]);
    char text[16];
    size_t size = 0;
    ssize_t got;
    while ((got = read(journal[0], text + size, sizeof text - 1 - size)) > 0)
        size += (size_t)got; /* until all who could write there have ended */
    text[size] = '\0';
    close(journal[0]);
    int status;
    check(waitpid(child, &status, 0) == child);
    check(strcmp(text, undone) == 0);
    return status;
}

static void interrupt(int number)
{
    (void)number;
}

int main(void)
{
    program_name = "test";
    take_over_inherited_state();
    sigaction(SIGUSR2, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    catch_ending_signals();

    int status = ends(end_by_return, "dba");
    check(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    status = ends(end_by_failure, "a");
    check(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILED);
    status = ends(end_by_signal, "a");
    check(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
    const uint64_t began = now();
    status = ends(end_by_signal_just_before, "a");
    check(now() - began < 9 * SECOND / 10);
    check(WIFSIGNALED(status) && WTERMSIG(status) == SIGHUP);
    status = ends(end_with_children, "-a");
    check(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    status = ends(end_killed, "a");
    check(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);

    status = ends(end_by_child_that_failed, "a");
    check(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILED);
    status = ends(end_by_child_that_died, "a");
    check(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_PEER);

    status = ends(end_by_another_child, "-a");
    check(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_PEER);
    status = ends(end_by_signal_before_failure, "a");
    check(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
    status = ends(end_by_signal_before_exit, "a");
    check(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
    status = ends(end_in_spite_of_failure, "cba");
    check(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILED);

    status = ends(wake_up, "");
    check(WIFEXITED(status) && WEXITSTATUS(status) == 0);

    /* every signal that ends a process by default, and can be caught */
    for (number_of_signal = 1; number_of_signal <= SIGRTMAX; number_of_signal++) {
        sigset_t others;
        sigemptyset(&others);
        const int not_these[] = {SIGKILL, SIGSTOP, SIGCHLD, SIGCONT, SIGURG, SIGWINCH,
                                 SIGTSTP, SIGTTIN, SIGTTOU, SIGSEGV, SIGBUS, SIGFPE,
                                 SIGILL,  SIGPIPE, SIGUSR2 /* ignored, see above */};
        for (size_t i = 0; i < sizeof not_these / sizeof *not_these; i++)
            sigaddset(&others, not_these[i]);
        struct sigaction present;
        if (sigismember(&others, number_of_signal) ||
            sigaction(number_of_signal, NULL, &present) == -1) /* libc's own */
            continue;
        status = ends(end_by_that_signal, "a");
        check(WIFSIGNALED(status) && WTERMSIG(status) == number_of_signal);
    }

    /* an ignored signal stays ignored */
    raise(SIGUSR2);
    check(ending_signal == 0);

    /* a signal that ends nothing: interrupted() says once more, other errors are not its business
     */
    check(sigaction(SIGCHLD, &(struct sigaction){.sa_handler = interrupt}, NULL) == 0);
    errno = EINTR;
    check(interrupted() && errno == EINTR);
    errno = EAGAIN;
    check(!interrupted() && errno == EAGAIN);
    return 0;
}
