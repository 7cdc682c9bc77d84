/* SPDX-License-Identifier: MIT
 * ipc-shm persist: a segment outlives its maker, with what is in it, until it is removed.
 *
 * Usage: ipc-shm persist [--pace SECONDS | --step]
 */
#include "shm.h"

#include "ipc/narration/lesson.h"

#include <sys/shm.h>

static struct narration *n;

static _Noreturn void make_segment(key_t key);
static void narrate_status(int id);

int shm_persist(const struct role *role, int argc, char **argv)
{
    n = begin_lesson(role, argc, argv,
                     "The process that made a segment has ended. Where is what it wrote?", "parent",
                     "maker (child)");
    key_t key;
    const size_t handle =
        note_key(SYSV_SEGMENT, &key); /* if we are killed, the next one removes it */
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0)
        make_segment(key);
    end_as_child(child, "child", narrate_wait(n, LEFT, child));
    const int id = or_fail(shmget(key, 0, 0), "shmget", NULL);
    narrate(n, LEFT, "shmget(KEY, 0, 0) = %d", id);
    narrate_status(id);
    char *memory = memory_or_fail(shmat(id, NULL, 0), "shmat", NULL);
    narrate(n, LEFT, "shmat(%d, NULL, 0) = memory\nin it: \"%s\"", id, memory);
    shmdt(memory);
    narrate(n, LEFT, "shmdt()");
    narrate_mistake(n, "ending here. Nobody is attached, and it stays: ipcs -m shows it");
    narrate_right(n, "whoever knows that all are done removes it");
    narrate(n, LEFT, "shmctl(%d, IPC_RMID)", id);
    or_fail(shmctl(id, IPC_RMID, NULL), "shmctl", "IPC_RMID");
    forget_object(handle);
    narrate_status(id);
    narrate_answer(n, "In the kernel, with nobody attached, until IPC_RMID or the system stops.");
    return EXIT_DONE;
}

static _Noreturn void make_segment(key_t key)
{
    const int id = shmget(key, 4096, IPC_CREAT | IPC_EXCL | 0600);
    if (id == -1)
        fail_shmget(NULL, 4096);
    narrate(n, RIGHT, "shmget(KEY, 4096, IPC_CREAT|IPC_EXCL|0600) = %d", id);
    char *memory = memory_or_fail(shmat(id, NULL, 0), "shmat", NULL);
    narrate(n, RIGHT, "shmat(%d, NULL, 0) = memory\nputs \"still here\"", id);
    memcpy(memory, "still here", sizeof "still here");
    narrate(n, RIGHT, "_exit(0)   detaches, removes nothing");
    _exit(EXIT_DONE);
}

static void narrate_status(int id)
{
    struct shmid_ds status;
    if (shmctl(id, IPC_STAT, &status) == 0)
        narrate(n, LEFT, "shmctl(IPC_STAT)\nshm_cpid %ld, shm_nattch %lu", (long)status.shm_cpid,
                (unsigned long)status.shm_nattch);
    else
        narrate(n, LEFT, "shmctl(%d, IPC_STAT)\n= -1  %s   gone", id,
                errno == EINVAL ? "EINVAL" : "EIDRM");
}
