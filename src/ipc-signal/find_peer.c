/* SPDX-License-Identifier: MIT
 * Which rendezvous a process has joined as our peer, for --pid.
 *
 * A real-time signal would end a process that does not wait for it. So we send signals only to one
 * that has joined a rendezvous in the other role.
 */
#include "signal.h"

#include "ipc/common/clock.h"
#include "ipc/narration/platform.h"
#include "ipc/rendezvous/private_files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What is looked for, and where it was found. */
struct search {
    const struct signal_peer *peer;
    char name[NAME_MOST + 1];
};

static bool is_rendezvous_of(const char *name, void *context)
{
    static struct rendezvous found;
    struct search *const search = context;
    if (!rendezvous_look(&found, "signal", name))
        return false;
    const struct peers peers = rendezvous_peers(&found, search->peer->role);
    close(found.file);
    snprintf(search->name, sizeof search->name, "%s", name);
    return peers.alive > 0 && peers.alive_pid == (pid_t)search->peer->pid_option;
}

const char *find_peer(const struct signal_peer *peer)
{
    static struct search search;
    char program[64], own[64];
    const pid_t process = (pid_t)peer->pid_option;
    search.peer = peer;
    for (const uint64_t began = now();
         !for_each_name("signal", "rendezvous", is_rendezvous_of, &search);) {
        if (kill(process, 0) == -1 && errno == ESRCH) {
            snprintf(program, sizeof program, "%ld", peer->pid_option);
            fail("kill", program);
        }
        program_of(process, program, sizeof program);
        program_of(getpid(), own, sizeof own);
        /* it may have been started only a moment ago; one of our own program will soon be there */
        if (now() - began > (strcmp(program, own) == 0 ? 10 : 1) * SECOND)
            fail_that(EXIT_FAILED, "process %ld (%s) is no ipc-signal %s of this user: not sent to",
                      peer->pid_option, program, peer->word);
        sleep_for(2 * MILLISECOND);
    }
    return search.name;
}
