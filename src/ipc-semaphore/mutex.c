/* SPDX-License-Identifier: MIT
 * ipc-semaphore mutex: processes count together, without a lock, with a wrong one, and with one.
 *
 * Usage: ipc-semaphore mutex [--pace SECONDS | --step]
 *
 * A semaphore is a lock for them only if they share it: in shared memory, since fork() copies what
 * is in ordinary memory; and made with pshared 1, since a post may wake nobody otherwise.
 */
#include "semaphore.h"

#include "ipc/narration/lesson.h"

#include <signal.h>
#include <stdatomic.h>

enum { PROCESSES = 4, TURNS = 2000, ALL = PROCESSES * TURNS }; /* as the question says */
enum { RUNS = 10, PAUSE_EVERY = 20, PAUSE_US = 50 };           /* as the screen says */

static struct {
    sem_t sem;
    _Atomic uint64_t number; /* the lower half; the upper one counts recorded loads and stores */
    struct store {
        int process;
        unsigned load, value; /* the number of the load before it; 0: it is no store */
    } record[2 * ALL];
} * shared;
#define ONE_EVENT (UINT64_C(1) << 32)
static bool paused; /* between load and store; and recorded */

static long count_together(sem_t *mutex);
static long lost_when_paused(struct narration *n, sem_t *mutex);
static void print_lost_update(struct narration *n);
static void show_lost_post(struct narration *n);

int semaphore_mutex(const struct role *role, int argc, char **argv)
{
    static sem_t copied[2]; /* in memory that fork() copies */
    struct narration *n = begin_lesson(
        role, argc, argv, "4 processes add 1 to a number, 2000 times each. What is it then?",
        "parent", "children");
    shared = shared_memory(sizeof *shared);
    narrate(n, LEFT, "mmap(PROT_READ|PROT_WRITE, MAP_SHARED|MAP_ANONYMOUS)");
    narrate_mistake(n, "load, add 1, store without a lock: it passes nearly every test");
    int runs = 0;
    for (int run = 0; run < RUNS; run++)
        runs += count_together(NULL) != 0;
    narrate(n, LEFT, "%d runs: updates lost in %d", RUNS, runs);
    narrate_text(n, "With a pause of 50 us between load and store, every 20th time, to force it:");
    paused = true;
    lost_when_paused(n, NULL);
    print_lost_update(n);
    narrate_mistake(n, "sem_t in memory that fork() copies: each has its own");
    TELL(n, LEFT, sem_init(&copied[0], 0, 1));
    lost_when_paused(n, &copied[0]);
    TELL(n, LEFT, sem_init(&copied[1], 1, 1));
    lost_when_paused(n, &copied[1]);
    narrate_mistake(n, "pshared 0 in memory that they share: a post may wake nobody");
    show_lost_post(n);
    narrate_right(n, "pshared 1 in memory that they share");
    TELL(n, LEFT, sem_init(&shared->sem, 1, 1));
    const long with = lost_when_paused(n, &shared->sem);
    TELL(n, LEFT, sem_destroy(&shared->sem));
    narrate_answer(n, "%ld, if all wait for one semaphore: pshared 1, shared memory.", ALL - with);
    return with == 0 ? EXIT_DONE : EXIT_FAILED;
}

/* Adds 1. After the pause it stores over whatever is there by then. */
static void add_paused(int process, bool pause_now)
{
    uint64_t number = atomic_fetch_add(&shared->number, ONE_EVENT);
    const unsigned load = (unsigned)(number / ONE_EVENT), value = (unsigned)number + 1;
    if (pause_now)
        sleep_for(PAUSE_US * MICROSECOND);
    while (!atomic_compare_exchange_weak(&shared->number, &number,
                                         (number / ONE_EVENT + 1) * ONE_EVENT + value))
        ;
    shared->record[number / ONE_EVENT] = (struct store){process + 1, load, value};
}

static void count(void *mutex, int process)
{
    for (int turn = 0; turn < TURNS; turn++) {
        while (mutex != NULL && sem_wait(mutex) == -1)
            if (!interrupted())
                fail("sem_wait", NULL);
        if (paused)
            add_paused(process, turn % PAUSE_EVERY == 0);
        else
            atomic_store(&shared->number, atomic_load(&shared->number) + 1);
        if (mutex != NULL)
            sem_post(mutex);
    }
}

/* Returns how many of the updates were lost. mutex: NULL for none. */
static long count_together(sem_t *mutex)
{
    memset(shared->record, 0, sizeof shared->record);
    atomic_store(&shared->number, 0);
    run_together(PROCESSES, count, mutex);
    return ALL - (long)(unsigned)atomic_load(&shared->number);
}

/* If by luck nothing is lost without a lock, counts again. */
static long lost_when_paused(struct narration *n, sem_t *mutex)
{
    long lost = 0;
    for (int tries = mutex == &shared->sem ? 1 : 5; lost == 0 && tries > 0; tries--)
        lost = count_together(mutex);
    narrate(n, LEFT, "%ld: %ld lost", ALL - lost, lost);
    return lost;
}

/* The last two stores of the same value, each of a process that had loaded before both. */
static void print_lost_update(struct narration *n)
{
    const struct store *events = shared->record;
    for (const struct store *last = events + 2 * ALL - 1; last > events; last--)
        for (const struct store *lost = last - 1; lost > events + last->load; lost--)
            if (last->value > 0 && lost->value == last->value) {
                const struct store *first = lost->load < last->load ? lost : last;
                const struct store *second = first == lost ? last : lost;
                const unsigned value = last->value;
                narrate_text(n, "  event %5u: [%d] load  %u\n  event %5u: [%d] load  %u",
                             first->load, first->process, value - 1, second->load, second->process,
                             value - 1);
                narrate_text(
                    n, "  event %5td: [%d] store %u\n  event %5td: [%d] store %u   one is lost",
                    lost - events, lost->process, value, last - events, last->process, value);
                return;
            }
}

/* With pshared 0, Linux looks for those who sleep in the process of the post alone. */
static void show_lost_post(struct narration *n)
{
    TELL(n, LEFT, sem_init(&shared->sem, 0, 0));
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        WAIT(n, RIGHT, "it was 0", sem_wait(&shared->sem));
        _exit(EXIT_DONE);
    }
    await_sleep(n, child);
    SEND(n, LEFT, sem_post(&shared->sem));
    narration_pause(n, 200 * MILLISECOND);
    narrate(n, LEFT, "sem_getvalue(&shared->sem) = 0\nvalue %d", value_of(&shared->sem));
    SEND(n, LEFT, kill(child, SIGKILL)); /* otherwise it would sleep for ever */
    narrate_wait(n, LEFT, child);
    TELL(n, LEFT, sem_destroy(&shared->sem));
}
