/*
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
#include <time.h>
#include <unistd.h>

enum { LOOK_EVERY = 20 * MILLISECOND, TELL_AFTER = 200 * MILLISECOND };

static sigset_t taken;

static const char *word(enum member_role role)
{
    return role == PRODUCER ? "producer" : "consumer";
}

static int take_signal(siginfo_t *signal, uint64_t nanoseconds)
{
    const struct timespec limit = {.tv_sec = (time_t)(nanoseconds / SECOND),
                                   .tv_nsec = (long)(nanoseconds % SECOND)};
    const int number = sigtimedwait(&taken, signal, &limit);
    if (number == -1 && errno != EAGAIN && !interrupted())
        fail("sigtimedwait", NULL);
    return number;
}

/*
 * Waits until the other side has come, exit 3 if it does not. Strays that come meanwhile are taken
 * and dropped. The peer has joined before it sends: so who queued a signal is asked for in the
 * rendezvous after the signal was taken, and the peer's first value is kept for link_take().
 */
static void await_peer(struct link *link, uint64_t deadline)
{
    const uint64_t began = now();
    bool told = quiet;
    siginfo_t signal = {.si_pid = 0};
    for (uint64_t looked = 0;;) {
        const bool queued = signal.si_pid != 0 && signal.si_code == SI_QUEUE;
        if (signal.si_pid == 0 || queued || now() - looked > LOOK_EVERY) {
            const struct peers peers = rendezvous_peers(&link->rendezvous, link->other);
            looked = now();
            link->peer = peers.alive_pid;
            if (peers.alive > 0 && queued && signal.si_pid == link->peer) {
                link->first = (uintptr_t)signal.si_value.sival_ptr;
                link->has_first = true;
            }
            if (peers.alive + peers.died + peers.left > 0)
                break;
            end_if_signalled();
            if (looked >= deadline)
                fail_that(EXIT_PEER, "no %s came in time", word(link->other));
            if (!told && looked - began > TELL_AFTER) {
                say("waiting for a %s", word(link->other));
                told = true;
            }
        }
        if (take_signal(&signal, LOOK_EVERY) == -1) /* a new peer is seen after that time */
            signal.si_pid = 0;
    }
    if (link->peer == 0)
        link_check(link); /* it has gone again: ends us unless it had everything */
}

static void check_pid(const struct role *role, const struct pair_options *options)
{
    const struct link *link = (const struct link *)options; /* options is its first member */
    if (link->name != NULL && link->pid_option != 0)
        usage_error(role, "--name and --pid: one or the other");
}

void link_open(const struct role *role, int argc, char **argv, enum member_role member,
               struct link *link)
{
    struct pair_options *pair = &link->options;
    const struct option_row options[] = {OPTION_NAME(&link->name),
                                         {.name = "pid",
                                          .argument = "PID",
                                          .number = &link->pid_option,
                                          .least = 1,
                                          .most = INT32_MAX,
                                          .help = "the peer is this process; instead of a name"},
                                         OPTIONS_PAIR(pair),
                                         {0}};
    pair->check = check_pid;
    begin_pair(role, argc, argv, options, member, pair);
    if (link->name == NULL)
        link->name = pair->name;
    link->other = member == PRODUCER ? CONSUMER : PRODUCER;
    link->number = SIGRTMIN;

    sigemptyset(&taken);
    sigaddset(&taken, link->number);
    if (sigprocmask(SIG_BLOCK, &taken, NULL) == -1) /* before the peer can know of us */
        fail("sigprocmask", NULL);
    for (int stray = 0; stray < 2; stray++) /* their default would end us in the middle */
        sigaction(stray == 0 ? SIGUSR1 : SIGUSR2, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    if (link->pid_option != 0)
        link->name = session_of_process(link);
    rendezvous_join(&link->rendezvous, "signal", link->name, member, true, pair->deadline, NULL);
    rendezvous_enter(&link->rendezvous);
    if (member == CONSUMER)
        say("consumer: pid %ld; type: ipc-signal producer --pid %ld FILE", (long)getpid(),
            (long)getpid());
    await_peer(link, pair->deadline);
    narrate(pair->narration, LEFT, "the %s is pid %ld", word(link->other), (long)link->peer);
}

void link_check(struct link *link)
{
    rendezvous_check(&link->rendezvous, link->other);
}

bool link_send(struct link *link, uintptr_t value)
{
    if (sigqueue(link->peer, link->number, (union sigval){.sival_ptr = (void *)value}) == 0)
        return true;
    if (errno == EAGAIN)
        return false;
    if (errno != ESRCH) {
        char process[32];
        snprintf(process, sizeof process, "%ld", (long)link->peer);
        fail("sigqueue", process);
    }
    link_check(link); /* it has gone: it died, or it has everything */
    return true;
}

bool link_take(struct link *link, uint64_t nanoseconds, uintptr_t *value)
{
    siginfo_t signal;
    uint64_t until = 0;
    if (link->has_first) {
        *value = link->first;
        link->has_first = false;
        return true;
    }
    while (take_signal(&signal, nanoseconds) != -1) {
        if (signal.si_code == SI_QUEUE && signal.si_pid == link->peer) {
            *value = (uintptr_t)signal.si_value.sival_ptr;
            return true;
        }
        /* strays may come without end: then our caller still has to look for the peer's death */
        end_if_signalled();
        if (until == 0)
            until = now() + nanoseconds + LOOK_EVERY;
        else if (now() >= until)
            return false;
    }
    return false;
}
