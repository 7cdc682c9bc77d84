/*
 * Semaphores to show things with.
 */
#include "semaphore.h"

#include "ipc/rendezvous/undo_log.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/sem.h>
#include <unistd.h>

sem_t *new_semaphore(char name[POSIX_NAME_SIZE], const char *what, unsigned value)
{
    char own[64];
    snprintf(own, sizeof own, "%s-%ld", what, (long)getpid());
    posix_name(name, "semaphore", own, "");
    sem_t *semaphore = sem_open(name, O_CREAT | O_EXCL, 0600, value);
    if (semaphore == SEM_FAILED)
        fail("sem_open", name);
    note_object(POSIX_SEMAPHORE, name, 0);
    return semaphore;
}

int value_of(sem_t *semaphore)
{
    int value;
    if (sem_getvalue(semaphore, &value) == -1)
        fail("sem_getvalue", NULL);
    return value;
}
