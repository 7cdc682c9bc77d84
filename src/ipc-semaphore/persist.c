/*
 * ipc-semaphore persist: a named semaphore stays when everybody has closed it, with its value; who
 * opens it then asks for an initial value in vain.
 */
#include "semaphore.h"

#include "ipc/common/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static sem_t *open_named(const char *name, int flags, unsigned value)
{
    sem_t *semaphore = sem_open(name, flags, 0600, value);
    if (semaphore == SEM_FAILED && errno != EEXIST)
        fail("sem_open", name);
    return semaphore;
}

int semaphore_persist(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    char name[POSIX_NAME_SIZE];
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    print_text("A program ended without sem_unlink. What does its next run find?");
    sem_t *semaphore = new_semaphore(name, "persist", 0);
    struct narration *n = narration_open(STDOUT_FILENO, "one process", NULL, pace);
    narrate(n, LEFT, "first run:  sem_open(NAME, O_CREAT, 0600, 0)   value %d",
            value_of(semaphore));
    sem_close(semaphore);
    narrate(n, LEFT, "            sem_close()   and it ends");

    narrate_text(n, "-> the mistake: to trust O_CREAT with a value");
    semaphore = open_named(name, O_CREAT, 5);
    const int found = value_of(semaphore);
    narrate(n, LEFT, "second run: sem_open(NAME, O_CREAT, 0600, 5)   value %d", found);
    narrate(n, LEFT, "            its first sem_wait() would sleep for ever");
    sem_close(semaphore);

    narrate_text(n, "-> right: O_EXCL tells, and who is the last unlinks");
    const bool told = open_named(name, O_CREAT | O_EXCL, 5) == SEM_FAILED;
    narrate(n, LEFT, "third run:  sem_open(NAME, O_CREAT | O_EXCL, 0600, 5): %s",
            told ? "EEXIST" : "made");
    narrate(n, LEFT, "            sem_unlink(NAME)");
    if (sem_unlink(name) == -1)
        fail("sem_unlink", name);
    semaphore = open_named(name, O_CREAT | O_EXCL, 5);
    const int made = semaphore == SEM_FAILED ? -1 : value_of(semaphore);
    narrate(n, LEFT, "            sem_open(NAME, O_CREAT | O_EXCL, 0600, 5)   value %d", made);
    sem_close(semaphore);
    sem_unlink(name);
    if (found != 0 || !told || made != 5)
        fail_that(EXIT_FAILED, "this system keeps no names");
    narrate_text(n, "The old semaphore with its old value: sem_close keeps, sem_unlink removes.");
    return EXIT_DONE;
}
