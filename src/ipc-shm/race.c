/*
 * ipc-shm race: two processes and one text, without an agreement and with one.
 *
 * Usage: ipc-shm race [--pace SECONDS]
 *
 * The writer fills the text with one letter after the other, the reader copies it. Without an
 * agreement the reader sees parts of two fills: a torn text. With a mutex that both processes lock,
 * it never does.
 */
#include "shm.h"

#include "ipc/narration/lesson.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/mman.h>

enum { LETTERS = 48, READS = 20000, WRITES = 1000 };

struct shared {
    pthread_mutex_t mutex;
    atomic_bool stop;
    atomic_long writes;
    _Atomic char text[LETTERS]; /* each letter is whole, and yet the text is torn */
};

struct count {
    long reads, torn;
};

static struct narration *n;

static struct count count_torn(bool agreed);
static struct shared *new_text(void);
static _Noreturn void write_letters(struct shared *shared, bool agreed);
static void lock(struct shared *shared, bool agreed);

int shm_race(const struct role *role, int argc, char **argv)
{
    n = begin_lesson(role, argc, argv,
                     "One process writes shared memory while another reads it. What is read?",
                     "reader", NULL);
    narrate_text(n, "-> the mistake: no agreement on whose turn it is");
    const struct count careless = count_torn(false);
    narrate_text(n, "-> right: a mutex, PTHREAD_PROCESS_SHARED, in the shared memory");
    const struct count agreed = count_torn(true);
    if (agreed.torn != 0)
        fail_that(EXIT_FAILED, "%ld reads were torn in spite of the mutex", agreed.torn);
    narrate_text(n, "Parts of two writes in %ld of %ld reads; with a mutex in %ld of %ld.",
                 careless.torn, careless.reads, agreed.torn, agreed.reads);
    return EXIT_DONE;
}

/*
 * Reads while the other process writes, until both have done so often enough, and, if nothing is
 * agreed on, until a read was torn; for at most a second.
 */
static struct count count_torn(bool agreed)
{
    struct shared *shared = new_text();
    const pid_t writer = start_child();
    if (writer == 0)
        write_letters(shared, agreed);

    watch_children();
    struct count count = {0};
    char seen[LETTERS], example[LETTERS];
    const uint64_t began = now();
    while (atomic_load(&shared->writes) == 0 && now() - began < SECOND) {
        sched_yield(); /* reads say nothing before the writer has begun */
        end_if_signalled();
    }
    while ((count.reads < READS || atomic_load(&shared->writes) < WRITES ||
            (!agreed && count.torn == 0)) &&
           now() - began < SECOND) {
        lock(shared, agreed);
        for (int at = 0; at < LETTERS; at++)
            seen[at] = atomic_load_explicit(&shared->text[at], memory_order_relaxed);
        if (agreed)
            pthread_mutex_unlock(&shared->mutex);
        count.reads++;
        if (count.reads % 16 == 0)
            sched_yield(); /* otherwise the process that has the mutex takes it again and again */
        if (memcmp(seen, seen + 1, LETTERS - 1) == 0)
            continue;
        count.torn++;
        memcpy(example, seen, LETTERS);
    }
    atomic_store(&shared->stop, true);
    reap_successful(writer, "writer");
    narrate(n, LEFT, "%ld writes, %ld reads, %ld of them torn", atomic_load(&shared->writes),
            count.reads, count.torn);
    munmap(shared, sizeof *shared);
    if (count.torn > 0)
        narrate(n, LEFT, "  such as \"%.*s\"", LETTERS, example);
    return count;
}

static struct shared *new_text(void)
{
    pthread_mutexattr_t attributes;
    struct shared *shared = shared_memory(sizeof *shared);
    if (shared == NULL)
        fail("mmap", NULL);
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    errno = pthread_mutex_init(&shared->mutex, &attributes);
    if (errno != 0)
        fail("pthread_mutex_init", NULL);
    for (int at = 0; at < LETTERS; at++)
        shared->text[at] = 'A';
    return shared;
}

static _Noreturn void write_letters(struct shared *shared, bool agreed)
{
    for (int i = 0; !atomic_load(&shared->stop) && !parent_died(); i++) {
        const char letter = (char)('A' + i % 26);
        lock(shared, agreed);
        for (int at = 0; at < LETTERS; at++) {
            atomic_store_explicit(&shared->text[at], letter, memory_order_relaxed);
            if (at == LETTERS / 2)
                sched_yield(); /* where it hurts */
        }
        if (agreed)
            pthread_mutex_unlock(&shared->mutex);
        atomic_fetch_add(&shared->writes, 1);
    }
    _exit(EXIT_DONE);
}

static void lock(struct shared *shared, bool agreed)
{
    errno = agreed ? pthread_mutex_lock(&shared->mutex) : 0;
    if (errno == EOWNERDEAD) /* the writer was killed while it held the robust mutex */
        errno = pthread_mutex_consistent(&shared->mutex);
    if (errno != 0)
        fail("pthread_mutex_lock", NULL);
}
