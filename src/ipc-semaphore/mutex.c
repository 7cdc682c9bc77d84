/*
 * ipc-semaphore mutex: processes count together in shared memory, without a lock and with one; and
 * with one that they only seem to share.
 */
#include "semaphore.h"

#include "ipc/common/children.h"
#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/platform.h"

#include <sched.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PROCESSES = 4, TURNS = 2000 };

struct shared {
    sem_t mutex;
    atomic_long count; /* loaded and stored in two steps: that is what goes wrong */
};

static sem_t own_mutex; /* in this process' memory: fork() copies it */

static void add_one(struct shared *shared, sem_t *mutex)
{
    while (mutex != NULL && sem_wait(mutex) == -1)
        if (!interrupted())
            fail("sem_wait", NULL);
    const long seen = atomic_load_explicit(&shared->count, memory_order_relaxed);
    sched_yield(); /* where it hurts */
    atomic_store_explicit(&shared->count, seen + 1, memory_order_relaxed);
    if (mutex != NULL)
        sem_post(mutex);
}

/* All begin when the gate closes. Returns how many of the updates were lost. */
static long count_together(struct shared *shared, sem_t *mutex)
{
    int gate[2];
    char go;
    if (pipe(gate) == -1)
        fail("pipe", NULL);
    atomic_store(&shared->count, 0);
    for (int i = 0; i < PROCESSES; i++) {
        const pid_t child = start_child();
        if (child == -1)
            fail("fork", NULL);
        if (child == 0) {
            close(gate[1]);
            read_full(gate[0], &go, 1);
            for (int turn = 0; turn < TURNS; turn++)
                add_one(shared, mutex);
            _exit(EXIT_DONE);
        }
    }
    close(gate[0]);
    close(gate[1]);
    reap_children();
    return PROCESSES * TURNS - atomic_load(&shared->count);
}

/* Again, until it has gone wrong. */
static long count_until_lost(struct shared *shared, sem_t *mutex)
{
    long lost = 0;
    for (const uint64_t began = now(); lost == 0 && now() - began < SECOND;)
        lost = count_together(shared, mutex);
    return lost;
}

int semaphore_mutex(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    struct shared *shared = shared_memory(sizeof *shared);
    if (shared == NULL || sem_init(&shared->mutex, 1, 1) == -1 || sem_init(&own_mutex, 0, 1) == -1)
        fail("sem_init", NULL);
    print_text("%d processes add 1 to a number, %d times each. What is it then?", PROCESSES, TURNS);
    struct narration *n = narration_open(STDOUT_FILENO, "all of them", NULL, pace);
    narrate_text(n, "-> the mistake: load, add, store, and no lock");
    const long without = count_until_lost(shared, NULL);
    narrate(n, LEFT, "%ld: %ld lost", PROCESSES * TURNS - without, without);
    narrate_text(n, "-> the next one: sem_init(&mutex, 0, 1) in memory that fork() copies");
    const long copied = count_until_lost(shared, &own_mutex);
    narrate(n, LEFT, "%ld: %ld lost, everybody waited for a semaphore of his own",
            PROCESSES * TURNS - copied, copied);
    narrate_text(n, "-> right: sem_init(&mutex, 1, 1) in memory that they share");
    const long with = count_together(shared, &shared->mutex);
    narrate(n, LEFT, "%ld: %ld lost", PROCESSES * TURNS - with, with);
    munmap(shared, sizeof *shared);
    if (with != 0)
        fail_that(EXIT_FAILED, "%ld updates were lost in spite of the lock", with);
    narrate_text(n, "%d, if all wait for one semaphore that is in memory which all share.",
                 PROCESSES * TURNS);
    return EXIT_DONE;
}
