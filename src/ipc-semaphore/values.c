/* SPDX-License-Identifier: MIT
 * ipc-semaphore values: the number at every step.
 *
 * Usage: ipc-semaphore values [--pace SECONDS | --step]
 *
 * To wait, to try, to wait until a time, to post, to look. The number never shows how many wait,
 * and nothing stops a post too many.
 */
#include "semaphore.h"

#include "ipc/narration/lesson.h"

#include <limits.h>
#include <pthread.h>

static struct narration *n;

static void look(sem_t *s, const char *remark);

int semaphore_values(const struct role *role, int argc, char **argv)
{
    n = begin_lesson(role, argc, argv, "What is the value, at each step? Can it be 0, or less?",
                     "parent", "child");
    sem_t *s = shared_memory(sizeof *s);
    TELL(n, LEFT, sem_init(s, 1, 2));
    WAIT(n, LEFT, "it was 0", sem_wait(s));
    WAIT(n, LEFT, "it was 0", sem_wait(s));
    look(s, "");
    TELL(n, LEFT, sem_trywait(s));
    const uint64_t end = narration_time(n) + 200 * MILLISECOND;
    WAIT(n, LEFT, NULL, sem_timedwait(s, at(n, end)));
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        WAIT(n, RIGHT, "it was 0", sem_wait(s));
        _exit(EXIT_DONE);
    }
    await_sleep(n, child);
    look(s, "\none waits; POSIX: or -1");
    SEND(n, LEFT, sem_post(s));
    reap_successful(child, "child");
    look(s, "\nthe post went to it");
    narrate_mistake(n, "a semaphore as a lock: after two posts two get in (here one process)");
    TELL(n, LEFT, sem_post(s));
    TELL(n, LEFT, sem_post(s));
    look(s, "");
    TELL(n, LEFT, sem_trywait(s));
    TELL(n, LEFT, sem_trywait(s));
    TELL(n, LEFT, sem_destroy(s));
    TELL(n, LEFT, sem_init(s, 1, SEM_VALUE_MAX));
    TELL(n, LEFT, sem_post(s));
    narrate_right(n, "a mutex has an owner, and this type of it checks");
    pthread_mutexattr_t type;
    pthread_mutex_t mutex;
    pthread_mutexattr_init(&type);
    narrate(n, LEFT, "pthread_mutexattr_settype(PTHREAD_MUTEX_ERRORCHECK)");
    pthread_mutexattr_settype(&type, PTHREAD_MUTEX_ERRORCHECK);
    TELL(n, LEFT, pthread_mutex_init(&mutex, &type));
    TELL(n, LEFT, pthread_mutex_lock(&mutex));
    TELL(n, LEFT, pthread_mutex_unlock(&mutex));
    TELL(n, LEFT, pthread_mutex_unlock(&mutex));
    pthread_mutex_destroy(&mutex);
    narrate_answer(n,
                   "Often 0, on Linux never less: whoever waits then sleeps. And anyone may post.");
    return EXIT_DONE;
}

static void look(sem_t *s, const char *remark)
{
    narrate(n, LEFT, "sem_getvalue(s) = 0   value %d%s", value_of(s), remark);
}

/* If the clock is set back meanwhile: a timer interrupts the call, which is then made anew. */
const struct timespec *at(struct narration *narration, uint64_t time)
{
    static struct timespec until;
    const uint64_t present = narration_time(narration), left = time > present ? time - present : 0;
    start_wakeup_timer();
    clock_gettime(CLOCK_REALTIME, &until);
    const uint64_t nanoseconds = (uint64_t)until.tv_nsec + left;
    until.tv_sec = left == 0 ? 0 : until.tv_sec + (time_t)(nanoseconds / SECOND);
    until.tv_nsec = (long)(nanoseconds % SECOND);
    return &until;
}
