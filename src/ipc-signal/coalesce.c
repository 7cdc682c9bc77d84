/* SPDX-License-Identifier: MIT
 * ipc-signal coalesce: of how many signals that were sent does a process hear?
 *
 * Usage: ipc-signal coalesce [--pace SECONDS | --step]
 *
 * While a signal is pending, another of the same number adds nothing: it is a bit. Real-time
 * signals are queued, each with its value, in the order in which they were sent: sigqueue(3p).
 */
#include "signal.h"

#include "ipc/narration/lesson.h"

#include <time.h>

enum { SIGNALS = 1000 };

struct count {
    int taken, in_order;
};

static struct count send_many(struct narration *n, int number, bool queued);

int signal_coalesce(const struct role *role, int argc, char **argv)
{
    const char *question =
        "A thousand signals are sent to a process that blocks them: how many arrive?";
    struct narration *n = begin_lesson(role, argc, argv, question, "sender", "receiver");
    narrate_mistake(n, "counting with a standard signal");
    const struct count standard = send_many(n, SIGUSR1, false);
    narrate_right(n, "a real-time signal, each with a value");
    const struct count queued = send_many(n, SIGRTMIN, true);
    narrate_answer(n, "%d SIGUSR1 arrived: pending is one bit. %d SIGRTMIN arrived, %s.",
                   standard.taken, queued.taken,
                   queued.in_order == queued.taken ? "in order" : "not in order");
    return EXIT_DONE;
}

/* The receiver waits at a gate until all are sent, then takes what is pending, one by one. */
static struct count send_many(struct narration *n, int number, bool queued)
{
    char name[SIGNAL_NAME_SIZE];
    struct gate is_blocked = new_gate(), sent_all = new_gate();
    struct count *count = shared_memory(sizeof *count);
    sigset_t set;
    signal_name(number, name);
    sigemptyset(&set);
    sigaddset(&set, number);
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        narrate(n, RIGHT, "sigprocmask(SIG_BLOCK, {%s})", name);
        or_fail(sigprocmask(SIG_BLOCK, &set, NULL), "sigprocmask", NULL);
        open_gate(&is_blocked, 1);
        pass_gate(&sent_all);
        siginfo_t signal;
        while (sigtimedwait(&set, &signal, &(struct timespec){0}) != -1) {
            count->in_order +=
                signal.si_code == SI_QUEUE && signal.si_value.sival_int == count->taken;
            count->taken++;
        }
        narrate(n, RIGHT, "sigtimedwait({%s}, 0) = %d, %d time%s", name, number, count->taken,
                count->taken == 1 ? "" : "s");
        if (queued)
            narrate(n, RIGHT, "  i = 0, 1, 2, ...: %d in order", count->in_order);
        narrate(n, RIGHT, "sigtimedwait({%s}, 0) = -1 EAGAIN", name);
        _exit(EXIT_DONE);
    }
    if (!pass_gate(&is_blocked))
        reap_successful(child, "receiver"); /* it did not succeed: this ends us */
    narrate(n, LEFT, "%s(%ld, %s%s), %d times", queued ? "sigqueue" : "kill", (long)child, name,
            queued ? ", i" : "", SIGNALS);
    int sent = 0, result = 0;
    while (sent < SIGNALS && result == 0) {
        result = queued ? sigqueue(child, number, (union sigval){.sival_int = sent})
                        : kill(child, number);
        sent += result == 0;
    }
    if (result == -1)
        narrate(n, LEFT, "= -1 %s\nat number %d: ulimit -i", error_name(errno), sent + 1);
    open_gate(&sent_all, 1);
    reap_successful(child, "receiver");
    if (queued && count->taken != sent)
        fail_that(EXIT_FAILED, "%d were sent, %d arrived", sent, count->taken);
    return *count;
}
