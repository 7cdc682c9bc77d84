/* SPDX-License-Identifier: MIT
 * Children.
 */
#include "ipc/common/children.h"

#include "ipc/common/clock.h"
#include "ipc/common/error.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct {
    pid_t parent; /* after fork() the child's copy of this table lists its siblings: ignore it */
    pid_t *pids;
    size_t count;
} children;

void register_child(pid_t child)
{
    if (children.parent != getpid())
        children.count = 0;
    children.parent = getpid();
    end_all_children = end_children;
    pid_t *grown = realloc(children.pids, (children.count + 1) * sizeof *grown);
    if (grown == NULL) {
        kill(child, SIGKILL);
        fail("realloc", NULL);
    }
    children.pids = grown;
    children.pids[children.count++] = child;
}

bool forget_child(pid_t child)
{
    for (size_t i = 0; i < children.count; i++)
        if (children.pids[i] == child) {
            children.pids[i] = children.pids[--children.count];
            return true;
        }
    return false;
}

pid_t start_child(void)
{
    fflush(NULL);
    const pid_t parent = getpid();
    const pid_t child = or_fail(fork(), "fork", NULL);
    if (child == 0)
        note_parent(parent);
    else
        register_child(child);
    return child;
}

int reap_child(pid_t child)
{
    int status;
    pid_t reaped;
    do
        reaped = waitpid(child, &status, 0);
    while (reaped == -1 && interrupted());
    or_fail(reaped, "waitpid", NULL);
    forget_child(child);
    end_if_signalled();
    return status;
}

void end_as_child(pid_t child, const char *name, int status)
{
    char words[STATUS_WORDS_SIZE];
    if (status == 0)
        return;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE) /* nobody reads what it tells */
        ending_signal = SIGPIPE;
    const bool peer_is_gone = !WIFEXITED(status) || WEXITSTATUS(status) == EXIT_PEER;
    fail_that(peer_is_gone ? EXIT_PEER : EXIT_FAILED, "the %s (pid %ld) %s: %s", name, (long)child,
              WIFEXITED(status) ? "failed" : "died", status_in_words(status, words));
}

void reap_successful(pid_t child, const char *name)
{
    end_as_child(child, name, reap_child(child));
}

void reap_children(void)
{
    while (children.parent == getpid() && children.count > 0) {
        int status;
        const pid_t child = waitpid(-1, &status, 0);
        if (child == -1 && !interrupted())
            fail("waitpid", NULL);
        if (child == -1 || !forget_child(child))
            continue;
        end_if_signalled(); /* a child that was forked since then has died of that signal, too */
        end_as_child(child, "child", status);
    }
    end_if_signalled();
}

/* Leaves a child that succeeded for its parent to reap. */
static void end_as_any_child(void)
{
    for (size_t i = 0; children.parent == getpid() && i < children.count; i++) {
        siginfo_t ended = {0};
        if (waitid(P_PID, (id_t)children.pids[i], &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
            ended.si_pid != 0 && (ended.si_code != CLD_EXITED || ended.si_status != 0))
            reap_successful(children.pids[i], "child");
    }
}

void watch_children(void)
{
    look_at_children = end_as_any_child;
    note_ended_children();
}

void end_children(int signal_number)
{
    if (children.parent != getpid())
        return;
    for (size_t i = 0; i < children.count; i++) {
        kill(children.pids[i], signal_number);
        kill(children.pids[i], SIGCONT); /* a stopped one must run to see it */
    }
    for (const uint64_t began = now(); children.count > 0;
         nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL))
        for (size_t i = children.count; i-- > 0;) {
            const pid_t child = children.pids[i];
            if (waitpid(child, NULL, WNOHANG) != 0) /* reaped, now or by other means */
                forget_child(child);
            else if (now() - began > SECOND)
                kill(child, SIGKILL);
        }
}

const char *signal_name(int number, char buffer[SIGNAL_NAME_SIZE])
{
#define NAMED(name) [SIG##name] = "SIG" #name
    static const char *const names[] = {
        NAMED(ABRT), NAMED(ALRM), NAMED(BUS),  NAMED(CHLD),   NAMED(CONT), NAMED(FPE),
        NAMED(HUP),  NAMED(ILL),  NAMED(INT),  NAMED(KILL),   NAMED(PIPE), NAMED(POLL),
        NAMED(PROF), NAMED(QUIT), NAMED(SEGV), NAMED(STOP),   NAMED(SYS),  NAMED(TERM),
        NAMED(TRAP), NAMED(TSTP), NAMED(TTIN), NAMED(TTOU),   NAMED(URG),  NAMED(USR1),
        NAMED(USR2), NAMED(XCPU), NAMED(XFSZ), NAMED(VTALRM), NAMED(WINCH)};
    if (number > 0 && number < (int)(sizeof names / sizeof *names) && names[number] != NULL)
        snprintf(buffer, SIGNAL_NAME_SIZE, "%s", names[number]);
    else if (number == SIGRTMIN)
        snprintf(buffer, SIGNAL_NAME_SIZE, "SIGRTMIN");
    else if (number > SIGRTMIN && number <= SIGRTMAX)
        snprintf(buffer, SIGNAL_NAME_SIZE, "SIGRTMIN+%d", number - SIGRTMIN);
    else
        snprintf(buffer, SIGNAL_NAME_SIZE, "signal %d", number);
    return buffer;
}

const char *status_in_words(int status, char buffer[STATUS_WORDS_SIZE])
{
    char name[SIGNAL_NAME_SIZE];
    const bool stopped = WIFSTOPPED(status);
    const int number = stopped ? WSTOPSIG(status) : WTERMSIG(status);
    if (WIFEXITED(status))
        snprintf(buffer, STATUS_WORDS_SIZE, "exit status %d", WEXITSTATUS(status));
    else if (WIFSIGNALED(status) || stopped)
        snprintf(buffer, STATUS_WORDS_SIZE, "%s by %s (%d)", stopped ? "stopped" : "killed",
                 signal_name(number, name), number);
    else
        snprintf(buffer, STATUS_WORDS_SIZE, "continued");
    return buffer;
}

void become_command(char **command)
{
    release_ending_signals();
    restore_inherited_state();
    execvp(command[0], command);
    const int error = errno;
    complain("exec", command[0]);
    _exit(error == ENOENT || error == ENOTDIR ? EXIT_NOT_FOUND : EXIT_CANNOT_EXECUTE);
}
