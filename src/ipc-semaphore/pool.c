/* SPDX-License-Identifier: MIT
 * ipc-semaphore pool: a counting semaphore lets so many in at once, and no more.
 *
 * Usage: ipc-semaphore pool [--pace SECONDS | --step]
 */
#include "semaphore.h"

#include "ipc/narration/lesson.h"

#include <stdatomic.h>

enum { PLACES = 3, WORKERS = 5 }; /* as the question says */

static struct {
    atomic_int inside, most_inside;
} * shared;

static struct narration *n;

static int run_workers(sem_t *places);

int semaphore_pool(const struct role *role, int argc, char **argv)
{
    n = begin_lesson(role, argc, argv, "3 places, 5 workers. How many are inside at once?",
                     "parent", "workers");
    sem_t *places = shared_memory(sizeof *places);
    shared = shared_memory(sizeof *shared);
    narrate_mistake(n, "nobody counts, and all go in, for 20 ms each");
    int without = 0;
    for (const uint64_t until = narration_time(n) + SECOND;
         without <= PLACES && narration_time(n) < until;)
        without = run_workers(NULL);
    narrate_right(n, "each waits for a place before it goes in");
    or_fail(sem_init(places, 1, PLACES), "sem_init", NULL);
    narrate(n, LEFT, "sem_init(places, 1, %d) = 0", PLACES);
    const int with = run_workers(places);
    TELL(n, LEFT, sem_destroy(places));
    if (with > PLACES)
        fail_that(EXIT_FAILED, "%d were inside at once", with);
    narrate_answer(n, "Without a semaphore %d; with one of value %d never more than %d.", without,
                   PLACES, with);
    return EXIT_DONE;
}

static void work(void *places, int index)
{
    if (places != NULL) {
        narrate_call(n, RIGHT, "[%d] sem_wait(places)", index + 1);
        while (sem_wait(places) == -1)
            if (!interrupted())
                fail("sem_wait", NULL);
        narrate_return(n, "it was 0", "0");
    }
    const int inside = atomic_fetch_add(&shared->inside, 1) + 1;
    int most = atomic_load(&shared->most_inside);
    while (inside > most && !atomic_compare_exchange_weak(&shared->most_inside, &most, inside))
        ;
    narration_pause(n, 20 * MILLISECOND);
    atomic_fetch_sub(&shared->inside, 1);
    if (places != NULL) {
        narrate(n, RIGHT, "[%d] sem_post(places)", index + 1);
        sem_post(places);
    }
}

/* Returns the largest number that was ever inside. places: NULL if nobody counts. */
static int run_workers(sem_t *places)
{
    atomic_store(&shared->most_inside, 0);
    narrate(n, LEFT, "fork(), %d times", WORKERS);
    run_together(WORKERS, work, places);
    const int most = atomic_load(&shared->most_inside);
    narrate(n, LEFT, "at most %d were inside", most);
    return most;
}

void run_together(int processes, void (*work_of_one)(void *context, int index), void *context)
{
    struct gate gate = new_gate();
    for (int i = 0; i < processes; i++) {
        const pid_t child = start_child();
        if (child == 0) {
            if (pass_gate(&gate))
                work_of_one(context, i);
            end_if_signalled();
            _exit(EXIT_DONE);
        }
    }
    open_gate(&gate, processes);
    close_gate(&gate);
    reap_children();
}
