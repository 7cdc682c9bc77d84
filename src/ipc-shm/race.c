/* SPDX-License-Identifier: MIT
 * ipc-shm race: two processes and one text, without an agreement and with one.
 *
 * Usage: ipc-shm race [--pace SECONDS | --step]
 *
 * The writer fills the text with one letter after the other, the reader copies it, and may see
 * parts of two fills: a torn text. That is rare, since each takes a moment only; a pause amid each
 * write makes it common. With a mutex that both lock it never happens.
 */
#include "shm.h"

#include "ipc/narration/lesson.h"

#include <pthread.h>
#include <stdatomic.h>

enum { AS_WRITTEN, WITH_PAUSE, LOCKED, ENDED, LETTERS = 20, READS = 500 };
#define PAUSE (100 * MICROSECOND)

static struct shared {
    pthread_mutex_t mutex;
    atomic_int way; /* of writing, as the reader wants it */
    atomic_long writes;
    _Atomic char text[LETTERS]; /* each letter is whole, and yet the text is torn */
} * shared;

static struct narration *n;

static long count_torn(int way);
static void make_mutex(void);
static _Noreturn void write_letters(void);
static void lock(void);

int shm_race(const struct role *role, int argc, char **argv)
{
    n = begin_lesson(role, argc, argv,
                     "One process writes shared memory while another reads it. What is read?",
                     "reader", "writer (child)");
    shared = shared_memory(sizeof *shared);
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0)
        write_letters();
    watch_children();
    narrate_mistake(n, "no agreement on whose turn it is; both come every 100 us or so");
    const long as_written = count_torn(AS_WRITTEN);
    narrate_text(n, as_written == 0
                        ? "It passes every test until the day it counts. The same, with a pause:"
                        : "Rare, but it happens. The same, with a pause:");
    const long with_pause = count_torn(WITH_PAUSE);
    narrate_right(n, "a mutex in the shared memory, which both lock; the pause stays");
    make_mutex();
    const long agreed = count_torn(LOCKED);
    atomic_store(&shared->way, ENDED);
    end_as_child(child, "child", narrate_wait(n, LEFT, child));
    if (agreed != 0)
        fail_that(EXIT_FAILED, "%ld reads were torn in spite of the mutex", agreed);
    narrate_answer(n, "Parts of two writes: %ld of %d reads, %ld with a pause, 0 with a mutex.",
                   as_written, READS, with_pause);
    return EXIT_DONE;
}

static long count_torn(int way)
{
    char seen[LETTERS], example[LETTERS];
    long reads = 0, torn = 0;
    atomic_store(&shared->way, way);
    const long before = atomic_load(&shared->writes);
    uint64_t until = narration_time(n) + SECOND;
    while (atomic_load(&shared->writes) <= before + 1 && narration_time(n) < until)
        sleep_for(PAUSE); /* the writer has turned to this way */
    until = narration_time(n) + SECOND;
    for (; reads < READS && narration_time(n) < until; reads++) {
        end_if_signalled();
        sleep_for(PAUSE); /* as if there was more to do */
        if (way == LOCKED)
            lock();
        for (int at = 0; at < LETTERS; at++)
            seen[at] = atomic_load_explicit(&shared->text[at], memory_order_relaxed);
        if (way == LOCKED)
            pthread_mutex_unlock(&shared->mutex);
        if (memcmp(seen, seen + 1, LETTERS - 1) == 0)
            continue;
        torn++;
        memcpy(example, seen, LETTERS);
    }
    if (way == LOCKED)
        narrate(n, LEFT, "%ld times pthread_mutex_lock(), pthread_mutex_unlock()", reads);
    narrate(n, LEFT, "%ld reads, %ld torn", reads, torn);
    if (torn > 0)
        narrate(n, LEFT, "  such as \"%.*s\"", LETTERS, example);
    return torn;
}

static void make_mutex(void)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    narrate(n, LEFT, "pthread_mutexattr_setpshared(PTHREAD_PROCESS_SHARED)");
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    narrate(n, LEFT, "pthread_mutexattr_setrobust(PTHREAD_MUTEX_ROBUST)");
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    narrate(n, LEFT, "pthread_mutex_init(&mutex, &a)");
    errno = pthread_mutex_init(&shared->mutex, &attributes);
    if (errno != 0)
        fail("pthread_mutex_init", NULL);
}

static _Noreturn void write_letters(void)
{
    static const char *const words[ENDED] = {
        "20 letters, then nanosleep(100 us)", "10 letters, nanosleep(100 us), 10 more",
        "pthread_mutex_lock(), the same, pthread_mutex_unlock()"};
    int way, told = ENDED;
    for (int i = 0; (way = atomic_load(&shared->way)) != ENDED && !parent_died(); i++) {
        end_if_signalled(); /* a signal may come while it does not sleep */
        if (told != way)
            narrate(n, RIGHT, "%s", words[told = way]);
        if (way == LOCKED)
            lock();
        for (int at = 0; at < LETTERS; at++) {
            if (way != AS_WRITTEN && at == LETTERS / 2)
                sleep_for(PAUSE);
            atomic_store_explicit(&shared->text[at], (char)('A' + i % 26), memory_order_relaxed);
        }
        if (way == LOCKED)
            pthread_mutex_unlock(&shared->mutex);
        atomic_fetch_add(&shared->writes, 1);
        sleep_for(PAUSE);
    }
    _exit(EXIT_DONE);
}

static void lock(void)
{
    errno = pthread_mutex_lock(&shared->mutex);
    if (errno == EOWNERDEAD) /* the writer was killed while it held the robust mutex */
        errno = pthread_mutex_consistent(&shared->mutex);
    if (errno != 0)
        fail("pthread_mutex_lock", NULL);
}
