/* SPDX-License-Identifier: MIT
 * ipc-shm demo: five fills of a segment, written by the parent and read by the child, in step.
 *
 * Usage: ipc-shm demo [--pace SECONDS | --step]
 *
 * ftok, shmget, shmat. Shared memory itself makes nobody wait: two semaphores in it do. Whoever
 * comes early sleeps: first the reader, then the writer; later nobody does. shmdt, and IPC_RMID.
 */
#include "shm.h"

#include "ipc/narration/lesson.h"

#include <semaphore.h>
#include <sys/shm.h>

enum { FILLS = 5, LETTERS = 1023, PAUSE_MS = 50 };

/* What both see: the text, and whose turn it is. */
static struct shared {
    sem_t written, read;
    char text[LETTERS + 1];
} * shared;

static struct narration *n;
static uint64_t began;

static void write_fills(void);
static _Noreturn void read_fills(void);
static void pause_until(int ms);
static void wait_for(enum column column, sem_t *semaphore, const char *name);

int shm_demo(const struct role *role, int argc, char **argv)
{
    struct shmid_ds attached;
    key_t key;
    n = begin_lesson(role, argc, argv, NULL, "parent (writes)", "child (reads)");
    const int id = new_segment(n, sizeof *shared, &key); /* ftok(), shmget() */
    shared = memory_or_fail(shmat(id, NULL, 0), "shmat", NULL);
    narrate(n, LEFT, "shmat(%d, NULL, 0) = p", id);
    narrate_text(n,
                 "shared memory makes nobody wait: two semaphores in it do; the pauses are staged");
    if (sem_init(&shared->written, 1, 0) == -1 || sem_init(&shared->read, 1, 0) == -1)
        fail("sem_init", NULL);
    narrate(n, LEFT, "sem_init(each of them, 1, 0)");

    began = narration_time(n);
    const pid_t child = narrate_fork(n, LEFT, ""); /* inherits what is attached */
    if (child == 0)
        read_fills();
    watch_children(); /* a killed child never posts */
    narrate_text(n, "with --step, from a second terminal: ipcs -m -i %d", id);
    or_fail(shmctl(id, IPC_STAT, &attached), "shmctl", "IPC_STAT");
    narrate(n, LEFT, "shmctl(IPC_STAT): shm_nattch %lu", (unsigned long)attached.shm_nattch);
    write_fills();
    const int status = narrate_wait(n, LEFT, child);
    narrate(n, LEFT, "shmdt(), shmctl(IPC_RMID)");
    shmdt(shared);
    or_fail(shmctl(id, IPC_RMID, NULL), "shmctl", "IPC_RMID");
    end_as_child(child, "child", status);
    return EXIT_DONE;
}

static void write_fills(void)
{
    for (int i = 0; i < FILLS; i++) {
        pause_until((2 * i + 1) * PAUSE_MS);
        memset(shared->text, 'A' + i, LETTERS);
        narrate(n, LEFT, "sem_post(&written)   %d x '%c'", LETTERS, 'A' + i);
        sem_post(&shared->written);
        if (i != 1) /* then the writer is early */
            pause_until((2 * i + 2) * PAUSE_MS);
        wait_for(LEFT, &shared->read, "read");
    }
}

static _Noreturn void read_fills(void)
{
    start_wakeup_timer(); /* for a signal that comes right before sem_wait() */
    for (int i = 0; i < FILLS; i++) {
        pause_until(i == 0 ? 0 : (4 * i + 3) * PAUSE_MS / 2);
        wait_for(RIGHT, &shared->written, "written");
        const size_t length = strspn(shared->text, (char[]){shared->text[0], '\0'});
        narrate(n, RIGHT, "sem_post(&read)   %zu x '%c'", length, shared->text[0]);
        sem_post(&shared->read);
    }
    _exit(EXIT_DONE);
}

/* Since the fork, for both: so a reader comes amid the pauses that a writer makes, but first. */
static void pause_until(int ms)
{
    const uint64_t time = narration_time(n), until = began + (uint64_t)ms * MILLISECOND;
    if (time < until)
        narration_pause(n, until - time);
}

/* A signal interrupts it if the other process dies: watch_children(), and SIGTERM in the child. */
static void wait_for(enum column column, sem_t *semaphore, const char *name)
{
    int result;
    narrate_call(n, column, "sem_wait(&%s)", name);
    do
        result = sem_wait(semaphore);
    while (result == -1 && interrupted());
    if (result == -1)
        fail("sem_wait", NULL);
    narrate_return(n, "it was 0", "0");
}
