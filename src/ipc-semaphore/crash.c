/* SPDX-License-Identifier: MIT
 * ipc-semaphore crash: the holder of a lock is killed. Is the lock ever free again?
 *
 * Usage: ipc-semaphore crash [--pace SECONDS | --step]
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
static _Noreturn void hold(const struct gate *taken);
static void kill_holder(struct narration *n, struct gate *taken, pid_t child);
static bool undo_recovers(struct narration *n);
static bool robust_recovers(struct narration *n);

int semaphore_crash(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(
        role, argc, argv, "The process that holds a lock is killed. Is the lock ever free again?",
        "parent", "holder (child)");
    narrate_mistake(n, "a POSIX semaphore as a lock");
    const bool posix = posix_recovers(n);
    narrate_right(n, "a System V semaphore with SEM_UNDO");
    const bool undo = undo_recovers(n);
    narrate_right(n, "a robust mutex, which also says that it happened");
    const bool robust = robust_recovers(n);
    if (posix || !undo)
        fail_that(EXIT_FAILED, "this system does otherwise");
    narrate_answer(n, "POSIX semaphore: no. SEM_UNDO: yes. Robust mutex: %s.",
                   robust ? "yes, and it says so" : "not on this system");
    return EXIT_DONE;
}

static bool posix_recovers(struct narration *n)
{
    sem_t *s = shared_memory(sizeof *s);
    TELL(n, LEFT, sem_init(s, 1, 1));
    struct gate taken = new_gate();
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        TELL(n, RIGHT, sem_wait(s));
        hold(&taken);
    }
    kill_holder(n, &taken, child);
    const uint64_t end = narration_time(n) + 200 * MILLISECOND;
    WAIT(n, LEFT, "no post", sem_timedwait(s, at(n, end)));
    return value_of(s) != 0;
}

static _Noreturn void hold(const struct gate *taken)
{
    for (open_gate(taken, 1);; end_if_signalled())
        pause();
}

static void kill_holder(struct narration *n, struct gate *taken, pid_t child)
{
    if (!pass_gate(taken))
        reap_successful(child, "child"); /* it did not succeed: this ends us */
    close_gate(taken);
    SEND(n, LEFT, kill(child, SIGKILL));
    reap_child(child);
}

static bool undo_recovers(struct narration *n)
{
    key_t key;
    const size_t handle = note_key(SYSV_SET, &key);
    const int set = or_fail(semget(key, 1, IPC_CREAT | IPC_EXCL | 0600), "semget", NULL);
    narrate(n, LEFT, "semget(KEY, 1, IPC_CREAT|IPC_EXCL|0600)");
    or_fail(semctl(set, 0, SETVAL, (union semun){.val = 1}), "semctl", NULL);
    narrate(n, LEFT, "semctl(set, 0, SETVAL, 1) = 0");
    struct gate taken = new_gate();
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        or_fail(semop(set, &(struct sembuf){.sem_op = -1, .sem_flg = SEM_UNDO}, 1), "semop", NULL);
        narrate(n, RIGHT, "semop(set, {0, -1, SEM_UNDO}) = 0");
        hold(&taken);
    }
    kill_holder(n, &taken, child);
    const int value = semctl(set, 0, GETVAL);
    narrate(n, LEFT, "semctl(set, 0, GETVAL) = %d", value);
    remove_object(handle);
    return value == 1;
}

static bool robust_recovers(struct narration *n)
{
    pthread_mutexattr_t a;
    pthread_mutex_t *m = shared_memory(sizeof *m);
    pthread_mutexattr_init(&a);
    narrate(n, LEFT, "pthread_mutexattr_setpshared(PTHREAD_PROCESS_SHARED)");
    pthread_mutexattr_setpshared(&a, PTHREAD_PROCESS_SHARED);
    narrate(n, LEFT, "pthread_mutexattr_setrobust(PTHREAD_MUTEX_ROBUST)");
    pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
    TELL(n, LEFT, pthread_mutex_init(m, &a));
    struct gate taken = new_gate();
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        TELL(n, RIGHT, pthread_mutex_lock(m));
        hold(&taken);
    }
    kill_holder(n, &taken, child);
    /* the holder is reaped: if it still has the lock, pthread_mutex_lock() would sleep for ever */
    if (TELL(n, LEFT, pthread_mutex_trylock(m)) != EOWNERDEAD)
        return false;
    TELL(n, LEFT, pthread_mutex_consistent(m));
    pthread_mutex_unlock(m);
    return true;
}
