/*
 * ipc-signal bench: what a signal with a value there and one back cost, and a stream of them.
 *
 * A window of signals is under way at most, as their number is limited (RLIMIT_SIGPENDING).
 */
#include "signal.h"

#include "ipc/bench/bench.h"
#include "ipc/common/cleanup.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SENT_THERE, SENT_BACK, TAKEN_FEW };
enum { FEW = 64 };

static pid_t parent, peer;
static int debt; /* sent, and not known to be taken */

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
    parent = getpid();
    debt = 0;
    for (int which = SENT_THERE; which <= TAKEN_FEW; which++) {
        const sigset_t set = set_of(SIGRTMIN + which);
        if (sigprocmask(SIG_BLOCK, &set, NULL) == -1)
            fail("sigprocmask", NULL);
    }
}

/* The child tells the parent who it is by its first signal: SIGRTMIN + TAKEN_FEW. */
static void enter(const struct bench_case *bench, bool is_parent)
{
    const sigset_t set = set_of(SIGRTMIN + TAKEN_FEW);
    siginfo_t hello;
    (void)bench;
    peer = parent;
    debt = 0;
    if (!is_parent) {
        if (sigqueue(parent, SIGRTMIN + TAKEN_FEW, (union sigval){0}) == -1)
            fail("sigqueue", NULL);
        return;
    }
    while (sigwaitinfo(&set, &hello) == -1)
        if (!interrupted())
            fail("sigwaitinfo", NULL);
    peer = hello.si_pid;
}

static void take(const struct bench_case *bench, int number, siginfo_t *signal)
{
    const sigset_t set = set_of(number);
    for (;;) {
        const int taken = bench->wait == WAIT_SPIN
                              ? sigtimedwait(&set, signal, &(struct timespec){0})
                              : sigwaitinfo(&set, signal);
        if (taken == number && signal->si_pid == peer)
            return;
        if (taken == -1 && errno == EAGAIN)
            bench_spin();
        else if (taken == -1 && !interrupted())
            fail("sigwaitinfo", NULL);
    }
}

static void queue(int number, union sigval value)
{
    while (sigqueue(peer, number, value) == -1) {
        if (errno != EAGAIN) /* others may have used up the limit: they will take theirs */
            fail("sigqueue", NULL);
        bench_spin();
    }
}

static void send(const struct bench_case *bench, enum direction direction, const void *message)
{
    union sigval value;
    siginfo_t taken;
    memcpy(&value, message, sizeof value);
    queue(SIGRTMIN + (direction == THERE ? SENT_THERE : SENT_BACK), value);
    if (direction == THERE && ++debt == 4 * FEW) {
        take(bench, SIGRTMIN + TAKEN_FEW, &taken);
        debt -= FEW;
    }
}

static const void *receive(const struct bench_case *bench, enum direction direction, void *buffer)
{
    siginfo_t signal;
    take(bench, SIGRTMIN + (direction == THERE ? SENT_THERE : SENT_BACK), &signal);
    memcpy(buffer, &signal.si_value, sizeof signal.si_value);
    if (direction == THERE && ++debt == FEW) {
        queue(SIGRTMIN + TAKEN_FEW, (union sigval){0});
        debt = 0;
    }
    return buffer;
}

/* What is pending still, of a window that was not used up, must not greet the next one. */
static void close_signals(const struct bench_case *bench)
{
    siginfo_t left;
    const sigset_t set = set_of(SIGRTMIN + TAKEN_FEW);
    (void)bench;
    while (sigtimedwait(&set, &left, &(struct timespec){0}) != -1)
        ;
}

int signal_bench(const struct role *role, int argc, char **argv)
{
    static const struct bench_variant variants[] = {{.name = "sigqueue",
                                                     .only_size = sizeof(union sigval),
                                                     .open = open_signals,
                                                     .enter = enter,
                                                     .send = send,
                                                     .receive = receive,
                                                     .close = close_signals},
                                                    {0}};
    return run_bench(role, argc, argv, "signal", variants);
}
