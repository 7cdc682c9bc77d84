/* SPDX-License-Identifier: MIT
 * ipc-semaphore threads: two threads, one critical section, a semaphore of value 1 around it.
 *
 * Usage: ipc-semaphore threads [--pace SECONDS | --step]
 */
#include "semaphore.h"

#include "ipc/narration/lesson.h"

#include <pthread.h>
#include <stdatomic.h>

static struct narration *n;
static sem_t section;
static bool guarded;
static atomic_int inside, most_inside;

static int run_threads(bool with_semaphore);

int semaphore_threads(const struct role *role, int argc, char **argv)
{
    n = begin_lesson(role, argc, argv, "Two threads, one critical section. Who is inside?",
                     "thread 1", "thread 2");
    narrate_mistake(n, "neither waits for the other");
    int without = 0;
    for (const uint64_t until = narration_time(n) + SECOND;
         without < 2 && narration_time(n) < until;)
        without = run_threads(false);
    narrate_right(n, "each waits for the semaphore, and posts it when it goes");
    TELL(n, LEFT, sem_init(&section, 0, 1));
    const int with = run_threads(true);
    TELL(n, LEFT, sem_destroy(&section));
    if (with != 1)
        fail_that(EXIT_FAILED, "%d were inside at once", with);
    narrate_answer(n, "%d at once without a semaphore, never more than %d with it.", without, with);
    return EXIT_DONE;
}

static void *visit(void *column)
{
    const enum column mine = *(const enum column *)column;
    for (int turn = 1; turn <= (guarded ? 2 : 1); turn++) {
        if (guarded)
            WAIT(n, mine, "it was 0", sem_wait(&section));
        const int now_inside = atomic_fetch_add(&inside, 1) + 1;
        if (now_inside > atomic_load(&most_inside))
            atomic_store(&most_inside, now_inside);
        narrate(n, mine, "is inside for 10 ms; %d in all", now_inside);
        narration_pause(n, 10 * MILLISECOND);
        narrate(n, mine, guarded ? "sem_post(&section)" : "goes");
        atomic_fetch_sub(&inside, 1);
        if (guarded)
            sem_post(&section);
    }
    return NULL;
}

/* Returns how many were inside at the same time, at most. */
static int run_threads(bool with_semaphore)
{
    static enum column columns[] = {LEFT, RIGHT};
    pthread_t threads[2];
    guarded = with_semaphore;
    atomic_store(&most_inside, 0);
    for (int i = 0; i < 2; i++) {
        errno = pthread_create(&threads[i], NULL, visit, &columns[i]);
        if (errno != 0)
            fail("pthread_create", NULL);
    }
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    end_if_signalled(); /* pthread_join() never says EINTR */
    return atomic_load(&most_inside);
}
