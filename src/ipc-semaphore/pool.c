/*
 * ipc-semaphore pool: a counting semaphore lets so many in at once, and no more.
 *
 * Usage: ipc-semaphore pool [--pace SECONDS]
 */
#include "semaphore.h"

#include "ipc/narration/lesson.h"

#include <stdatomic.h>

enum { PLACES = 3, WORKERS = 8 }; /* as the question says */

static struct {
    sem_t places;
    atomic_int inside, most_inside;
} * shared;

static struct narration *n;

static int run_workers(bool counted);

int semaphore_pool(const struct role *role, int argc, char **argv)
{
    n = begin_lesson(role, argc, argv, "3 places, 8 workers. How many are inside at once?",
                     "parent", "workers");
    shared = shared_memory(sizeof *shared);
    if (shared == NULL || sem_init(&shared->places, 1, PLACES) == -1)
        fail("sem_init", NULL);
    narrate_text(n, "-> the mistake: everybody goes in");
    int without = 0;
    for (const uint64_t began = now(); without <= PLACES && now() - began < SECOND;)
        without = run_workers(false);
    narrate_text(n, "-> right: sem_init(&places, 1, %d), and everybody waits for a place", PLACES);
    const int with = run_workers(true);
    if (with > PLACES)
        fail_that(EXIT_FAILED, "%d were inside at once", with);
    narrate_text(n, "%d without a semaphore; with one of value %d never more than %d.", without,
                 PLACES, with);
    return EXIT_DONE;
}

static void work(void *places, int index)
{
    const uint64_t began = now();
    if (places != NULL) {
        while (sem_wait(places) == -1)
            if (!interrupted())
                fail("sem_wait", NULL);
        narrate_waited(n, RIGHT, began, "no place free", "[%d] sem_wait() = 0", index + 1);
    }
    const int inside = atomic_fetch_add(&shared->inside, 1) + 1;
    int most = atomic_load(&shared->most_inside);
    while (inside > most && !atomic_compare_exchange_weak(&shared->most_inside, &most, inside))
        ;
    sleep_for(20 * MILLISECOND);
    atomic_fetch_sub(&shared->inside, 1);
    if (places != NULL) {
        narrate(n, RIGHT, "[%d] sem_post()", index + 1);
        sem_post(places);
    }
}

/* Returns the largest number that was ever inside. counted: everybody waits for a place. */
static int run_workers(bool counted)
{
    atomic_store(&shared->most_inside, 0);
    narrate(n, LEFT, "%d workers begin", WORKERS);
    run_together(WORKERS, work, counted ? &shared->places : NULL);
    const int most = atomic_load(&shared->most_inside);
    narrate(n, LEFT, "at most %d were inside", most);
    return most;
}
