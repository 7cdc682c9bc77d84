/*
 * ipc-signal mask: a critical section. A handler must not see what the program is just changing.
 *
 * Usage: ipc-signal mask [--pace SECONDS]
 *
 * The program moves one from a to b and back, so that a + b is always the same, but for a moment in
 * between. A handler that runs in that moment sees it. If the signal is blocked with sigprocmask(),
 * the handler runs after it.
 */
#include "signal.h"

#include "ipc/narration/lesson.h"

#include <sched.h>

enum { SUM = 100, SIGNALS_ENOUGH = 200 };

static volatile sig_atomic_t a = SUM, b, signals, torn;

static void transfer(struct narration *n, bool masked);
static void look(int number);

int signal_mask(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(
        role, argc, argv, "A handler reads what the program is changing. What does it see?",
        "one process, signals by another", NULL);
    if (sigaction(SIGUSR1, &(struct sigaction){.sa_handler = look}, NULL) == -1)
        fail("sigaction", "SIGUSR1");
    narrate_text(n, "-> the mistake: a = a - 1; b = b + 1; and a signal in between");
    transfer(n, false);
    const int unmasked = torn;
    narrate_text(n, "-> right: sigprocmask(SIG_BLOCK), both changes, sigprocmask(SIG_SETMASK)");
    transfer(n, true);
    if (torn != 0)
        fail_that(EXIT_FAILED, "a blocked signal came");
    narrate_text(n, "Half a change: %d times; never while the signal is blocked, it comes after.",
                 unmasked);
    return EXIT_DONE;
}

/* Repeats until the handler has come often enough, and, without the mask, has seen it torn. */
static void transfer(struct narration *n, bool masked)
{
    sigset_t set, before;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    signals = torn = 0;
    a = SUM;
    b = 0;
    const uint64_t began = now();
    const pid_t receiver = getpid(), sender = start_child();
    while (sender == 0) { /* sends as fast as it can, until it is ended */
        end_if_signalled();
        if (kill(receiver, SIGUSR1) == -1)
            _exit(EXIT_DONE);
        sched_yield();
    }
    long turns = 0;
    while ((signals < SIGNALS_ENOUGH || (!masked && torn == 0)) && now() - began < SECOND) {
        const int step = turns % 2 == 0 ? 1 : -1; /* there and back */
        if (masked)
            sigprocmask(SIG_BLOCK, &set, &before);
        a = a - step;
        sched_yield(); /* where it hurts */
        b = b + step;
        if (masked)
            sigprocmask(SIG_SETMASK, &before, NULL); /* a pending signal comes now */
        turns++;
    }
    kill(sender, SIGKILL);
    reap_child(sender);
    narrate(n, LEFT, "%ld transfers, %d signals, %d saw a + b != %d", turns, (int)signals,
            (int)torn, SUM);
}

static void look(int number)
{
    (void)number;
    signals = signals + 1;
    torn = torn + (a + b != SUM);
}
