/* SPDX-License-Identifier: MIT
 * ipc-signal mask: a critical section. A handler must not see what the program is just changing.
 *
 * Usage: ipc-signal mask [--pace SECONDS | --step]
 *
 * The program moves one from a to b and back, so that a + b is always the same, but for a moment in
 * between. A handler that runs then sees it; if sigprocmask() blocks the signal, it runs later.
 */
#include "signal.h"

#include "ipc/narration/lesson.h"

#include <sched.h>

enum { SUM = 100, SIGNALS_ENOUGH = 500 };

static volatile sig_atomic_t a, b, signals, torn;

static int transfer(struct narration *n, bool pauses, bool blocks);
static void look(int number);

int signal_mask(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(
        role, argc, argv, "A handler reads what the program is changing. What does it see?",
        "one process; a child sends it signals", NULL);
    narrate(n, LEFT, "sigaction(SIGUSR1, look)   look() counts how often a + b != %d", SUM);
    or_fail(sigaction(SIGUSR1, &(struct sigaction){.sa_handler = look}, NULL), "sigaction", NULL);
    narrate(n, LEFT, "the child: kill(%ld, SIGUSR1), again and again", (long)getpid());
    narrate_mistake(n, "a = a - 1; b = b + 1; and nothing against a signal in between");
    const int half = transfer(n, false, false);
    narrate_text(n, "-> that may pass every test; the same with a pause in between, sched_yield()");
    const int paused = transfer(n, true, false);
    narrate_right(n, "the signal is blocked before the first change, until after the second");
    if (transfer(n, true, true) != 0)
        fail_that(EXIT_FAILED, "a blocked signal came");
    narrate_answer(n, "Half a change: %d times as written, %d with a pause; blocked, never.", half,
                   paused);
    return EXIT_DONE;
}

/* Repeats until the handler has come often enough; returns how often it saw half a change. */
static int transfer(struct narration *n, bool pauses, bool blocks)
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
    watch_children();
    long turns = 0;
    while ((signals < SIGNALS_ENOUGH || (pauses && !blocks && torn == 0)) &&
           now() - began < 3 * SECOND / 4) {
        const int step = turns % 2 == 0 ? 1 : -1; /* there and back */
        if (blocks)
            sigprocmask(SIG_BLOCK, &set, &before);
        a = a - step;
        if (pauses)
            sched_yield(); /* where it hurts */
        b = b + step;
        if (blocks)
            sigprocmask(SIG_SETMASK, &before, NULL); /* a pending signal comes now */
        turns++;
        end_if_signalled();
    }
    forget_child(sender); /* its death is none that ends us */
    kill(sender, SIGKILL);
    reap_child(sender);
    if (blocks) {
        narrate(n, LEFT, "sigprocmask(SIG_BLOCK, {SIGUSR1}), %ld times", turns);
        narrate(n, LEFT, "sigprocmask(SIG_SETMASK, before), %ld times", turns);
    }
    narrate(n, LEFT, "%s: %ld changes, %d signals, %d saw half a change",
            pauses ? "with the pause" : "as written", turns, (int)signals, (int)torn);
    return torn;
}

static void look(int number)
{
    (void)number;
    signals = signals + 1;
    torn = torn + (a + b != SUM);
}
