/*
 * ipc-semaphore remove: removes the semaphores of a pair that was killed, and the slots of `run`,
 * unless they are in use.
 */
#include "semaphore.h"

#include <sys/mman.h>

/* POSIX names can be found without their session's file. */
static bool unlink_names(const char *session)
{
    char name[POSIX_NAME_SIZE];
    bool any = false;
    for (int which = EMPTY; which < SEMAPHORES; which++)
        any = sem_unlink(buffer_object(name, session, which)) == 0 || any;
    return shm_unlink(buffer_object(name, session, SLOTS_OBJECT)) == 0 || any;
}

int semaphore_remove(const struct role *role, int argc, char **argv)
{
    static struct buffer buffer = {.family = NOT_GIVEN};
    static struct rendezvous found;
    static struct tickets tickets;
    const struct option_row options[] = {OPTION_NAME(&buffer.name),
                                         OPTION_API(&buffer.family, "as it was made"),
                                         OPTION_KEY(&buffer.key_text),
                                         OPTION_QUIET,
                                         {0}};
    parse_arguments(role, argc, argv, options, 0);
    buffer_choose(role, &buffer);
    const bool known = rendezvous_look(&found, "semaphore", buffer.session);
    const int64_t family = found.objects[NOTED_FAMILY];
    const bool other =
        known && family != 0 && buffer.family != NOT_GIVEN && family != 1 + (int64_t)buffer.family;
    if (buffer.key_text != NULL && !known)
        fail_that(EXIT_FAILED, "none of ours has the key %s: `ipcrm -S %s` removes another's",
                  buffer.key_text, buffer.key_text);
    bool removed =
        known && !other && rendezvous_remove("semaphore", buffer.session, buffer_remove_objects);
    if (!removed && !other && buffer.family == POSIX)
        removed = unlink_names(buffer.session);
    if (buffer.family != POSIX && buffer.key_text == NULL)
        removed = tickets_remove(&tickets, buffer.session) || removed;
    if (!removed && other)
        fail_that(EXIT_FAILED, "\"%s\" is a buffer of the other family", buffer.session);
    if (!removed)
        fail_that(EXIT_FAILED, "there are no semaphores of ours for \"%s\"", buffer.session);
    say("removed%s", buffer.key_text != NULL && found.objects[NOTED_MADE] == 0
                         ? " what was ours; the set is somebody else's, and stays"
                         : "");
    return EXIT_DONE;
}
