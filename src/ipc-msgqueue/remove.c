/* SPDX-License-Identifier: MIT
 * ipc-msgqueue remove: removes a queue that nobody uses, with what is in it.
 *
 * Usage: ipc-msgqueue remove [--name NAME] [--api sysv|posix] [--key KEY] [-q]
 */
#include "msgqueue.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void check_owner(const char *name);

int msgqueue_remove(const struct role *role, int argc, char **argv)
{
    static struct pair pair = {.family = NOT_GIVEN,
                               .rendezvous.remove_objects = queue_remove_objects};
    const struct option_row options[] = {OPTIONS_FAMILY(&pair, "sysv"), OPTION_QUIET, {0}};
    parse_arguments(role, argc, argv, options, 0);
    const bool known = find_pair(role, "msgqueue", &pair);
    if (is_other_family(&pair))
        fail_that(EXIT_FAILED, "the queue of \"%s\" is a %s one", pair.name,
                  pair.family == POSIX ? "System V" : "POSIX");
    if (pair.key_text != NULL && !known && (msgget(pair.key, 0) != -1 || errno == EACCES))
        fail_that(EXIT_FAILED, "somebody else made the queue of %s: `ipcrm -Q %s` removes it",
                  pair.key_text, pair.key_text);
    if (!known || !rendezvous_remove(&pair.rendezvous)) {
        /* a POSIX name can be found without the file of its rendezvous; a System V id cannot */
        char name[POSIX_NAME_SIZE];
        if (pair.family != POSIX)
            fail_that(EXIT_FAILED, "there is no queue of ours for \"%s\"", pair.name);
        check_owner(posix_name(name, "msgqueue", pair.name));
        or_fail(mq_unlink(name), "mq_unlink", name);
    }
    const bool stays = pair.key_text != NULL && pair.rendezvous.objects[NOTED_MADE] == 0;
    say("removed%s", stays ? " what was ours; the queue is somebody else's, and stays" : "");
    return EXIT_DONE;
}

/* The superuser could remove anybody's. Where a queue is no file, nobody tells whose it is. */
static void check_owner(const char *name)
{
    struct stat status;
    const mqd_t descriptor = mq_open(name, O_RDONLY | O_CLOEXEC);
    if (descriptor != (mqd_t)-1 && fstat((int)descriptor, &status) == 0 &&
        status.st_uid != geteuid())
        fail_that(EXIT_FAILED, "\"%s\" belongs to user %ld: not removed", name,
                  (long)status.st_uid);
}
