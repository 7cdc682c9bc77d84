/* SPDX-License-Identifier: MIT
 * Files locked by their living owners: two processes that make and remove the same file never both
 * hold it, a file that was replaced is no longer the one that was opened, and a sweep takes those
 * of the dead alone.
 */
#include "ipc/rendezvous/private_files.h"
#include "folder.h"
#include "ipc/common/clock.h"
#include "ipc/common/error.h"
#include "ipc/common/platform.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TURNS = 3000, RACERS = 2 };

static char path[PATH_SIZE];

static struct shared {
    atomic_int inside; /* how many hold the file */
    atomic_int ready;
} * shared;

static void race(void)
{
    atomic_fetch_add(&shared->ready, 1);
    while (atomic_load(&shared->ready) < RACERS)
        ;
    for (int turn = 0; turn < TURNS; turn++) {
        const int file = take_lock_file(path, O_CREAT, "is not ours", now() + 60 * SECOND);
        check(file != -1);
        check(atomic_fetch_add(&shared->inside, 1) == 0);
        check(is_same_file(file, path));
        atomic_fetch_sub(&shared->inside, 1);
        check(unlink(path) == 0); /* with the lock held */
        check(close(file) == 0);
    }
}

static int end_of(pid_t child)
{
    int status = 0;
    check(waitpid(child, &status, 0) == child);
    return status;
}

static void two_race(void)
{
    pid_t racers[RACERS];
    for (int i = 0; i < RACERS; i++) {
        racers[i] = fork();
        check(racers[i] != -1);
        if (racers[i] == 0) {
            race();
            _exit(0);
        }
    }
    for (int i = 0; i < RACERS; i++)
        check(end_of(racers[i]) == 0);
    check(access(path, F_OK) == -1 && errno == ENOENT);
}

/* A child that makes the file and holds it until it is killed. */
static pid_t start_holder(const char *name)
{
    int ready[2];
    char byte;
    check(pipe(ready) == 0);
    const pid_t child = fork();
    check(child != -1);
    if (child == 0) {
        signal_when_parent_ends(SIGKILL); /* by a check that failed */
        alarm(60);
        take_lock_file(name, O_CREAT, "is not ours", now());
        check(write(ready[1], "", 1) == 1);
        for (;;)
            pause();
    }
    check(read(ready[0], &byte, 1) == 1);
    close(ready[0]);
    close(ready[1]);
    return child;
}

/* The holder's lock is seen, and a wait for it ends; replaced, the file is another one. */
static void hold_and_replace(void)
{
    check(take_lock_file(path, 0, "is not ours", now()) == -1 && errno == ENOENT);
    const pid_t holder = start_holder(path);
    const int file = open_lock_file(path, 0, NULL);
    check(file != -1 && is_same_file(file, path));
    check(!set_lock(file, F_WRLCK, FILE_LOCK) && is_locked_by_another(file, FILE_LOCK));
    check(set_lock(file, F_WRLCK, FILE_LOCK + 1)); /* each byte has a lock of its own */

    const pid_t waiter = fork();
    check(waiter != -1);
    if (waiter == 0) {
        close(STDERR_FILENO);
        take_lock_file(path, 0, "is not ours", now() + 10 * MILLISECOND);
        _exit(0);
    }
    const int status = end_of(waiter);
    check(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_PEER);

    check(unlink(path) == 0 && !is_same_file(file, path));
    const int other = open_lock_file(path, O_CREAT | O_EXCL, NULL);
    check(other != -1 && is_same_file(other, path) && !is_same_file(file, path));
    check(open_lock_file(path, O_CREAT | O_EXCL, "is not ours") == -1 && errno == EEXIST);
    check(kill(holder, SIGKILL) == 0);
    siginfo_t ended; /* its lock is gone before its parent has reaped it */
    check(waitid(P_PID, (id_t)holder, &ended, WEXITED | WNOWAIT) == 0);
    check(set_lock(file, F_WRLCK, FILE_LOCK) && !is_locked_by_another(file, FILE_LOCK));
    end_of(holder);
    close(file);
    close(other);
    check(unlink(path) == 0);
}

static int swept;

static void remove_and_count(int file, const char *name)
{
    check(unlink(name) == 0 && close(file) == 0);
    swept++;
}

/* Of a living process, a dead one, a link and a FIFO, the dead one's file alone is swept. */
static void sweep(void)
{
    char living[PATH_SIZE], dead[PATH_SIZE], link[PATH_SIZE], fifo[PATH_SIZE];
    const pid_t holder = start_holder(object_path(living, "test", "living", "lock"));
    const pid_t killed = start_holder(object_path(dead, "test", "dead", "lock"));
    check(symlink("/nowhere", object_path(link, "test", "link", "lock")) == 0);
    check(mkfifo(object_path(fifo, "test", "fifo", "lock"), 0600) == 0);
    check(kill(killed, SIGKILL) == 0);
    end_of(killed);
    sweep_lock_files("other-*.lock", remove_and_count);
    sweep_lock_files("test-*.other", remove_and_count);
    check(swept == 0);
    sweep_lock_files("test-*.lock", remove_and_count);
    check(swept == 1 && access(dead, F_OK) == -1 && access(living, F_OK) == 0);
    check(kill(holder, SIGKILL) == 0);
    end_of(holder);
    check(unlink(living) == 0 && unlink(link) == 0 && unlink(fifo) == 0);
}

int main(void)
{
    program_name = "test";
    make_folder();
    object_path(path, "test", "race", "lock");
    shared = memory_for_all(sizeof *shared);
    two_race();
    hold_and_replace();
    sweep();
    check(rmdir(folder) == 0);
    return 0;
}
