/* SPDX-License-Identifier: MIT
 * ipc-signal catch: of every signal that arrives, which it is, who sent it and why.
 *
 * Usage: ipc-signal catch [-n COUNT | -- COMMAND [ARG...]] [-q]
 *
 * All are blocked, and taken with sigwaitinfo(): nothing is lost in a handler, printf() is safe.
 * What another process sends is passed on to COMMAND; what the terminal sends has reached COMMAND,
 * too, since both are of one process group.
 */
#include "signal.h"

#include "ipc/common/children.h"
#include "ipc/common/io.h"
#include "ipc/narration/platform.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CAUSE_SIZE = 64, PROGRAM_SIZE = 64 };

static pid_t start_command(char **command);
static bool command_ended(pid_t command, int *status);
static void pass_on(pid_t command, const siginfo_t *signal);
static void do_nothing(int number);
static void print_signal(FILE *to, const siginfo_t *signal);
static const char *cause(const siginfo_t *signal, char text[CAUSE_SIZE]);

int signal_catch(const struct role *role, int argc, char **argv)
{
    long count = 0;
    const struct option_row options[] = {OPTION(number, &count, .name = "count", .letter = 'n',
                                                .argument = "COUNT", .least = 1, .most = 1000000000,
                                                .help = "end after that many signals"),
                                         OPTION_QUIET,
                                         {0}};
    char **const command = parse_arguments(role, argc, argv, options, 0).command;
    if (command != NULL && count != 0)
        usage_error(role, "--count: with a COMMAND it ends when that does");
    sigset_t all;
    sigfillset(&all);
    or_fail(sigprocmask(SIG_SETMASK, &all, NULL), "sigprocmask", NULL);
    const pid_t child = command != NULL ? start_command(command) : 0;
    /* some are ignored by default, and an ignored signal is not kept: so each gets a handler */
    for (int number = 1; number <= SIGRTMAX; number++)
        sigaction(number, &(struct sigaction){.sa_handler = do_nothing}, NULL); /* or refused */
    say("pid %ld waits for signals; Ctrl-C and Ctrl-Z are among them", (long)getpid());
    if (child != 0)
        say("it ends when %s (pid %ld) does", command[0], (long)child);
    else if (count == 0)
        say("it ends by: kill -KILL %ld", (long)getpid());
    else
        say("it ends after %ld, or by: kill -KILL %ld", count, (long)getpid());
    for (long caught = 1; count == 0 || caught <= count; caught++) {
        siginfo_t signal;
        int status;
        while (sigwaitinfo(&all, &signal) == -1)
            if (errno != EINTR) /* stopped and continued by signals that nobody can take */
                fail("sigwaitinfo", NULL);
        print_signal(child != 0 ? stderr : stdout, &signal); /* standard output is COMMAND's */
        if (child != 0 && signal.si_signo == SIGCHLD && command_ended(child, &status))
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        if (child != 0)
            pass_on(child, &signal);
        /* of a job in the background that reads from its terminal, or writes to it, all stop */
        const bool stops =
            signal.si_signo == SIGTSTP || signal.si_signo == SIGTTIN || signal.si_signo == SIGTTOU;
        if (stops && caught != count) {
            say("stops, as it would by default; fg or kill -CONT continues it");
            raise(SIGSTOP);
        }
    }
    return EXIT_DONE;
}

/* Before the handlers are set: COMMAND gets the dispositions that we were given. */
static pid_t start_command(char **command)
{
    failure_status = EXIT_OWN_FAILURE;
    const pid_t parent = getpid(), child = or_fail(fork(), "fork", NULL);
    if (child == 0) {
        note_parent(parent);
        become_command(command);
    }
    register_child(child);
    return child;
}

/* It may have been stopped or continued, and nothing else. */
static bool command_ended(pid_t command, int *status)
{
    pid_t ended;
    do
        ended = waitpid(command, status, WNOHANG);
    while (ended == -1 && interrupted());
    return ended == command && forget_child(command);
}

/*
 * Not what the system or COMMAND itself sent: that might kill COMMAND by what it meant for us. A
 * signal that came too late, or is one that we may not send, is lost: as without us.
 */
static void pass_on(pid_t command, const siginfo_t *signal)
{
    if (signal->si_code > 0 || signal->si_pid == command)
        return;
    if (signal->si_code == SI_QUEUE)
        (void)sigqueue(command, signal->si_signo, signal->si_value);
    else
        (void)kill(command, signal->si_signo);
}

static void do_nothing(int number)
{
    (void)number;
}

static void print_signal(FILE *to, const siginfo_t *signal)
{
    char name[SIGNAL_NAME_SIZE], program[PROGRAM_SIZE], why[CAUSE_SIZE], from[128] = "";
    if (signal->si_code <= 0 || signal->si_signo == SIGCHLD) {
        program_of(signal->si_pid, program, sizeof program);
        const struct quoted shown = quoted(program, strlen(program)); /* it may call itself "\n" */
        snprintf(from, sizeof from, "from pid %ld (%.*s), uid %ld: ", (long)signal->si_pid,
                 (int)strlen(shown.text) - 2, shown.text + 1, (long)signal->si_uid);
    }
    fprintf(to, "%-12s %2d  %s%s\n", signal_name(signal->si_signo, name), signal->si_signo, from,
            cause(signal, why));
    flush_output();
}

/* By signal.h(0p): codes from 0 down are of processes, others of the kernel. */
static const char *cause(const siginfo_t *signal, char text[CAUSE_SIZE])
{
    const int code = signal->si_code, number = signal->si_signo;
    if (code == SI_USER)
        return "kill";
    if (code == SI_QUEUE || code == SI_TIMER) {
        snprintf(text, CAUSE_SIZE, "%s, value %d", code == SI_QUEUE ? "sigqueue" : "timer",
                 signal->si_value.sival_int);
        return text;
    }
    if (code == SI_MESGQ || code == SI_ASYNCIO)
        return code == SI_MESGQ ? "message queue" : "asynchronous I/O";
    if (code < 0)
        return "raise, or pthread_kill"; /* Linux: SI_TKILL */
    if (number == SIGCHLD)
        return code == CLD_EXITED      ? "child: exited"
               : code == CLD_STOPPED   ? "child: stopped"
               : code == CLD_CONTINUED ? "child: continued"
                                       : "child: killed";
    if (number == SIGALRM || number == SIGVTALRM || number == SIGPROF)
        return "timer";
#ifdef SIGWINCH
    if (number == SIGWINCH)
        return "terminal";
#endif
    const bool typed = number == SIGINT || number == SIGQUIT || number == SIGTSTP;
    return typed || number == SIGHUP || number == SIGTTIN || number == SIGTTOU ? "terminal"
                                                                               : "kernel";
}
