/*
 * Two siblings at a pipe that the shell made: how they find each other, and make it fast.
 */
#include "pipe.h"

#include "ipc/transfer/platform.h"

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

const char *name_of_pipe(const struct role *role, enum member_role member)
{
    static char name[32];
    struct stat status;
    or_fail(fstat(ends[member].descriptor, &status), "fstat", ends[member].name);
    if (!S_ISFIFO(status.st_mode))
        usage_error(role, "%s is not a pipe; type: ipc-pipe producer FILE | ipc-pipe consumer",
                    ends[member].name);
    snprintf(name, sizeof name, "%ju", (uintmax_t)status.st_ino);
    return name;
}

void join_siblings(struct rendezvous *rendezvous, const char *name, enum member_role member)
{
    rendezvous_sweep("pipe"); /* what was killed at other pipes: their inodes do not come again */
    rendezvous->may_follow = true;
    rendezvous_join(rendezvous, "pipe", name, member, false, UINT64_MAX);
    rendezvous_enter(rendezvous);
    /* The end that we were given is the shell's, too, and other programs': it stays as it was. */
    const int end = reopen(ends[member].descriptor, ends[member].access | O_NONBLOCK | O_CLOEXEC);
    if (end == -1)
        return;
    make_fast(end);
    or_fail(dup2(end, ends[member].descriptor), "dup2", ends[member].name);
    close(end);
}
