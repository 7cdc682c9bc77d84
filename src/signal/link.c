/*
 * Two processes that send each other queued signals.
 *
 * The signal is blocked all the time, and taken with sigtimedwait(2): no handler runs, nothing is
 * interrupted, and signals of one number come in the order in which they were sent (sigqueue(3p)).
 */
#include "signal.h"

#include "ipc/cleanup.h"
#include "ipc/clock.h"
#include "ipc/platform.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static sigset_t taken;

/* The name of the session in which that process plays the other role; false if there is none. */
static bool find_session(const struct link *link, char name[NAME_MOST + 1])
{
    static const char prefix[] = "signal-", suffix[] = ".rendezvous";
    DIR *folder = opendir(private_directory());
    bool found = false;
    if (folder == NULL)
        fail("opendir", private_directory());
    for (const struct dirent *entry; !found && (entry = readdir(folder)) != NULL;) {
        const size_t length = strlen(entry->d_name);
        if (length <= sizeof prefix + sizeof suffix - 2 ||
            strncmp(entry->d_name, prefix, sizeof prefix - 1) != 0 ||
            strcmp(entry->d_name + length - (sizeof suffix - 1), suffix) != 0)
            continue;
        struct rendezvous other = {0};
        snprintf(name, NAME_MOST + 1, "%.*s", (int)(length - sizeof prefix - sizeof suffix + 2),
                 entry->d_name + sizeof prefix - 1);
        if (!rendezvous_look(&other, "signal", name))
            continue;
        const struct peers peers = rendezvous_peers(&other, link->other);
        found = peers.alive > 0 && peers.alive_pid == (pid_t)link->pid_option;
        close(other.file);
    }
    closedir(folder);
    return found;
}

/*
 * A real-time signal would end a process that does not wait for it: so only one that has joined a
 * rendezvous as our opposite is sent any. It may have been started only a moment ago.
 */
static const char *session_of_process(const struct link *link)
{
    static char name[NAME_MOST + 1];
    char program[64];
    const pid_t process = (pid_t)link->pid_option;
    const char *wanted = link->other == CONSUMER ? "consumer" : "producer";
    for (const uint64_t began = now(); !find_session(link, name);) {
        if (kill(process, 0) == -1 && errno == ESRCH) {
            snprintf(program, sizeof program, "%ld", link->pid_option);
            fail("kill", program);
        }
        if (now() - began > SECOND)
            fail_that(EXIT_FAILED, "process %ld (%s) is no ipc-signal %s of this user: not sent to",
                      link->pid_option, program_of(process, program, sizeof program), wanted);
        sleep_for(10 * MILLISECOND);
    }
    return name;
}

struct operands link_open(const struct role *role, int argc, char **argv, enum party_role party,
                          struct link *link)
{
    double timeout = NOT_GIVEN;
    bool verbose = false;
    const struct option_row options[] = {OPTION_NAME(&link->name), OPTION_PID(&link->pid_option),
                                         OPTION_TIMEOUT(&timeout), OPTION_QUIET,
                                         OPTION_VERBOSE(&verbose), {0}};
    const struct operands operands =
        parse_arguments(role, argc, argv, options, party == PRODUCER ? 1 : 0);
    const uint64_t wait = nanoseconds_of(timeout);
    const uint64_t deadline = wait == UINT64_MAX ? UINT64_MAX : now() + wait;
    if (link->name != NULL && link->pid_option != 0)
        usage_error(role, "--name and --pid: one or the other");
    if (link->name == NULL)
        link->name = "default";
    check_name(role, link->name);
    link->other = party == PRODUCER ? CONSUMER : PRODUCER;
    link->number = SIGRTMIN;
    if (verbose)
        link->narration = narration_open(STDERR_FILENO, role->name, NULL, 0);

    sigemptyset(&taken);
    sigaddset(&taken, link->number);
    if (sigprocmask(SIG_BLOCK, &taken, NULL) == -1) /* before the peer can know of us */
        fail("sigprocmask", NULL);
    for (int stray = 0; stray < 2; stray++) /* their default would end us in the middle */
        sigaction(stray == 0 ? SIGUSR1 : SIGUSR2, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    if (link->pid_option != 0)
        link->name = session_of_process(link);
    rendezvous_join(&link->rendezvous, "signal", link->name, party, true, deadline, NULL);
    rendezvous_enter(&link->rendezvous);
    if (party == CONSUMER)
        say("consumer: pid %ld; type: ipc-signal producer --pid %ld FILE", (long)getpid(),
            (long)getpid());
    if (!rendezvous_await(&link->rendezvous, link->other, deadline))
        fail_that(EXIT_PEER, "no %s came in time",
                  link->other == PRODUCER ? "producer" : "consumer");
    const struct peers peers = rendezvous_peers(&link->rendezvous, link->other);
    if (peers.alive == 0)
        link_check(link); /* it has gone again: ends us unless it had sent all */
    link->peer = peers.alive_pid;
    narrate(link->narration, LEFT, "the %s is pid %ld",
            link->other == PRODUCER ? "producer" : "consumer", (long)link->peer);
    return operands;
}

void link_check(struct link *link)
{
    const struct peers peers = rendezvous_peers(&link->rendezvous, link->other);
    if (peers.alive > 0)
        return;
    transfer_clear(&link->account);
    if (peers.died > 0)
        peer_died(link->other, peers.dead_pid);
    if (peers.all_sent + peers.all_received == 0)
        fail_that(EXIT_PEER, "the %s ended before everything was through",
                  link->other == PRODUCER ? "producer" : "consumer");
}

bool link_send(struct link *link, uintptr_t value)
{
    if (sigqueue(link->peer, link->number, (union sigval){.sival_ptr = (void *)value}) == 0)
        return true;
    if (errno == EAGAIN)
        return false;
    if (errno != ESRCH)
        fail("sigqueue", NULL);
    link_check(link); /* it has gone: it died, or it has everything */
    return true;
}

bool link_take(struct link *link, uint64_t nanoseconds, uintptr_t *value)
{
    const struct timespec limit = {.tv_sec = (time_t)(nanoseconds / SECOND),
                                   .tv_nsec = (long)(nanoseconds % SECOND)};
    for (;;) {
        siginfo_t signal;
        if (sigtimedwait(&taken, &signal, &limit) == -1) {
            if (errno == EINTR)
                end_if_signalled();
            else if (errno != EAGAIN)
                fail("sigtimedwait", NULL);
            return false;
        }
        if (signal.si_code == SI_QUEUE && signal.si_pid == link->peer) {
            *value = (uintptr_t)signal.si_value.sival_ptr;
            return true;
        }
    }
}
