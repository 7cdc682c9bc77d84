/* SPDX-License-Identifier: MIT
 * ipc-shm remove: removes the segment of a pair that was killed, if nobody uses it.
 *
 * Usage: ipc-shm remove [--name NAME | --key KEY] [--api sysv|posix] [-q]
 */
#include "shm.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void check_owner(const char *name);

int shm_remove(const struct role *role, int argc, char **argv)
{
    static struct pair pair = {.family = NOT_GIVEN,
                               .rendezvous.remove_objects = segment_remove_objects};
    struct rendezvous *found = &pair.rendezvous;
    const struct option_row options[] = {
        OPTIONS_FAMILY(&pair, "as it was made"), OPTION_QUIET, {0}};
    parse_arguments(role, argc, argv, options, 0);
    const bool known = find_pair(role, "shm", &pair);
    if (pair.key_text != NULL && known && found->objects[NOTED_MADE] == 0)
        fail_that(EXIT_FAILED, "somebody else made the segment of %s: `ipcrm -M %s` removes it",
                  pair.key_text, pair.key_text);
    if (known && is_other_family(&pair))
        fail_that(EXIT_FAILED, "\"%s\" is a segment of the other family", pair.name);
    if (!known || !rendezvous_remove(found)) {
        /* a POSIX name can be found without its rendezvous' file; a System V id cannot */
        char name[POSIX_NAME_SIZE];
        if (pair.family != POSIX)
            fail_that(EXIT_FAILED, "there is no segment of ours for \"%s\"", pair.name);
        check_owner(posix_name(name, "shm", pair.name));
        or_fail(shm_unlink(name), "shm_unlink", name);
    }
    say("removed");
    return EXIT_DONE;
}

/* The superuser could remove anybody's. */
static void check_owner(const char *name)
{
    struct stat status;
    const int object = or_fail(shm_open(name, O_RDONLY, 0), "shm_open", name);
    or_fail(fstat(object, &status), "fstat", name);
    if (status.st_uid != geteuid())
        fail_that(EXIT_FAILED, "\"%s\" belongs to user %ld: not removed", name,
                  (long)status.st_uid);
    close(object);
}
