/*
 * ipc-semaphore stat: the values of the pair's semaphores and who uses them; the slots of `run`.
 */
#include "semaphore.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/sem.h>

static void print_party(const struct rendezvous *rendezvous, enum member_role role,
                        const char *word)
{
    const struct peers peers = rendezvous_peers(rendezvous, role);
    if (peers.alive > 0)
        printf("%-12s pid %ld\n", word, (long)peers.alive_pid);
    else
        printf("%-12s %s\n", word,
               peers.died > 0   ? "died"
               : peers.left > 0 ? "has left"
                                : "nobody");
}

static void print_set(int set, key_t key, const char *what)
{
    struct semid_ds status;
    if (semctl(set, 0, IPC_STAT, (union semun){.buf = &status}) == -1)
        fail("semctl IPC_STAT", what);
    printf("%-12s 0x%08" PRIx32 "\n%-12s %d\n", "key", (uint32_t)key, "id", set);
    printf("%-12s %ld\n%-12s %04o\n", "owner", (long)status.sem_perm.uid, "mode",
           (unsigned)status.sem_perm.mode & 0777);
}

static void print_posix(const char *session)
{
    char name[POSIX_NAME_SIZE];
    for (int which = EMPTY; which < SEMAPHORES; which++) {
        sem_t *semaphore = sem_open(buffer_object(name, session, which), 0);
        if (semaphore == SEM_FAILED)
            fail("sem_open", name);
        printf("%-12s %d   %s\n", semaphore_words[which], value_of(semaphore), name);
        sem_close(semaphore);
    }
}

static void print_values(int set, unsigned long count)
{
    for (int i = 0; i < (int)count; i++)
        printf("%-12s %d   waiting %d, last pid %d\n",
               count == SEMAPHORES ? semaphore_words[i] : "value", semctl(set, i, GETVAL),
               semctl(set, i, GETNCNT), semctl(set, i, GETPID));
}

/* A set that somebody else made, by its key. */
static void print_by_key(const struct buffer *buffer)
{
    struct semid_ds status;
    const int set = semget(buffer->key, 0, 0);
    if (set == -1)
        fail("semget", buffer->key_text);
    print_set(set, buffer->key, buffer->key_text);
    if (semctl(set, 0, IPC_STAT, (union semun){.buf = &status}) == 0)
        print_values(set, (unsigned long)status.sem_nsems);
}

static bool print_tickets(const char *name)
{
    static struct tickets tickets;
    tickets_open(&tickets, name, 0);
    if (tickets.set == -1)
        return false;
    const int all = semctl(tickets.set, TICKETS_ALL, GETVAL);
    printf("%-12s %d\n%-12s %d\n%-12s %d\n", "slots", all, "in use",
           all - semctl(tickets.set, TICKETS_FREE, GETVAL), "waiting",
           semctl(tickets.set, TICKETS_FREE, GETNCNT));
    print_set(tickets.set, tickets.key, tickets.path);
    return true;
}

int semaphore_stat(const struct role *role, int argc, char **argv)
{
    static struct buffer buffer = {.family = NOT_GIVEN};
    static struct rendezvous found;
    const struct option_row options[] = {OPTION_NAME(&buffer.name),
                                         OPTION_API(&buffer.family, "as it was made"),
                                         OPTION_KEY(&buffer.key_text),
                                         {0}};
    parse_arguments(role, argc, argv, options, 0);
    buffer_choose(role, &buffer);
    const bool present =
        rendezvous_look(&found, "semaphore", buffer.session) && found.objects[NOTED_FAMILY] != 0;
    const int family = (int)found.objects[NOTED_FAMILY] - 1;
    const bool known = present && (buffer.family == NOT_GIVEN || buffer.family == family);
    if (known) {
        const int set = buffer_noted(&found);
        if (family == POSIX) {
            print_posix(buffer.session);
        } else {
            print_set(set, (key_t)found.objects[NOTED_KEY], buffer.session);
            print_values(set, SEMAPHORES);
        }
        print_party(&found, PRODUCER, "producer");
        print_party(&found, CONSUMER, "consumer");
    } else if (buffer.key_text != NULL) {
        print_by_key(&buffer);
    }
    const bool tickets =
        buffer.key_text == NULL && buffer.family != POSIX && print_tickets(buffer.session);
    if (!tickets && present && !known)
        fail_that(EXIT_FAILED, "\"%s\" is a buffer of the other family", buffer.session);
    if (!known && !tickets && buffer.key_text == NULL)
        fail_that(EXIT_FAILED, "there are no semaphores of \"%s\"", buffer.session);
    if (fflush(stdout) != 0)
        fail("write", "standard output");
    return EXIT_DONE;
}
