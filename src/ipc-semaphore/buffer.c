/* SPDX-License-Identifier: MIT
 * The semaphores of the pair's buffer, of either family: how they are made, found and removed.
 */
#include "semaphore.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/sem.h>

const char *const buffer_words[] = {"empty", "full", "mutex", "slots"};
static const unsigned short beginning[SEMAPHORES] = {SLOTS, 0, 1};

char *buffer_object(char name[POSIX_NAME_SIZE], const char *rendezvous, int which)
{
    char object[NAME_MOST + 8];
    snprintf(object, sizeof object, "%s.%s", rendezvous, buffer_words[which]);
    return posix_name(name, "semaphore", object);
}

static int get_set(key_t key, int flags)
{
    return semget(key, flags != 0 ? SEMAPHORES : 0, flags);
}

int buffer_noted(const struct rendezvous *rendezvous)
{
    return noted_sysv(rendezvous, get_set);
}

static bool set_values(int set)
{
    for (int which = EMPTY; which < SEMAPHORES; which++)
        if (semctl(set, which, SETVAL, (union semun){.val = beginning[which]}) == -1)
            return false;
    return true;
}

void buffer_remove_objects(const struct rendezvous *rendezvous)
{
    const int64_t *noted = rendezvous->objects;
    char name[POSIX_NAME_SIZE];
    if (noted[NOTED_FAMILY] == 1 + POSIX) {
        for (int which = EMPTY; which < SEMAPHORES; which++)
            destroy_object(POSIX_SEMAPHORE, buffer_object(name, rendezvous->name, which), 0);
    } else if (noted[NOTED_MADE] != 0) {
        remove_sysv(rendezvous, SYSV_SET, get_set);
    } else {
        set_values(buffer_noted(rendezvous)); /* somebody else's: ready for the next pair */
    }
    if (noted[NOTED_SLOTS] != 0)
        destroy_object(POSIX_SEGMENT, buffer_object(name, rendezvous->name, SLOTS_OBJECT), 0);
}

void refuse_present(const char *call, const char *name)
{
    fail_that(EXIT_FAILED,
              "%s \"%s\": there is such an object, and it is not of this session\n"
              "  'ipc-semaphore remove --api posix' removes your own",
              call, name);
}

/* What is there already is not ours. Noted before it exists: a death in between is found. */
static void make_posix(struct buffer *buffer)
{
    char name[POSIX_NAME_SIZE];
    for (int which = EMPTY; which < SEMAPHORES; which++) {
        if (sem_open(buffer_object(name, buffer->pair.name, which), 0) != SEM_FAILED)
            refuse_present("sem_open", name);
        if (errno != ENOENT)
            fail("sem_open", name);
    }
    note_made(&buffer->pair.rendezvous, POSIX, 0, true);
    for (int which = EMPTY; which < SEMAPHORES; which++) {
        buffer_object(name, buffer->pair.name, which);
        buffer->posix[which] = sem_open(name, O_CREAT | O_EXCL, 0600, beginning[which]);
        /* all are whose the first is; after another error it may be there, and is ours */
        if (buffer->posix[which] == SEM_FAILED && which == EMPTY && errno == EEXIST)
            buffer->pair.rendezvous.objects[NOTED_FAMILY] = 0;
        if (buffer->posix[which] == SEM_FAILED)
            fail("sem_open", name);
    }
}

static void open_posix(struct buffer *buffer)
{
    char name[POSIX_NAME_SIZE];
    for (int which = EMPTY; which < SEMAPHORES; which++) {
        buffer->posix[which] = sem_open(buffer_object(name, buffer->pair.name, which), 0);
        if (buffer->posix[which] == SEM_FAILED)
            fail("sem_open", name);
    }
}

/*
 * A set that somebody else made is used if it is as new, or as a pair leaves it. One with other
 * values, or that somebody waits for, is in use: a value of ours would break what its users do.
 */
static void check_set_of_another(struct buffer *buffer)
{
    struct semid_ds status;
    int values[SEMAPHORES], waiting = 0;
    buffer->pair.rendezvous.objects[NOTED_FAMILY] = 0; /* what is refused stays as it is */
    if (semctl(buffer->set, 0, IPC_STAT, (union semun){.buf = &status}) == -1)
        fail("semctl IPC_STAT", buffer->pair.name);
    if (status.sem_nsems < SEMAPHORES)
        fail_that(EXIT_FAILED, "the set of %s has %lu semaphores, and %d are needed: not used",
                  buffer->pair.key_text, (unsigned long)status.sem_nsems, SEMAPHORES);
    bool is_new = true, is_ready = true;
    for (int which = EMPTY; which < SEMAPHORES; which++) {
        values[which] = semctl(buffer->set, which, GETVAL);
        waiting += semctl(buffer->set, which, GETNCNT) + semctl(buffer->set, which, GETZCNT);
        is_new = is_new && values[which] == 0;
        is_ready = is_ready && values[which] == beginning[which];
    }
    if (waiting > 0 || !(is_new || is_ready))
        fail_that(EXIT_FAILED,
                  "the semaphores of %s are in use (%d, %d, %d, and %d wait): not used\n"
                  "  another's set must be new (0, 0, 0), or be as a pair leaves it (%d, %d, %d)",
                  buffer->pair.key_text, values[EMPTY], values[FULL], values[MUTEX], waiting,
                  beginning[EMPTY], beginning[FULL], beginning[MUTEX]);
    buffer->pair.rendezvous.objects[NOTED_FAMILY] = 1 + SYSV;
}

static void make_set(struct buffer *buffer)
{
    buffer->set = make_sysv(&buffer->pair.rendezvous, buffer->pair.key_text, buffer->pair.key,
                            get_set, "semget");
    if (buffer->pair.rendezvous.objects[NOTED_MADE] == 0)
        check_set_of_another(buffer);
    if (!set_values(buffer->set))
        fail("semctl SETVAL", buffer->pair.name);
}

void open_semaphores(struct buffer *buffer)
{
    struct rendezvous *rendezvous = &buffer->pair.rendezvous;
    const bool posix = buffer->pair.family == POSIX;
    if (!rendezvous->first) {
        check_family(rendezvous, buffer->pair.family, "is a buffer of the other family");
        buffer->set = buffer_noted(rendezvous);
        if (!posix && buffer->set == -1)
            refuse_rendezvous(rendezvous, "has lost its semaphores", "somebody has removed them");
        if (posix)
            open_posix(buffer);
    } else if (posix) {
        make_posix(buffer);
    } else {
        make_set(buffer);
    }
}
