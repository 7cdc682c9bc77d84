/*
 * ipc-msgqueue remove: removes a queue that nobody uses, with what is in it.
 */
#include "msgqueue.h"

#include <errno.h>
#include <mqueue.h>
#include <sys/msg.h>

int msgqueue_remove(const struct role *role, int argc, char **argv)
{
    static struct queue queue = {.family = NOT_GIVEN};
    const struct option_row options[] = {OPTION_NAME(&queue.name),
                                         OPTION_API(&queue.family, "sysv"),
                                         OPTION_KEY(&queue.key_text),
                                         OPTION_QUIET,
                                         {0}};
    parse_arguments(role, argc, argv, options, 0);
    queue_check_options(role, &queue);

    static struct rendezvous found;
    const bool known = rendezvous_look(&found, "msgqueue", queue.session_name);
    if (known && queue.family != NOT_GIVEN && found.objects[NOTED_FAMILY] == 2 - queue.family)
        fail_that(EXIT_FAILED, "the queue of \"%s\" is a %s one", queue.session_name,
                  queue.family == POSIX ? "System V" : "POSIX");
    if (queue.key_text != NULL && !known && (msgget(queue.key, 0) != -1 || errno == EACCES))
        fail_that(EXIT_FAILED, "somebody else made the queue of %s: `ipcrm -Q %s` removes it",
                  queue.key_text, queue.key_text);
    if (known && rendezvous_remove("msgqueue", queue.session_name, queue_remove_objects)) {
        const bool stays = queue.key_text != NULL && found.objects[NOTED_MADE] == 0;
        say("removed%s", stays ? " what was ours; the queue is somebody else's, and stays" : "");
        return EXIT_DONE;
    }
    /* a POSIX name can be found without its session's file; a System V id cannot */
    if (queue.family == POSIX) {
        if (mq_unlink(queue.posix_name) == -1)
            fail("mq_unlink", queue.posix_name);
        say("removed");
        return EXIT_DONE;
    }
    fail_that(EXIT_FAILED, "there is no queue of ours for \"%s\"", queue.session_name);
}
