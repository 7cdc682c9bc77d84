/* SPDX-License-Identifier: MIT
 * ipc-semaphore remove: removes the semaphores of a pair that was killed, and the slots of `run`,
 * unless they are in use.
 *
 * Usage: ipc-semaphore remove [--name NAME | --key KEY] [--api sysv|posix] [-q]
 */
#include "semaphore.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static bool unlink_names(const char *rendezvous);
static void check_owner(const char *name);

int semaphore_remove(const struct role *role, int argc, char **argv)
{
    static struct pair pair = {.family = NOT_GIVEN,
                               .rendezvous.remove_objects = buffer_remove_objects};
    static struct permits permits;
    const struct option_row options[] = {
        OPTIONS_FAMILY(&pair, "as it was made"), OPTION_QUIET, {0}};
    parse_arguments(role, argc, argv, options, 0);
    const bool known = find_pair(role, "semaphore", &pair);
    const bool other = is_other_family(&pair);
    if (pair.key_text != NULL && !known)
        fail_that(EXIT_FAILED, "none of ours has the key %s: `ipcrm -S %s` removes another's",
                  pair.key_text, pair.key_text);
    bool removed = known && !other && rendezvous_remove(&pair.rendezvous);
    if (!removed && !other && pair.family == POSIX)
        removed = unlink_names(pair.name);
    if (pair.family != POSIX && pair.key_text == NULL)
        removed = permits_remove(&permits, pair.name) || removed;
    if (!removed && other)
        fail_that(EXIT_FAILED, "\"%s\" is a buffer of the other family", pair.name);
    if (!removed)
        fail_that(EXIT_FAILED, "there are no semaphores of ours for \"%s\"", pair.name);
    say("removed%s", pair.key_text != NULL && pair.rendezvous.objects[NOTED_MADE] == 0
                         ? " what was ours; the set is somebody else's, and stays"
                         : "");
    return EXIT_DONE;
}

/* POSIX names can be found without the file of their rendezvous. */
static bool unlink_names(const char *rendezvous)
{
    char name[POSIX_NAME_SIZE];
    bool any = false;
    for (int which = EMPTY; which <= SLOTS_OBJECT; which++)
        check_owner(buffer_object(name, rendezvous, which));
    for (int which = EMPTY; which < SEMAPHORES; which++)
        any = sem_unlink(buffer_object(name, rendezvous, which)) == 0 || any;
    return shm_unlink(buffer_object(name, rendezvous, SLOTS_OBJECT)) == 0 || any;
}

/* The superuser could remove anybody's. Where a semaphore is a file, that one has an owner. */
static void check_owner(const char *name)
{
    static const char *const prefixes[] = {"/", "/sem." /* glibc's, of a semaphore */};
    for (int i = 0; i < 2; i++) {
        char path[POSIX_NAME_SIZE + 4];
        struct stat status;
        snprintf(path, sizeof path, "%s%s", prefixes[i], name + 1);
        const int object = shm_open(path, O_RDONLY, 0);
        if (object == -1)
            continue;
        or_fail(fstat(object, &status), "fstat", path);
        close(object);
        if (status.st_uid != geteuid())
            fail_that(EXIT_FAILED, "\"%s\" belongs to user %ld: not removed", name,
                      (long)status.st_uid);
    }
}
