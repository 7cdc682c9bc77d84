/* SPDX-License-Identifier: MIT
 * ipc-signal bench: what a signal with a value there and one back cost, and a stream of them.
 *
 * A window of signals is under way at most, as their number is limited (RLIMIT_SIGPENDING).
 *
 * Usage: ipc-signal bench [--size 8] [--wait block|spin] [--cpus same|two|both|free] [OPTION]…
 */
#include "signal.h"

#include "ipc/bench/bench.h"
#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"

#include <string.h>
#include <time.h>

/* SIGRTMIN plus its direction carries a message; plus this, tells that so many were taken. */
enum { ACKNOWLEDGED = BACK + 1, ACK_EVERY = 64 };

static pid_t peer;
static int unacknowledged; /* sent and not known to be taken, or taken and not told */

static bench_action open_signals;
static bench_enter enter;
static bench_send send;
static bench_receive receive;

int signal_bench(const struct role *role, int argc, char **argv)
{
    static const struct bench_variant variants[] = {
        VARIANT("sigqueue", .only_size = sizeof(union sigval), .open = open_signals, .enter = enter,
                .send = send, .receive = receive),
        {0}};
    return run_bench(role, argc, argv, variants);
}

static sigset_t set_of(int number)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, number);
    return set;
}

static void open_signals(const struct bench_case *bench)
{
    (void)bench;
    for (int which = THERE; which <= ACKNOWLEDGED; which++) {
        const sigset_t set = set_of(SIGRTMIN + which);
        or_fail(sigprocmask(SIG_BLOCK, &set, NULL), "sigprocmask", NULL);
        /* what is pending still, of the row before, must not greet this one */
        while (sigtimedwait(&set, NULL, &(struct timespec){0}) != -1)
            ;
    }
}

/*
 * The next signal of that number from the peer; while it is not known, from whomever. The wait is
 * bounded: sigwaitinfo() of musl goes on after EINTR, and would never end when the peer has died.
 */
static siginfo_t take(const struct bench_case *bench, int number)
{
    const sigset_t set = set_of(number);
    const bool sleeps = bench->wait == WAIT_BLOCK;
    const struct timespec limit = {.tv_nsec = sleeps ? 100 * (long)MILLISECOND : 0};
    for (;;) {
        siginfo_t signal;
        const int taken = sigtimedwait(&set, &signal, &limit);
        if (taken == number && (peer == 0 || signal.si_pid == peer))
            return signal;
        if (sleeps)
            end_if_signalled();
        if (taken == -1)
            bench_retry("sigtimedwait");
    }
}

static void queue(int number, union sigval value)
{
    while (sigqueue(peer, number, value) == -1)
        bench_retry("sigqueue"); /* EAGAIN: others have used up the limit, and will take theirs */
}

/* The child tells the parent who it is by its first signal. */
static void enter(const struct bench_case *bench, bool is_parent)
{
    unacknowledged = 0;
    peer = is_parent ? 0 : original_parent();
    if (is_parent)
        peer = take(bench, SIGRTMIN + ACKNOWLEDGED).si_pid;
    else
        queue(SIGRTMIN + ACKNOWLEDGED, (union sigval){0});
}

static void send(const struct bench_case *bench, enum direction way, const void *message)
{
    union sigval value;
    memcpy(&value, message, sizeof value);
    queue(SIGRTMIN + (int)way, value);
    if (way == THERE && ++unacknowledged == 4 * ACK_EVERY) {
        take(bench, SIGRTMIN + ACKNOWLEDGED);
        unacknowledged -= ACK_EVERY;
    }
}

static const void *receive(const struct bench_case *bench, enum direction way, void *buffer)
{
    const siginfo_t signal = take(bench, SIGRTMIN + (int)way);
    memcpy(buffer, &signal.si_value, sizeof signal.si_value);
    if (way == THERE && ++unacknowledged == ACK_EVERY) {
        queue(SIGRTMIN + ACKNOWLEDGED, (union sigval){0});
        unacknowledged = 0;
    }
    return buffer;
}
