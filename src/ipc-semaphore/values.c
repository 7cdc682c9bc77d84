/*
 * ipc-semaphore values: the number at every step.
 *
 * Usage: ipc-semaphore values [--pace SECONDS]
 *
 * The number never shows how many wait, and nothing stops a post too many.
 */
#include "semaphore.h"

#include "ipc/narration/lesson.h"

#include <pthread.h>

static void take(struct narration *n, enum column column, sem_t *semaphore);
static const char *second_unlock(void);

int semaphore_values(const struct role *role, int argc, char **argv)
{
    struct narration *n =
        begin_lesson(role, argc, argv, "What is the value, at each step? Can it be 0, or less?",
                     "parent", "child");
    sem_t *semaphore = shared_memory(sizeof *semaphore);
    if (semaphore == NULL || sem_init(semaphore, 1, 2) == -1)
        fail("sem_init", NULL);
    narrate(n, LEFT, "sem_init()   value %d", value_of(semaphore));
    take(n, LEFT, semaphore);
    take(n, LEFT, semaphore);
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        take(n, RIGHT, semaphore);
        _exit(EXIT_DONE);
    }
    sleep_for(50 * MILLISECOND); /* for it to fall asleep: it narrates how long it slept */
    narrate(n, LEFT, "value %d   and one waits", value_of(semaphore));
    narrate(n, LEFT, "sem_post()   wakes it");
    or_fail(sem_post(semaphore), "sem_post", NULL);
    reap_children();
    narrate(n, LEFT, "value %d   the post went to it", value_of(semaphore));

    narrate_text(n, "-> the mistake: to take a semaphore of value 1 for a lock, and post twice");
    narrate(n, LEFT, "sem_post(), sem_post()");
    sem_post(semaphore);
    sem_post(semaphore);
    narrate(n, LEFT, "value %d", value_of(semaphore));
    const int inside = (sem_trywait(semaphore) == 0) + (sem_trywait(semaphore) == 0);
    narrate(n, LEFT, "two try at once: %d get in", inside);
    narrate_text(n, "-> right: a mutex has an owner, and can check");
    narrate(n, LEFT, "a second pthread_mutex_unlock():\n%s", second_unlock());
    if (inside != 2)
        fail_that(EXIT_FAILED, "%d got in", inside);
    narrate_text(n, "Often 0, never less: who comes then sleeps; and a post is nobody's.");
    return EXIT_DONE;
}

static void take(struct narration *n, enum column column, sem_t *semaphore)
{
    const uint64_t began = now();
    while (sem_wait(semaphore) == -1)
        if (!interrupted())
            fail("sem_wait", NULL);
    narrate_waited(n, column, began, "the value was 0", "sem_wait() = 0   value %d",
                   value_of(semaphore));
}

static const char *second_unlock(void)
{
    pthread_mutexattr_t attributes;
    pthread_mutex_t mutex;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&mutex, &attributes);
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    const int error = pthread_mutex_unlock(&mutex);
    pthread_mutex_destroy(&mutex);
    return error == EPERM ? "EPERM" : strerror(error);
}
