/*
 * ipc-shm persist: a segment outlives its maker, with what is in it, until it is removed.
 *
 * Usage: ipc-shm persist [--pace SECONDS]
 */
#include "shm.h"

#include "ipc/narration/lesson.h"
#include "ipc/rendezvous/objects.h"

#include <sys/shm.h>

static struct narration *n;

static _Noreturn void make_segment(int *id, struct gate *made);
static void narrate_status(int id);

int shm_persist(const struct role *role, int argc, char **argv)
{
    n = begin_lesson(role, argc, argv, "Who made a segment has ended. Where is what it wrote?",
                     "parent", "maker (child)");
    struct gate made = new_gate();
    int *told = shared_memory(sizeof *told);
    if (told == NULL)
        fail("mmap", NULL);
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0)
        make_segment(told, &made);
    if (!pass_gate(&made)) {
        reap_successful(child, "child");
        fail_that(EXIT_FAILED, "the child told no id");
    }
    const int id = *told;
    const size_t handle = note_object(SYSV_SEGMENT, "", id);
    reap_successful(child, "child");
    narrate(n, LEFT, "waitpid(%ld): the maker is gone", (long)child);
    narrate_status(id);
    char *memory = memory_or_fail(shmat(id, NULL, 0), "shmat", NULL);
    narrate(n, LEFT, "shmat(%d): \"%s\"", id, memory);
    const bool survived = strcmp(memory, "still here") == 0;
    shmdt(memory);
    narrate_text(n, "-> the mistake: to end here. Nobody uses it, and it stays: see ipcs -m");
    narrate_status(id);
    narrate_text(n, "-> right: who knows that all are done removes it");
    narrate(n, LEFT, "shmctl(%d, IPC_RMID)", id);
    remove_object(handle);
    narrate_status(id);
    if (!survived)
        fail_that(EXIT_FAILED, "the text did not survive");
    narrate_text(n, "In the kernel, until IPC_RMID (or shm_unlink), or until the system stops.");
    return EXIT_DONE;
}

static _Noreturn void make_segment(int *id, struct gate *made)
{
    *id = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
    if (*id == -1)
        fail_shmget("IPC_PRIVATE", 4096);
    const size_t noted = note_object(SYSV_SEGMENT, "", *id); /* until the parent knows of it */
    char *memory = memory_or_fail(shmat(*id, NULL, 0), "shmat", NULL);
    open_gate(made, 1);
    forget_object(noted);
    narrate(n, RIGHT, "shmget() = %d, shmat()", *id);
    narrate(n, RIGHT, "writes \"still here\"");
    memcpy(memory, "still here", sizeof "still here");
    narrate(n, RIGHT, "_exit(0)   detaches, removes nothing");
    _exit(EXIT_DONE);
}

static void narrate_status(int id)
{
    struct shmid_ds status;
    if (shmctl(id, IPC_STAT, &status) == -1) {
        narrate(n, LEFT, "shmctl(IPC_STAT) = -1   gone");
        return;
    }
    narrate(n, LEFT, "shm_cpid %ld, nattch %lu", (long)status.shm_cpid,
            (unsigned long)status.shm_nattch);
}
