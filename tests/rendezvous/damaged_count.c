/* SPDX-License-Identifier: MIT
 * A count in the record that somebody wrote over: a member that leaves must not count it back to
 * what could be true. Otherwise the other one takes it that nobody has come yet, and waits for
 * ever.
 */
#include "folder.h"

#include "ipc/common/cleanup.h"
#include "ipc/rendezvous/rendezvous.h"

#include <fcntl.h>
#include <sys/wait.h>

enum { LEFT_OFFSET = 8 + OBJECTS_MOST * 8 }; /* of how many of each role have left */

static struct rendezvous ours;
static int told[2];

/* A member that enters, and looks at the other role, or leaves, when it is told to. */
static pid_t join(enum member_role role, int *order)
{
    int orders[2];
    char byte;
    check(pipe(orders) == 0);
    const pid_t member = fork();
    check(member != -1);
    if (member != 0) {
        check(read(told[0], &byte, 1) == 1);
        close(orders[0]);
        *order = orders[1];
        return member;
    }
    close(orders[1]);
    catch_ending_signals();
    rendezvous_join(&ours, "test", "damaged", role, true, UINT64_MAX);
    rendezvous_enter(&ours);
    check(write(told[1], "", 1) == 1 && read(orders[0], &byte, 1) == 1);
    if (byte == 'p')
        rendezvous_peers(&ours, (enum member_role) !role);
    exit(0);
}

static int exit_status(pid_t member, int order, char what)
{
    int status;
    check(write(order, &what, 1) == 1 && waitpid(member, &status, 0) == member);
    return WEXITSTATUS(status);
}

int main(void)
{
    char path[PATH_SIZE];
    make_folder();
    program_name = "test";
    take_over_inherited_state();
    check(pipe(told) == 0);
    for (enum member_role leaves = PRODUCER; leaves < MEMBER_ROLES; leaves++) {
        int orders[MEMBER_ROLES];
        pid_t members[MEMBER_ROLES];
        for (enum member_role role = PRODUCER; role < MEMBER_ROLES; role++)
            members[role] = join(role, &orders[role]);
        const int32_t wrong = -1; /* and one more is 0 */
        const int file = open(object_path(path, "test", "damaged", "rendezvous"), O_WRONLY);
        check(pwrite(file, &wrong, sizeof wrong, LEFT_OFFSET + 4 * (off_t)leaves) == 4);
        close(file);
        check(exit_status(members[leaves], orders[leaves], 'l') == 0);
        check(exit_status(members[!leaves], orders[!leaves], 'p') == 1);
        check(access(path, F_OK) == -1);
    }
    return 0;
}
