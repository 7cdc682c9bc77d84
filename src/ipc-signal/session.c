/*
 * Which session a process of the other role has joined, for --pid.
 *
 * A real-time signal would end a process that does not wait for it: so only one that has joined a
 * rendezvous as our opposite is sent any.
 */
#include "signal.h"

#include "ipc/common/clock.h"
#include "ipc/common/platform.h"
#include "ipc/narration/platform.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

const char *session_of_process(const struct link *link)
{
    static char name[NAME_MOST + 1];
    char program[64], own[64];
    const pid_t process = (pid_t)link->pid_option;
    const char *wanted = link->other == CONSUMER ? "consumer" : "producer";
    for (const uint64_t began = now(); !find_session(link, name);) {
        if (kill(process, 0) == -1 && errno == ESRCH) {
            snprintf(program, sizeof program, "%ld", link->pid_option);
            fail("kill", program);
        }
        program_of(process, program, sizeof program);
        program_of(getpid(), own, sizeof own);
        /* it may have been started only a moment ago; one of our own program will soon be there */
        if (now() - began > (strcmp(program, own) == 0 ? 10 : 1) * SECOND)
            fail_that(EXIT_FAILED, "process %ld (%s) is no ipc-signal %s of this user: not sent to",
                      link->pid_option, program, wanted);
        sleep_for(10 * MILLISECOND);
    }
    return name;
}
