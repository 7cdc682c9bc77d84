/* SPDX-License-Identifier: MIT
 * ipc-semaphore demo: the parent waits until the child has done its part.
 *
 * Usage: ipc-semaphore demo [--pace SECONDS | --step]
 *
 * A semaphore is a number that never falls below zero: a wait takes one off, and sleeps while there
 * is none; a post adds one. Its name stays after sem_close(), until sem_unlink().
 */
#include "semaphore.h"

#include "ipc/narration/lesson.h"

#include <fcntl.h>

int semaphore_demo(const struct role *role, int argc, char **argv)
{
    char name[POSIX_NAME_SIZE];
    struct narration *n = begin_lesson(role, argc, argv, NULL, "parent", "child");
    sem_t *s = new_semaphore(name, "demo");
    narrate(n, LEFT, "sem_open(name, O_CREAT|O_EXCL, 0600, 0) = s");
    narrate_text(n, "with --step, from a second terminal: ls -l /dev/shm/*semaphore-demo*");
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        narration_pause(n, 50 * MILLISECOND); /* so that the parent is seen waiting */
        narrate(n, RIGHT, "prints: hello, I come first");
        SEND(n, RIGHT, sem_post(s));
        _exit(EXIT_DONE);
    }
    watch_children(); /* a killed child never posts */
    WAIT(n, LEFT, "it was 0", sem_wait(s));
    narrate(n, LEFT, "prints: and I go on");
    narrate(n, LEFT, "sem_getvalue(s) = 0   value %d", value_of(s));
    end_as_child(child, "child", narrate_wait(n, LEFT, child));

    TELL(n, LEFT, sem_close(s));
    OPEN(n, LEFT, s, sem_open(name, 0));
    TELL(n, LEFT, sem_unlink(name));
    TELL(n, LEFT, sem_close(s));
    OPEN(n, LEFT, s, sem_open(name, 0));
    if (s != SEM_FAILED)
        fail_that(EXIT_FAILED, "\"%s\" is still there", name);
    return EXIT_DONE;
}

sem_t *new_semaphore(char name[POSIX_NAME_SIZE], const char *what)
{
    char own[64];
    snprintf(own, sizeof own, "%s-%ld", what, (long)getpid());
    posix_name(name, "semaphore", own);
    const size_t handle = note_object(POSIX_SEMAPHORE, name);
    sem_t *semaphore = sem_open(name, O_CREAT | O_EXCL, 0600, 0);
    if (semaphore == SEM_FAILED && errno == EEXIST) { /* somebody else's */
        forget_object(handle);
        errno = EEXIST;
    }
    if (semaphore == SEM_FAILED)
        fail("sem_open", name);
    return semaphore;
}

int value_of(sem_t *semaphore)
{
    int value;
    or_fail(sem_getvalue(semaphore, &value), "sem_getvalue", NULL);
    return value;
}

const char *outcome(int result)
{
    static char text[32];
    snprintf(text, sizeof text, "%s%s", result == -1 ? "-1  " : "",
             result == 0 ? "0" : error_name(result == -1 ? errno : result));
    return text;
}

int tell(struct narration *n, enum column column, const char *call, int result)
{
    (narrate)(n, column, "%s = %s", call, outcome(result));
    return result;
}
