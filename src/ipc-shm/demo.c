/*
 * ipc-shm demo: five fills of a segment, written by the parent and read by the child, in step.
 *
 * ftok, shmget, shmat; shared memory itself makes nobody wait: so two semaphores say whose turn it
 * is. shmdt, and IPC_RMID when both are done.
 */
#include "shm.h"

#include "ipc/narration/lesson.h"

#include "ipc/common/children.h"
#include "ipc/common/clock.h"
#include "ipc/rendezvous/undo_log.h"

#include <errno.h>
#include <inttypes.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FILLS = 5, LETTERS = 1023, PAUSE = 20 };

/* What both see: the text, and whose turn it is. */
struct shared {
    sem_t written, read;
    char text[LETTERS + 1];
};

static bool has_ended(pid_t child)
{
    siginfo_t end = {0};
    return waitid(P_PID, (id_t)child, &end, WEXITED | WNOHANG | WNOWAIT) == 0 && end.si_pid != 0;
}

/*
 * Sleeps until the other has posted. A dead one posts nothing: so the parent looks after its child
 * now and then; in the child that is 0, and a signal tells of the parent's end.
 */
static void await(sem_t *turn, pid_t child)
{
    struct timespec until = real_time_in(SECOND / 10);
    while (sem_timedwait(turn, &until) == -1) {
        if (errno != ETIMEDOUT && !interrupted())
            fail("sem_timedwait", NULL);
        if (child != 0 && has_ended(child)) {
            reap_successful(child, "child");
            fail_that(EXIT_FAILED, "the child ended too early");
        }
        until = real_time_in(SECOND / 10);
    }
}

static void tell_attached(struct narration *n, int id)
{
    struct shmid_ds status;
    if (shmctl(id, IPC_STAT, &status) == -1)
        fail("shmctl", "IPC_STAT");
    narrate(n, LEFT, "shm_nattch = %lu", (unsigned long)status.shm_nattch);
}

static _Noreturn void read_fills(struct narration *n, struct shared *shared)
{
    for (int i = 0; i < FILLS; i++) {
        const uint64_t began = now();
        await(&shared->written, 0);
        const size_t length = strspn(shared->text, (char[]){shared->text[0], '\0'});
        narrate_waited(n, RIGHT, began, "nothing written", "reads %zu x '%c'", length,
                       shared->text[0]);
        sem_post(&shared->read);
    }
    narrate(n, RIGHT, "shmdt()");
    shmdt(shared);
    _exit(EXIT_DONE);
}

int shm_demo(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    char file[PATH_SIZE], name[32];
    snprintf(name, sizeof name, "demo-%ld", (long)getpid());
    object_path(file, "shm", name, "key");
    note_object(A_FILE, file, 0);
    FILE *key_file = fopen(file, "wx");
    if (key_file == NULL || fclose(key_file) == EOF)
        fail("fopen", file);

    struct narration *n = narration_open(STDOUT_FILENO, "parent", "child", pace);
    const key_t key = ftok(file, 'M');
    if (key == -1)
        fail("ftok", file);
    narrate(n, LEFT, "ftok(FILE, 'M') = 0x%08" PRIx32, (uint32_t)key);
    const int id = shmget(key, sizeof(struct shared), IPC_CREAT | IPC_EXCL | 0600);
    if (id == -1)
        fail_shmget(file, sizeof(struct shared));
    note_object(SYSV_SEGMENT, "", id);
    narrate(n, LEFT, "shmget(%zu bytes) = %d", sizeof(struct shared), id);
    struct shared *shared = shmat(id, NULL, 0);
    if (shared == (void *)-1)
        fail("shmat", NULL);
    narrate(n, LEFT, "shmat(%d) = %p", id, (void *)shared);
    narrate_text(n, "to look from a second terminal: ipcs -m -i %d", id);
    if (sem_init(&shared->written, 1, 0) == -1 || sem_init(&shared->read, 1, 0) == -1)
        fail("sem_init", NULL);
    tell_attached(n, id);

    const pid_t child = narrate_fork(n, LEFT); /* inherits what is attached */
    if (child == 0)
        read_fills(n, shared);
    tell_attached(n, id);
    for (int i = 0; i < FILLS; i++) {
        sleep_for(PAUSE * MILLISECOND); /* the reader waits meanwhile */
        const char letter = (char)('A' + i);
        narrate(n, LEFT, "writes %d x '%c'", LETTERS, letter);
        memset(shared->text, letter, LETTERS);
        sem_post(&shared->written);
        await(&shared->read, child);
    }
    char words[STATUS_WORDS_SIZE];
    const int status = reap_child(child);
    narrate(n, LEFT, "waitpid() = %s", status_in_words(status, words));
    tell_attached(n, id);
    narrate(n, LEFT, "shmdt(), shmctl(IPC_RMID)");
    shmdt(shared);
    return status == 0 ? EXIT_DONE : WIFSIGNALED(status) ? EXIT_PEER : EXIT_FAILED;
}
