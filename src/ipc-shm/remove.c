/*
 * ipc-shm remove: removes the segment of a pair that was killed, if nobody uses it.
 */
#include "shm.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The superuser could remove anybody's. */
static void check_owner(const char *name)
{
    struct stat status;
    const int object = shm_open(name, O_RDONLY, 0);
    if (object == -1)
        fail("shm_open", name);
    if (fstat(object, &status) == -1)
        fail("fstat", name);
    if (status.st_uid != geteuid())
        fail_that(EXIT_FAILED, "\"%s\" belongs to user %ld: not removed", name,
                  (long)status.st_uid);
    close(object);
}

int shm_remove(const struct role *role, int argc, char **argv)
{
    static struct segment segment = {.family = NOT_GIVEN};
    const struct option_row options[] = {OPTION_NAME(&segment.name),
                                         OPTION_API(&segment.family, "as it was made"),
                                         OPTION_KEY(&segment.key_text),
                                         OPTION_QUIET,
                                         {0}};
    parse_arguments(role, argc, argv, options, 0);
    segment_choose(role, &segment);
    static struct rendezvous found;
    const bool known = rendezvous_look(&found, "shm", segment.session);
    if (segment.key_text != NULL && known && found.objects[NOTED_MADE] == 0)
        fail_that(EXIT_FAILED, "somebody else made the segment of %s: `ipcrm -M %s` removes it",
                  segment.key_text, segment.key_text);
    if (known && segment.family != NOT_GIVEN && found.objects[NOTED_FAMILY] != 0 &&
        found.objects[NOTED_FAMILY] != 1 + segment.family)
        fail_that(EXIT_FAILED, "\"%s\" is a segment of the other family", segment.session);
    if (known && rendezvous_remove("shm", segment.session, segment_remove_objects)) {
        say("removed");
        return EXIT_DONE;
    }
    /* a POSIX name can be found without its session's file; a System V id cannot */
    if (segment.family == POSIX) {
        check_owner(segment.posix_name);
        if (shm_unlink(segment.posix_name) == -1)
            fail("shm_unlink", segment.posix_name);
        say("removed");
        return EXIT_DONE;
    }
    fail_that(EXIT_FAILED, "there is no segment of ours for \"%s\"", segment.session);
}
