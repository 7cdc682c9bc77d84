/* SPDX-License-Identifier: MIT
 * Two processes that send each other queued signals.
 *
 * The signal is blocked all the time, and taken with sigtimedwait(2): no handler runs, nothing is
 * interrupted, and signals of one number come in the order in which they were sent (sigqueue(3p)).
 */
#include "signal.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_EVERY_MS = 20 };

static sigset_t taken;

static int take_signal(siginfo_t *signal, uint64_t nanoseconds)
{
    const struct timespec limit = {.tv_sec = (time_t)(nanoseconds / SECOND),
                                   .tv_nsec = (long)(nanoseconds % SECOND)};
    const int number = sigtimedwait(&taken, signal, &limit);
    if (number == -1 && errno != EAGAIN && !interrupted())
        fail("sigtimedwait", NULL);
    return number;
}

static bool is_from(const struct signal_peer *peer, const siginfo_t *signal)
{
    return signal->si_code == SI_QUEUE && signal->si_pid == peer->pid;
}

/*
 * Waits until the peer has come, exit 3 if it does not. Strays that come meanwhile are dropped. The
 * peer joins before it sends. So the look at the rendezvous after a signal was taken tells whether
 * the peer sent it; then its value is kept for peer_take().
 */
static void await_peer(struct signal_peer *peer, uint64_t deadline)
{
    siginfo_t signal = {.si_pid = 0};
    for (;;) {
        const struct peers peers = rendezvous_peers(&peer->pair.rendezvous, peer->role);
        peer->pid = peers.alive_pid;
        if (peers.alive + peers.died + peers.left > 0)
            break;
        end_if_signalled();
        if (now() >= deadline)
            fail_that(EXIT_PEER, "no %s came in time", peer->word);
        rendezvous_tell_waiting(&peer->pair.rendezvous);
        if (take_signal(&signal, LOOK_EVERY_MS * MILLISECOND) == -1) /* time to look for a peer */
            signal.si_pid = 0;
    }
    if (peer->pid == 0) { /* without it we cannot tell whose the signals are that it sent */
        rendezvous_check(&peer->pair.rendezvous, peer->role);
        fail_that(EXIT_PEER, "the %s had gone before the two met", peer->word);
    }
    peer->has_first = is_from(peer, &signal);
    peer->first = (uintptr_t)signal.si_value.sival_ptr;
}

static void check_pid(const struct role *role, struct pair *pair)
{
    const struct signal_peer *peer = (const struct signal_peer *)pair; /* its first member */
    if (peer->name != NULL && peer->pid_option != 0)
        usage_error(role, "--name and --pid: one or the other");
}

void peer_open(const struct role *role, int argc, char **argv, enum member_role member,
               struct signal_peer *peer)
{
    struct pair *pair = &peer->pair;
    const struct option_row options[] = {
        OPTION_NAME(&peer->name),
        OPTION(number, &peer->pid_option, .name = "pid", .argument = "PID", .least = 1,
               .most = INT32_MAX, .help = "the peer is this process; instead of a name"),
        OPTIONS_PAIR(pair),
        {0}};
    pair->check = check_pid;
    begin_pair(role, argc, argv, options, member, pair);
    if (peer->name == NULL)
        peer->name = pair->name;
    peer->role = member == PRODUCER ? CONSUMER : PRODUCER;
    peer->word = member == PRODUCER ? "consumer" : "producer";

    sigemptyset(&taken);
    sigaddset(&taken, SIGRTMIN);
    /* before the peer can know of us */
    or_fail(sigprocmask(SIG_BLOCK, &taken, NULL), "sigprocmask", NULL);
    if (sysconf(_SC_SIGQUEUE_MAX) == 0)
        fail_that(EXIT_FAILED, "no signal can be queued for this process: see `ulimit -i`");
    for (int stray = 0; stray < 2; stray++) /* their default would end us in the middle */
        sigaction(stray == 0 ? SIGUSR1 : SIGUSR2, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    if (peer->pid_option != 0)
        peer->name = find_peer(peer);
    rendezvous_join(&peer->pair.rendezvous, "signal", peer->name, member, true, pair->deadline);
    rendezvous_enter(&peer->pair.rendezvous);
    if (member == CONSUMER)
        snprintf(pair->options, sizeof pair->options, " --pid %ld FILE", (long)getpid());
    else if (strcmp(peer->name, "default") != 0)
        snprintf(pair->options, sizeof pair->options, " --name %s", peer->name);
    await_peer(peer, pair->deadline);
    rendezvous_tell_peer(&pair->rendezvous);
    narrate(pair->narration, LEFT, "the %s is pid %ld", peer->word, (long)peer->pid);
}

bool peer_lives(const struct signal_peer *peer)
{
    rendezvous_check(&peer->pair.rendezvous, peer->role);
    return rendezvous_peers(&peer->pair.rendezvous, peer->role).alive > 0;
}

/*
 * When the peer has ended, its pid may become another process', which the signal would end. So we
 * look that it lives, if the last look was long ago: we may have waited, or been stopped.
 */
bool peer_send(struct signal_peer *peer, uintptr_t value)
{
    static uint64_t looked;
    const uint64_t time = now();
    if (time - looked > LOOK_EVERY_MS * MILLISECOND && !peer_lives(peer))
        return true; /* it has everything */
    looked = time;
    if (sigqueue(peer->pid, SIGRTMIN, (union sigval){.sival_ptr = (void *)value}) == 0)
        return true;
    if (errno == EAGAIN)
        return false;
    if (errno != ESRCH) {
        char process[32];
        snprintf(process, sizeof process, "%ld", (long)peer->pid);
        fail("sigqueue", process);
    }
    peer_lives(peer); /* or ends us */
    return true;
}

bool peer_take(struct signal_peer *peer, uint64_t nanoseconds, uintptr_t *value)
{
    siginfo_t signal;
    uint64_t until = 0;
    end_if_signalled(); /* musl's sigtimedwait() knows no EINTR */
    if (peer->has_first) {
        *value = peer->first;
        peer->has_first = false;
        return true;
    }
    while (take_signal(&signal, nanoseconds) != -1) {
        if (is_from(peer, &signal)) {
            *value = (uintptr_t)signal.si_value.sival_ptr;
            return true;
        }
        /* strays may come without end: then our caller still has to look for the peer's death */
        end_if_signalled();
        if (until == 0)
            until = now() + nanoseconds + LOOK_EVERY_MS * MILLISECOND;
        else if (now() >= until)
            return false;
    }
    return false;
}
