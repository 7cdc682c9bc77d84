/*
 * Which rendezvous a process has joined as our peer, for --pid.
 *
 * A real-time signal would end a process that does not wait for it. So we send signals only to one
 * that has joined a rendezvous in the other role.
 */
#include "signal.h"

#include "ipc/common/clock.h"
#include "ipc/narration/platform.h"
#include "ipc/rendezvous/private_files.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* False if that process plays the other role in none. */
static bool find_rendezvous(const struct signal_peer *peer, char name[NAME_MOST + 1])
{
    static struct rendezvous found;
    static const char begin[] = "signal-", end[] = ".rendezvous";
    DIR *const folder = opendir(private_directory());
    if (folder == NULL)
        fail("opendir", private_directory());
    bool is_found = false;
    for (const struct dirent *entry; !is_found && (entry = readdir(folder)) != NULL;) {
        const int length = (int)(strlen(entry->d_name) - strlen(begin) - strlen(end));
        if (fnmatch("signal-*.rendezvous", entry->d_name, 0) != 0)
            continue;
        snprintf(name, NAME_MOST + 1, "%.*s", length, entry->d_name + strlen(begin));
        if (!rendezvous_look(&found, "signal", name))
            continue;
        const struct peers peers = rendezvous_peers(&found, peer->role);
        close(found.file);
        is_found = peers.alive > 0 && peers.alive_pid == (pid_t)peer->pid_option;
    }
    closedir(folder);
    return is_found;
}

const char *find_peer(const struct signal_peer *peer)
{
    static char name[NAME_MOST + 1];
    char program[64], own[64];
    const pid_t process = (pid_t)peer->pid_option;
    for (const uint64_t began = now(); !find_rendezvous(peer, name);) {
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
    return name;
}
