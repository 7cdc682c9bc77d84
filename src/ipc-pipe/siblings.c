/*
 * Two siblings at a pipe that the shell made: how they find each other, and make it fast.
 */
#include "pipe.h"
#include "platform.h"

#include "ipc/rendezvous/private_files.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
    int descriptor, access;
    const char *name;
} ends[MEMBER_ROLES] = {[PRODUCER] = {STDOUT_FILENO, O_WRONLY, "standard output"},
                        [CONSUMER] = {STDIN_FILENO, O_RDONLY, "standard input"}};

void name_pipe(const struct role *role, struct pair *pair)
{
    const enum member_role member = pair->member;
    struct stat status;
    or_fail(fstat(ends[member].descriptor, &status), "fstat", ends[member].name);
    if (!S_ISFIFO(status.st_mode))
        usage_error(role, "%s is not a pipe; type: ipc-pipe producer FILE | ipc-pipe consumer",
                    ends[member].name);
    snprintf(pair->own_name, sizeof pair->own_name, "%ju", (uintmax_t)status.st_ino);
    pair->name = pair->own_name;
}

static void remove_unless_used(int file, const char *path)
{
    struct rendezvous found = {.file = file};
    snprintf(found.path, sizeof found.path, "%s", path);
    if (rendezvous_peers(&found, PRODUCER).alive + rendezvous_peers(&found, CONSUMER).alive == 0)
        unlink(path);
    close(file); /* and so unlocked */
}

void join_siblings(struct pair *pair)
{
    const enum member_role member = pair->member;
    /* what was killed at other pipes: their inodes do not come again, and nobody would clean up */
    sweep_lock_files("pipe-*.rendezvous", remove_unless_used);
    pair->rendezvous.may_follow = true;
    rendezvous_join(&pair->rendezvous, "pipe", pair->name, member, false, UINT64_MAX);
    rendezvous_enter(&pair->rendezvous);
    /* The end that we were given is the shell's, too, and other programs': it stays as it was. */
    const int end = reopen(ends[member].descriptor, ends[member].access | O_NONBLOCK | O_CLOEXEC);
    if (end == -1)
        return;
    make_fast(end);
    or_fail(dup2(end, ends[member].descriptor), "dup2", ends[member].name);
    close(end);
}
