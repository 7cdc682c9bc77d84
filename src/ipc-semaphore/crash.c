/*
 * ipc-semaphore crash: who holds the lock is killed. Is it ever free again?
 */
#include "semaphore.h"

#include "ipc/narration/lesson.h"

#include "ipc/common/children.h"
#include "ipc/common/clock.h"
#include "ipc/common/platform.h"
#include "ipc/rendezvous/undo_log.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <unistd.h>

static int told[2];

/* Starts the child that takes the lock, and kills it when it has it. */
static void kill_holder(struct narration *n, void (*take)(void *), void *lock, const char *call)
{
    char word, words[STATUS_WORDS_SIZE];
    if (pipe(told) == -1)
        fail("pipe", NULL);
    const pid_t child = narrate_fork(n, LEFT);
    if (child == 0) {
        take(lock);
        narrate(n, RIGHT, "%s = 0", call);
        if (write_full(told[1], "t", 1))
            pause();
        _exit(EXIT_DONE);
    }
    close(told[1]); /* else nothing would end the read, should the child be killed by another */
    if (read_full(told[0], &word, 1) != 1)
        fail_that(EXIT_PEER, "the child (pid %ld) died", (long)child);
    narrate(n, LEFT, "kill(%ld, SIGKILL)", (long)child);
    kill(child, SIGKILL);
    narrate(n, LEFT, "waitpid(): %s", status_in_words(reap_child(child), words));
    close(told[0]);
}

static void take_semaphore(void *lock)
{
    while (sem_wait(lock) == -1)
        if (!interrupted())
            fail("sem_wait", NULL);
}

static bool posix_recovers(struct narration *n)
{
    sem_t *semaphore = shared_memory(sizeof *semaphore);
    if (semaphore == NULL || sem_init(semaphore, 1, 1) == -1)
        fail("sem_init", NULL);
    kill_holder(n, take_semaphore, semaphore, "sem_wait()");
    const struct timespec until = real_time_in(200 * MILLISECOND);
    const uint64_t began = now();
    int result;
    do
        result = sem_timedwait(semaphore, &until);
    while (result == -1 && interrupted());
    narrate_waited(n, LEFT, began, "nobody will post", "sem_timedwait() = %s",
                   result == 0          ? "0"
                   : errno == ETIMEDOUT ? "ETIMEDOUT"
                                        : strerror(errno));
    narrate(n, LEFT, "value %d   for ever", value_of(semaphore));
    munmap(semaphore, sizeof *semaphore);
    return result == 0;
}

static void take_with_undo(void *lock)
{
    struct sembuf change = {.sem_op = -1, .sem_flg = SEM_UNDO};
    while (semop(*(int *)lock, &change, 1) == -1)
        if (!interrupted())
            fail("semop", NULL);
}

static bool undo_recovers(struct narration *n)
{
    int set = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
    if (set == -1)
        fail("semget", "IPC_PRIVATE");
    const size_t handle = note_object(SYSV_SET, "", set);
    if (semctl(set, 0, SETVAL, (union semun){.val = 1}) == -1)
        fail("semctl SETVAL", NULL);
    kill_holder(n, take_with_undo, &set, "semop(-1, SEM_UNDO)");
    const int value = semctl(set, 0, GETVAL);
    narrate(n, LEFT, "semctl(GETVAL) = %d   given back", value);
    remove_object(handle);
    return value == 1;
}

static void take_mutex(void *lock)
{
    errno = pthread_mutex_lock(lock);
    if (errno != 0)
        fail("pthread_mutex_lock", NULL);
}

static bool robust_recovers(struct narration *n)
{
    pthread_mutexattr_t attributes;
    pthread_mutex_t *mutex = shared_memory(sizeof *mutex);
    if (mutex == NULL)
        fail("mmap", NULL);
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    errno = pthread_mutex_init(mutex, &attributes);
    if (errno != 0)
        fail("pthread_mutex_init", NULL);
    kill_holder(n, take_mutex, mutex, "pthread_mutex_lock()");
    const int error = pthread_mutex_lock(mutex);
    narrate(n, LEFT, "pthread_mutex_lock():\n%s",
            error == EOWNERDEAD ? "EOWNERDEAD, and it is ours" : strerror(error));
    if (error == EOWNERDEAD)
        narrate(n, LEFT, "mends what it guards, then\npthread_mutex_consistent() = %d",
                pthread_mutex_consistent(mutex));
    pthread_mutex_unlock(mutex);
    munmap(mutex, sizeof *mutex);
    return error == EOWNERDEAD;
}

int semaphore_crash(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    print_text("Who holds the lock is killed. Is it ever free again?");
    struct narration *n = narration_open(STDOUT_FILENO, "parent", "holder (child)", pace);
    narrate_text(n, "-> the mistake: a POSIX semaphore as a lock");
    const bool posix = posix_recovers(n);
    narrate_text(n, "-> right: a System V semaphore with SEM_UNDO");
    const bool undo = undo_recovers(n);
    narrate_text(n, "-> right: a robust mutex, which also says that it happened");
    const bool robust = robust_recovers(n);
    if (posix || !undo || !robust)
        fail_that(EXIT_FAILED, "this system does otherwise");
    narrate_text(n, "POSIX semaphore: no. SEM_UNDO: yes. Robust mutex: yes, and it says so.");
    return EXIT_DONE;
}
