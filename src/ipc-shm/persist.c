/*
 * ipc-shm persist: a segment outlives its maker, with what is in it, until it is removed.
 */
#include "shm.h"

#include "ipc/narration/lesson.h"

#include "ipc/common/children.h"
#include "ipc/rendezvous/undo_log.h"

#include <string.h>
#include <sys/shm.h>
#include <unistd.h>

static void tell_status(struct narration *n, int id)
{
    struct shmid_ds status;
    if (shmctl(id, IPC_STAT, &status) == -1) {
        narrate(n, LEFT, "shmctl(IPC_STAT) = -1   gone");
        return;
    }
    narrate(n, LEFT, "shm_cpid %ld, nattch %lu", (long)status.shm_cpid,
            (unsigned long)status.shm_nattch);
}

int shm_persist(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    int told[2], id = -1;
    if (pipe(told) == -1)
        fail("pipe", NULL);
    print_text("Who made a segment has ended. Where is what it wrote?");
    struct narration *n = narration_open(STDOUT_FILENO, "parent", "maker (child)", pace);
    const pid_t child = narrate_fork(n, LEFT);
    if (child == 0) {
        id = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
        char *memory = id == -1 ? NULL : shmat(id, NULL, 0);
        if (id == -1)
            fail_shmget("IPC_PRIVATE", 4096);
        const size_t made = note_object(SYSV_SEGMENT, "", id); /* until the parent knows of it */
        if (memory == (void *)-1)
            fail("shmat", NULL);
        if (!write_full(told[1], &id, sizeof id))
            fail("write", "pipe");
        forget_object(made);
        narrate(n, RIGHT, "shmget() = %d, shmat()", id);
        narrate(n, RIGHT, "writes \"still here\"");
        memcpy(memory, "still here", sizeof "still here");
        narrate(n, RIGHT, "_exit(0)   detaches, removes nothing");
        _exit(EXIT_DONE);
    }
    close(told[1]); /* else there would be no end of file if the child died */
    if (read_full(told[0], &id, sizeof id) != sizeof id) {
        reap_successful(child, "child");
        fail_that(EXIT_FAILED, "the child told no id");
    }
    const size_t handle = note_object(SYSV_SEGMENT, "", id);
    reap_successful(child, "child");
    narrate(n, LEFT, "waitpid(%ld): the maker is gone", (long)child);
    tell_status(n, id);
    char *memory = shmat(id, NULL, 0);
    if (memory == (void *)-1)
        fail("shmat", NULL);
    narrate(n, LEFT, "shmat(%d): \"%s\"", id, memory);
    const bool survived = strcmp(memory, "still here") == 0;
    shmdt(memory);
    narrate_text(n, "-> the mistake: to end here. Nobody uses it, and it stays: see ipcs -m");
    tell_status(n, id);
    narrate_text(n, "-> right: who knows that all are done removes it");
    narrate(n, LEFT, "shmctl(%d, IPC_RMID)", id);
    remove_object(handle);
    tell_status(n, id);
    if (!survived)
        fail_that(EXIT_FAILED, "the text did not survive");
    narrate_text(n, "In the kernel, until IPC_RMID (or shm_unlink), or until the system stops.");
    return EXIT_DONE;
}
