/*
 * ipc-signal coalesce: of how many signals that were sent does a process hear?
 *
 * While a signal is pending, another of the same number adds nothing: it is a bit. Real-time
 * signals are queued, each with its value, in the order in which they were sent: sigqueue(3p).
 */
#include "signal.h"

#include "ipc/common/children.h"
#include "ipc/common/cleanup.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SIGNALS = 1000 };

struct count {
    int taken, in_order;
};

/* Blocked until here, now taken one by one until none is left. */
static struct count take_all(int number)
{
    struct count count = {0};
    siginfo_t signal;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, number);
    while (sigtimedwait(&set, &signal, &(struct timespec){0}) == number) {
        count.in_order += signal.si_code == SI_QUEUE && signal.si_value.sival_int == count.taken;
        count.taken++;
    }
    return count;
}

/* The receiver waits at a gate until all are sent, and tells its count over another pipe. */
static struct count send_many(struct narration *n, int number, bool queued)
{
    char name[SIGNAL_NAME_SIZE], go;
    int gate[2], answer[2];
    struct count count = {0};
    sigset_t set;
    signal_name(number, name);
    sigemptyset(&set);
    sigaddset(&set, number);
    /* before the fork: the child inherits it, and has it blocked from the start */
    if (sigprocmask(SIG_BLOCK, &set, NULL) == -1)
        fail("sigprocmask", NULL);
    if (pipe(gate) == -1 || pipe(answer) == -1)
        fail("pipe", NULL);
    const pid_t child = start_child();
    if (child == -1)
        fail("fork", NULL);
    if (child == 0) {
        close(gate[1]);
        close(answer[0]);
        read_full(gate[0], &go, 1);
        count = take_all(number);
        narrate(n, RIGHT, "sigtimedwait(%s): %d taken", name, count.taken);
        _exit(write_full(answer[1], &count, sizeof count) ? EXIT_DONE : EXIT_FAILED);
    }
    close(gate[0]);
    close(answer[1]);
    narrate(n, RIGHT, "%s is blocked since fork()", name);
    narrate(n, LEFT, "%s(%ld, %s)\n%d times", queued ? "sigqueue" : "kill", (long)child, name,
            SIGNALS);
    int sent = 0, result = 0;
    for (; sent < SIGNALS; sent++) {
        result = queued ? sigqueue(child, number, (union sigval){.sival_int = sent})
                        : kill(child, number);
        if (result == -1)
            break;
    }
    if (result == -1)
        narrate(n, LEFT, "= -1 at number %d\n%s: ulimit -i", sent + 1, strerror(errno));
    close(gate[1]);
    if (read_full(answer[0], &count, sizeof count) != sizeof count)
        fail_that(EXIT_PEER, "the child (pid %ld) died", (long)child);
    close(answer[0]);
    reap_child(child);
    if (queued && count.taken != sent)
        fail_that(EXIT_FAILED, "%d were sent, %d arrived", sent, count.taken);
    return count;
}

int signal_coalesce(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    print_text("A thousand signals are sent to a process that blocks them: how many arrive?");
    struct narration *n = narration_open(STDOUT_FILENO, "sender", "receiver", pace);
    narrate_text(n, "-> the mistake: counting with a standard signal");
    const struct count standard = send_many(n, SIGUSR1, false);
    narrate_text(n, "-> right: a real-time signal, each with a value");
    const struct count queued = send_many(n, SIGRTMIN, true);
    narrate(n, RIGHT, "%d of them in order, by their values", queued.in_order);
    narrate_text(n, "Of SIGUSR1 %d: pending is one bit. Of SIGRTMIN %d, %s.", standard.taken,
                 queued.taken, queued.in_order == queued.taken ? "in order" : "not in order");
    return EXIT_DONE;
}
