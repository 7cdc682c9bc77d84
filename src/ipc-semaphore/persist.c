/*
 * ipc-semaphore persist: a named semaphore stays when everybody has closed it, with its value.
 *
 * Usage: ipc-semaphore persist [--pace SECONDS]
 *
 * O_CREAT opens the one that is there, and its initial value is ignored. O_EXCL tells.
 */
#include "semaphore.h"

#include "ipc/narration/lesson.h"

#include <fcntl.h>

int semaphore_persist(const struct role *role, int argc, char **argv)
{
    char name[POSIX_NAME_SIZE];
    struct narration *n = begin_lesson(
        role, argc, argv, "A program ended without sem_unlink. What does its next run find?",
        "one process", NULL);
    sem_t *semaphore = new_semaphore(name, "persist", 0);
    narrate(n, LEFT, "first run:  sem_open(NAME, O_CREAT, 0600, 0)   value %d",
            value_of(semaphore));
    sem_close(semaphore);
    narrate(n, LEFT, "            sem_close()   and it ends");

    narrate_text(n, "-> the mistake: to trust O_CREAT with a value");
    semaphore = sem_open(name, O_CREAT, 0600, 5);
    if (semaphore == SEM_FAILED)
        fail("sem_open", name);
    const int found = value_of(semaphore);
    narrate(n, LEFT, "second run: sem_open(NAME, O_CREAT, 0600, 5)   value %d", found);
    narrate(n, LEFT, "            its first sem_wait() would sleep for ever");
    sem_close(semaphore);

    narrate_text(n, "-> right: O_EXCL tells, and who is the last unlinks");
    const bool told = sem_open(name, O_CREAT | O_EXCL, 0600, 5) == SEM_FAILED && errno == EEXIST;
    narrate(n, LEFT, "third run:  sem_open(NAME, O_CREAT | O_EXCL, 0600, 5): %s",
            told ? "EEXIST" : "made");
    narrate(n, LEFT, "            sem_unlink(NAME)");
    or_fail(sem_unlink(name), "sem_unlink", name);
    semaphore = sem_open(name, O_CREAT | O_EXCL, 0600, 5);
    if (semaphore == SEM_FAILED)
        fail("sem_open", name);
    const int made = value_of(semaphore);
    narrate(n, LEFT, "            sem_open(NAME, O_CREAT | O_EXCL, 0600, 5)   value %d", made);
    sem_close(semaphore);
    sem_unlink(name);
    if (found != 0 || !told || made != 5)
        fail_that(EXIT_FAILED, "this system keeps no names");
    narrate_text(n, "The old semaphore with its old value: sem_close keeps, sem_unlink removes.");
    return EXIT_DONE;
}
