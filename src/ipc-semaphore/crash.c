/*
 * ipc-semaphore crash: the holder of a lock is killed. Is the lock ever free again?
 *
 * Usage: ipc-semaphore crash [--pace SECONDS]
 *
 * A POSIX semaphore stays taken. The kernel undoes what a process did to a System V semaphore with
 * SEM_UNDO. The next process that locks a robust mutex gets it, and is told.
 */
#include "semaphore.h"

#include "ipc/narration/lesson.h"
#include "ipc/rendezvous/objects.h"

#include <pthread.h>
#include <signal.h>
#include <sys/sem.h>

static bool posix_recovers(struct narration *n);
static _Noreturn void hold(struct narration *n, const struct gate *taken, const char *call);
static void kill_holder(struct narration *n, struct gate *taken, pid_t child);
static bool undo_recovers(struct narration *n);
static bool robust_recovers(struct narration *n);

int semaphore_crash(const struct role *role, int argc, char **argv)
{
    struct narration *n =
        begin_lesson(role, argc, argv, "Who holds the lock is killed. Is it ever free again?",
                     "parent", "holder (child)");
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

static bool posix_recovers(struct narration *n)
{
    sem_t *semaphore = shared_memory(sizeof *semaphore);
    if (semaphore == NULL || sem_init(semaphore, 1, 1) == -1)
        fail("sem_init", NULL);
    struct gate taken = new_gate();
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        or_fail(sem_wait(semaphore), "sem_wait", NULL);
        hold(n, &taken, "sem_wait()");
    }
    kill_holder(n, &taken, child);
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
    return result == 0;
}

static _Noreturn void hold(struct narration *n, const struct gate *taken, const char *call)
{
    narrate(n, RIGHT, "%s = 0", call);
    open_gate(taken, 1);
    pause();
    _exit(EXIT_DONE);
}

static void kill_holder(struct narration *n, struct gate *taken, pid_t child)
{
    char words[STATUS_WORDS_SIZE];
    if (!pass_gate(taken))
        reap_successful(child, "child"); /* it did not succeed: this ends us */
    close_gate(taken);
    narrate(n, LEFT, "kill(%ld, SIGKILL)", (long)child);
    kill(child, SIGKILL);
    narrate(n, LEFT, "waitpid(): %s", status_in_words(reap_child(child), words));
}

static bool undo_recovers(struct narration *n)
{
    const int set = or_fail(semget(IPC_PRIVATE, 1, IPC_CREAT | 0600), "semget", "IPC_PRIVATE");
    const size_t handle = note_object(SYSV_SET, "", set);
    if (semctl(set, 0, SETVAL, (union semun){.val = 1}) == -1)
        fail("semctl SETVAL", NULL);
    struct gate taken = new_gate();
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        if (semop(set, &(struct sembuf){.sem_op = -1, .sem_flg = SEM_UNDO}, 1) == -1)
            fail("semop", NULL);
        hold(n, &taken, "semop(-1, SEM_UNDO)");
    }
    kill_holder(n, &taken, child);
    const int value = semctl(set, 0, GETVAL);
    narrate(n, LEFT, "semctl(GETVAL) = %d   given back", value);
    remove_object(handle);
    return value == 1;
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
    struct gate taken = new_gate();
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        errno = pthread_mutex_lock(mutex);
        if (errno != 0)
            fail("pthread_mutex_lock", NULL);
        hold(n, &taken, "pthread_mutex_lock()");
    }
    kill_holder(n, &taken, child);
    const int error = pthread_mutex_lock(mutex);
    narrate(n, LEFT, "pthread_mutex_lock():\n%s",
            error == EOWNERDEAD ? "EOWNERDEAD, and it is ours" : strerror(error));
    if (error == EOWNERDEAD)
        narrate(n, LEFT, "mends what it guards, then\npthread_mutex_consistent() = %d",
                pthread_mutex_consistent(mutex));
    pthread_mutex_unlock(mutex);
    return error == EOWNERDEAD;
}
