/* SPDX-License-Identifier: MIT
 * ipc-semaphore stat: the values of the pair's semaphores and who uses them; the slots of `run`.
 *
 * Usage: ipc-semaphore stat [--name NAME | --key KEY] [--api sysv|posix] [--json]
 */
#include "semaphore.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/sem.h>

static void print_posix(const char *rendezvous);
static void print_set(int set, key_t key, const char *what, bool values);
static void print_permits(const struct permits *permits);

int semaphore_stat(const struct role *role, int argc, char **argv)
{
    static struct pair pair = {.family = NOT_GIVEN};
    struct rendezvous *found = &pair.rendezvous;
    bool json = false;
    const struct option_row options[] = {
        OPTIONS_FAMILY(&pair, "as it was made"), OPTION_JSON(&json), {0}};
    parse_arguments(role, argc, argv, options, 0);
    const bool present = find_pair(role, "semaphore", &pair) && found->objects[NOTED_FAMILY] != 0;
    const bool known = present && !is_other_family(&pair);
    static struct permits permits = {.set = -1};
    const bool by_key = pair.key_text != NULL;
    const int set = known ? buffer_noted(found)
                    : by_key
                        ? or_fail(semget(pair.key, 0, 0), "semget", pair.key_text) /* another's */
                        : -1;
    if (!by_key && pair.family != POSIX)
        permits_look(&permits, pair.name);
    if (!by_key && !known && permits.set == -1)
        fail_that(EXIT_FAILED,
                  present ? "\"%s\" is a buffer of the other family"
                          : "there are no semaphores of \"%s\"",
                  pair.name);
    if (json) {
        begin_list(true);
        if (known)
            print_found("semaphore", found, buffer_look);
        else if (by_key)
            print_listed(&(struct listed){.mechanism = "semaphore",
                                          .name = pair.name,
                                          .key = (uint32_t)pair.key,
                                          .bytes = -1});
        if (permits.set != -1)
            print_slots(pair.name, NULL);
        return end_list();
    }
    if (known && found->objects[NOTED_FAMILY] == 1 + POSIX)
        print_posix(pair.name);
    else if (known)
        print_set(set, (key_t)found->objects[NOTED_KEY], pair.name, true);
    else if (by_key)
        print_set(set, pair.key, pair.key_text, true);
    if (known)
        print_members(&pair);
    if (permits.set != -1)
        print_permits(&permits);
    flush_output();
    return EXIT_DONE;
}

static void print_posix(const char *rendezvous)
{
    char name[POSIX_NAME_SIZE];
    for (int which = EMPTY; which < SEMAPHORES; which++) {
        sem_t *semaphore = sem_open(buffer_object(name, rendezvous, which), 0);
        if (semaphore == SEM_FAILED)
            fail("sem_open", name);
        printf("%-12s %d   %s\n", buffer_words[which], value_of(semaphore), name);
        sem_close(semaphore);
    }
}

static void print_set(int set, key_t key, const char *what, bool values)
{
    struct semid_ds status;
    or_fail(semctl(set, 0, IPC_STAT, (union semun){.buf = &status}), "semctl IPC_STAT", what);
    printf("%-12s 0x%08" PRIx32 "\n%-12s %d\n", "key", (uint32_t)key, "id", set);
    printf("%-12s %ld\n%-12s %04o\n", "owner", (long)status.sem_perm.uid, "mode",
           (unsigned)status.sem_perm.mode & 0777);
    const int count = values ? (int)status.sem_nsems : 0;
    for (int i = 0; i < count; i++)
        printf("%-12s %d   waiting %d, last pid %d\n",
               count == SEMAPHORES ? buffer_words[i] : "value", semctl(set, i, GETVAL),
               semctl(set, i, GETNCNT), semctl(set, i, GETPID));
}

static void print_permits(const struct permits *permits)
{
    const int all = semctl(permits->set, PERMITS_ALL, GETVAL);
    printf("%-12s %d\n%-12s %d\n%-12s %d\n", "slots", all, "in use",
           all - semctl(permits->set, PERMITS_FREE, GETVAL), "waiting",
           semctl(permits->set, PERMITS_FREE, GETNCNT));
    print_set(permits->set, permits->key, permits->path, false);
}
