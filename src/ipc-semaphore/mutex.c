/*
 * ipc-semaphore mutex: processes count together, without a lock, with a wrong one, and with one.
 *
 * Usage: ipc-semaphore mutex [--pace SECONDS]
 *
 * All of them add to one number in shared memory. A semaphore is a lock for them only if they share
 * it, too: fork() copies one that is in ordinary memory.
 */
#include "semaphore.h"

#include "ipc/narration/lesson.h"

#include <sched.h>
#include <stdatomic.h>

enum { PROCESSES = 4, TURNS = 2000 }; /* as the question says */

static struct {
    sem_t mutex;
    atomic_long count; /* loaded and stored in two steps: that is what goes wrong */
} * shared;

static sem_t own_mutex; /* in this process' memory */

static long count_until_lost(sem_t *mutex);
static long count_together(sem_t *mutex);

int semaphore_mutex(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(
        role, argc, argv, "4 processes add 1 to a number, 2000 times each. What is it then?",
        "all of them", NULL);
    shared = shared_memory(sizeof *shared);
    if (shared == NULL || sem_init(&shared->mutex, 1, 1) == -1 || sem_init(&own_mutex, 0, 1) == -1)
        fail("sem_init", NULL);
    narrate_text(n, "-> the mistake: load, add, store, and no lock");
    const long without = count_until_lost(NULL);
    narrate(n, LEFT, "%ld: %ld lost", PROCESSES * TURNS - without, without);
    narrate_text(n, "-> the next one: sem_init(&mutex, 0, 1) in memory that fork() copies");
    const long copied = count_until_lost(&own_mutex);
    narrate(n, LEFT, "%ld: %ld lost, everybody waited for a semaphore of his own",
            PROCESSES * TURNS - copied, copied);
    narrate_text(n, "-> right: sem_init(&mutex, 1, 1) in memory that they share");
    const long with = count_together(&shared->mutex);
    narrate(n, LEFT, "%ld: %ld lost", PROCESSES * TURNS - with, with);
    if (with != 0)
        fail_that(EXIT_FAILED, "%ld updates were lost in spite of the lock", with);
    narrate_text(n, "%d, if all wait for one semaphore that is in memory which all share.",
                 PROCESSES * TURNS);
    return EXIT_DONE;
}

/* Luck decides whether an update is lost: counts again until one is, for a second at most. */
static long count_until_lost(sem_t *mutex)
{
    long lost = 0;
    for (const uint64_t began = now(); lost == 0 && now() - began < SECOND;)
        lost = count_together(mutex);
    return lost;
}

static void count(void *mutex, int index)
{
    (void)index;
    for (int turn = 0; turn < TURNS; turn++) {
        while (mutex != NULL && sem_wait(mutex) == -1)
            if (!interrupted())
                fail("sem_wait", NULL);
        const long seen = atomic_load_explicit(&shared->count, memory_order_relaxed);
        sched_yield(); /* where it hurts */
        atomic_store_explicit(&shared->count, seen + 1, memory_order_relaxed);
        if (mutex != NULL)
            sem_post(mutex);
    }
}

/* Returns how many of the updates were lost. mutex: NULL for none. */
static long count_together(sem_t *mutex)
{
    atomic_store(&shared->count, 0);
    run_together(PROCESSES, count, mutex);
    return PROCESSES * TURNS - atomic_load(&shared->count);
}

void run_together(int processes, void (*work)(void *context, int index), void *context)
{
    struct gate gate = new_gate();
    for (int i = 0; i < processes; i++) {
        const pid_t child = start_child();
        if (child == 0) {
            if (pass_gate(&gate))
                work(context, i);
            _exit(EXIT_DONE);
        }
    }
    open_gate(&gate, processes);
    close_gate(&gate);
    reap_children();
}
