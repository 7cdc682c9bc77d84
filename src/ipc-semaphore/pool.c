/*
 * ipc-semaphore pool: a counting semaphore lets so many in at once, and no more.
 */
#include "semaphore.h"

#include "ipc/common/children.h"
#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/platform.h"

#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PLACES = 3, WORKERS = 8 };

struct shared {
    sem_t places;
    atomic_int inside, most_inside;
};

static void work(struct narration *n, struct shared *shared, int index, bool counted)
{
    const uint64_t began = now();
    if (counted) {
        while (sem_wait(&shared->places) == -1)
            if (!interrupted())
                fail("sem_wait", NULL);
        narrate_waited(n, RIGHT, began, "no place free", "[%d] sem_wait() = 0", index);
    }
    const int inside = atomic_fetch_add(&shared->inside, 1) + 1;
    int most = atomic_load(&shared->most_inside);
    while (inside > most && !atomic_compare_exchange_weak(&shared->most_inside, &most, inside))
        ;
    sleep_for(20 * MILLISECOND);
    atomic_fetch_sub(&shared->inside, 1);
    if (!counted)
        return;
    narrate(n, RIGHT, "[%d] sem_post()", index);
    sem_post(&shared->places);
}

/* Returns the largest number that was ever inside. */
static int run_workers(struct narration *n, struct shared *shared, bool counted)
{
    int gate[2];
    char go;
    if (pipe(gate) == -1)
        fail("pipe", NULL);
    atomic_store(&shared->most_inside, 0);
    for (int i = 0; i < WORKERS; i++) {
        const pid_t child = start_child();
        if (child == -1)
            fail("fork", NULL);
        if (child == 0) {
            close(gate[1]);
            read_full(gate[0], &go, 1);
            work(n, shared, i + 1, counted);
            _exit(EXIT_DONE);
        }
    }
    narrate(n, LEFT, "%d workers begin", WORKERS);
    close(gate[0]);
    close(gate[1]);
    reap_children();
    const int most = atomic_load(&shared->most_inside);
    narrate(n, LEFT, "at most %d were inside", most);
    return most;
}

int semaphore_pool(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    struct shared *shared = shared_memory(sizeof *shared);
    if (shared == NULL || sem_init(&shared->places, 1, PLACES) == -1)
        fail("sem_init", NULL);
    print_text("%d places, %d workers. How many are inside at once?", PLACES, WORKERS);
    struct narration *n = narration_open(STDOUT_FILENO, "parent", "workers", pace);
    narrate_text(n, "-> the mistake: everybody goes in");
    int without = 0;
    for (const uint64_t began = now(); without <= PLACES && now() - began < SECOND;)
        without = run_workers(n, shared, false);
    narrate_text(n, "-> right: sem_init(&places, 1, %d), and everybody waits for a place", PLACES);
    const int with = run_workers(n, shared, true);
    munmap(shared, sizeof *shared);
    if (with > PLACES)
        fail_that(EXIT_FAILED, "%d were inside at once", with);
    narrate_text(n, "%d without a semaphore; with one of value %d never more than %d.", without,
                 PLACES, with);
    return EXIT_DONE;
}
