/*
 * ipc-signal catch: of every signal that arrives, which it is, who sent it and why.
 *
 * All are blocked, and taken with sigwaitinfo(): nothing is lost in a handler, and printf() is
 * safe.
 */
#include "signal.h"

#include "ipc/common/children.h"
#include "ipc/common/cleanup.h"
#include "ipc/common/platform.h"
#include "ipc/narration/platform.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void do_nothing(int number)
{
    (void)number;
}

/* Some are ignored by default, and what is ignored is not kept: so each gets a handler. */
static void block_all(sigset_t *all)
{
    sigfillset(all);
    for (int number = 1; number <= SIGRTMAX; number++)
        sigaction(number, &(struct sigaction){.sa_handler = do_nothing}, NULL); /* or refused */
    if (sigprocmask(SIG_SETMASK, all, NULL) == -1)
        fail("sigprocmask", NULL);
}

/* Why it came, by signal.h(0p): codes from 0 down are of processes, others of the kernel. */
static const char *cause(const siginfo_t *signal, char text[64])
{
    switch (signal->si_code) {
    case SI_USER:
        return "kill";
    case SI_QUEUE:
        snprintf(text, 64, "sigqueue, value %d", signal->si_value.sival_int);
        return text;
    case SI_TIMER:
        snprintf(text, 64, "timer, value %d", signal->si_value.sival_int);
        return text;
    case SI_MESGQ:
        return "message queue";
    case SI_ASYNCIO:
        return "asynchronous I/O";
    default:
        break;
    }
    if (signal->si_code < 0)
        return "raise, or pthread_kill"; /* Linux: SI_TKILL */
    switch (signal->si_signo) {
    case SIGCHLD:
        return signal->si_code == CLD_EXITED      ? "child: exited"
               : signal->si_code == CLD_STOPPED   ? "child: stopped"
               : signal->si_code == CLD_CONTINUED ? "child: continued"
                                                  : "child: killed";
    case SIGALRM:
    case SIGVTALRM:
    case SIGPROF:
        return "timer";
    case SIGINT:
    case SIGQUIT:
    case SIGTSTP:
    case SIGHUP:
    case SIGTTIN:
    case SIGTTOU:
#ifdef SIGWINCH
    case SIGWINCH:
#endif
        return "terminal";
    default:
        return "kernel";
    }
}

static void tell(const siginfo_t *signal)
{
    char name[SIGNAL_NAME_SIZE], program[64], why[64], from[128] = "";
    if (signal->si_code <= 0 || signal->si_signo == SIGCHLD) {
        program_of(signal->si_pid, program, sizeof program);
        const struct quoted shown = quoted(program, strlen(program)); /* it may call itself "\n" */
        snprintf(from, sizeof from, "from pid %ld (%.*s), uid %ld: ", (long)signal->si_pid,
                 (int)strlen(shown.text) - 2, shown.text + 1, (long)signal->si_uid);
    }
    printf("%-12s %2d  %s%s\n", signal_name(signal->si_signo, name), signal->si_signo, from,
           cause(signal, why));
    if (fflush(stdout) != 0)
        fail("write", "standard output");
}

int signal_catch(const struct role *role, int argc, char **argv)
{
    long count = 0;
    const struct option_row options[] = {{.name = "count",
                                          .letter = 'n',
                                          .argument = "COUNT",
                                          .number = &count,
                                          .least = 1,
                                          .most = 1000000000,
                                          .help = "end after that many signals"},
                                         OPTION_QUIET,
                                         {0}};
    parse_arguments(role, argc, argv, options, 0);
    sigset_t all;
    block_all(&all);
    say("pid %ld waits for signals; Ctrl-C and Ctrl-Z are among them", (long)getpid());
    if (count == 0)
        say("it ends by: kill -KILL %ld", (long)getpid());
    else
        say("it ends after %ld, or by: kill -KILL %ld", count, (long)getpid());
    for (long caught = 0; count == 0 || caught < count; caught++) {
        siginfo_t signal;
        if (sigwaitinfo(&all, &signal) == -1) {
            if (errno != EINTR)
                fail("sigwaitinfo", NULL);
            caught--; /* stopped and continued by signals that nobody can take */
            continue;
        }
        tell(&signal);
        if (signal.si_signo == SIGTSTP && (count == 0 || caught + 1 < count)) {
            say("stops, as it would by default; fg or kill -CONT continues it");
            raise(SIGSTOP);
        }
    }
    return EXIT_DONE;
}
