/* SPDX-License-Identifier: MIT
 * ipc-semaphore persist: a named semaphore stays when everybody has closed it, with its value.
 *
 * Usage: ipc-semaphore persist [--pace SECONDS | --step]
 *
 * O_CREAT opens the one that is there, and its initial value is ignored. O_EXCL tells. sem_unlink()
 * removes the name: whoever has it open keeps the semaphore.
 */
#include "semaphore.h"

#include "ipc/narration/lesson.h"

#include <fcntl.h>

int semaphore_persist(const struct role *role, int argc, char **argv)
{
    char name[POSIX_NAME_SIZE];
    struct narration *n = begin_lesson(
        role, argc, argv, "A program ended without sem_unlink. What does its next run find?",
        "first run", "second run, third run");
    sem_t *s = new_semaphore(name, "persist"), *old;
    narrate(n, LEFT, "sem_open(name, O_CREAT|O_EXCL, 0600, 0) = s");
    TELL(n, LEFT, sem_close(s));
    narrate_mistake(n, "trusting O_CREAT with an initial value");
    pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        OPEN(n, RIGHT, s, sem_open(name, O_CREAT, 0600, 5));
        narrate(n, RIGHT, "sem_getvalue(s) = 0   value %d", value_of(s));
        TELL(n, RIGHT, sem_trywait(s));
        _exit(EXIT_DONE);
    }
    end_as_child(child, "second run", narrate_wait(n, LEFT, child));
    narrate_right(n, "O_EXCL tells; sem_unlink removes the name, not what somebody has open");
    child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        if (sem_open(name, O_CREAT | O_EXCL, 0600, 5) == SEM_FAILED)
            narrate(n, RIGHT, "sem_open(O_CREAT|O_EXCL, 0600, 5) = SEM_FAILED  %s",
                    error_name(errno));
        OPEN(n, RIGHT, old, sem_open(name, 0));
        TELL(n, RIGHT, sem_unlink(name));
        OPEN(n, RIGHT, s, sem_open(name, O_CREAT | O_EXCL, 0600, 5));
        narrate(n, RIGHT, "sem_getvalue(s) = 0   value %d", value_of(s));
        TELL(n, RIGHT, sem_post(old)); /* whoever has it open keeps it */
        narrate(n, RIGHT, "sem_getvalue(old) = 0   value %d", value_of(old));
        TELL(n, RIGHT, sem_unlink(name));
        _exit(EXIT_DONE);
    }
    end_as_child(child, "third run", narrate_wait(n, LEFT, child));
    narrate_answer(n, "The old semaphore with its old value: sem_close keeps, sem_unlink removes.");
    return EXIT_DONE;
}
