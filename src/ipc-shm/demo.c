/*
 * ipc-shm demo: five fills of a segment, written by the parent and read by the child, in step.
 *
 * Usage: ipc-shm demo [--pace SECONDS]
 *
 * ftok, shmget, shmat; shared memory itself makes nobody wait, so two semaphores in it say whose
 * turn it is; shmdt, and IPC_RMID when both are done.
 */
#include "shm.h"

#include "ipc/narration/lesson.h"
#include "ipc/rendezvous/objects.h"

#include <inttypes.h>
#include <semaphore.h>
#include <sys/shm.h>

enum { FILLS = 5, LETTERS = 1023, PAUSE_MS = 20 };

/* What both see: the text, and whose turn it is. */
struct shared {
    sem_t written, read;
    char text[LETTERS + 1];
};

static struct narration *n;

static void narrate_attached(int id);
static void write_fills(struct shared *shared);
static _Noreturn void read_fills(struct shared *shared);
static void wait_for(sem_t *turn);

int shm_demo(const struct role *role, int argc, char **argv)
{
    char file[PATH_SIZE], words[STATUS_WORDS_SIZE];
    n = begin_lesson(role, argc, argv, NULL, "parent", "child");
    const key_t key = new_key(file, "demo", 'M'); /* ftok() */
    narrate(n, LEFT, "ftok(FILE, 'M') = 0x%08" PRIx32, (uint32_t)key);
    const int id = shmget(key, sizeof(struct shared), IPC_CREAT | IPC_EXCL | 0600);
    if (id == -1)
        fail_shmget(file, sizeof(struct shared));
    note_object(SYSV_SEGMENT, "", id);
    narrate(n, LEFT, "shmget(%zu bytes) = %d", sizeof(struct shared), id);
    struct shared *shared = memory_or_fail(shmat(id, NULL, 0), "shmat", NULL);
    narrate(n, LEFT, "shmat(%d) = %p", id, (void *)shared);
    narrate_text(n, "to look from a second terminal: ipcs -m -i %d", id);
    if (sem_init(&shared->written, 1, 0) == -1 || sem_init(&shared->read, 1, 0) == -1)
        fail("sem_init", NULL);
    narrate_attached(id);

    const pid_t child = narrate_fork(n, LEFT, ""); /* inherits what is attached */
    if (child == 0)
        read_fills(shared);
    watch_children(); /* a killed child never posts */
    narrate_attached(id);
    write_fills(shared);
    const int status = reap_child(child);
    narrate(n, LEFT, "waitpid() = %s", status_in_words(status, words));
    narrate_attached(id);
    narrate(n, LEFT, "shmdt(), shmctl(IPC_RMID)");
    shmdt(shared);
    end_as_child(child, "child", status);
    return EXIT_DONE;
}

static void narrate_attached(int id)
{
    struct shmid_ds status;
    or_fail(shmctl(id, IPC_STAT, &status), "shmctl", "IPC_STAT");
    narrate(n, LEFT, "shm_nattch = %lu", (unsigned long)status.shm_nattch);
}

static void write_fills(struct shared *shared)
{
    for (int i = 0; i < FILLS; i++) {
        sleep_for(PAUSE_MS * MILLISECOND); /* the reader waits meanwhile */
        const char letter = (char)('A' + i);
        narrate(n, LEFT, "writes %d x '%c'", LETTERS, letter);
        memset(shared->text, letter, LETTERS);
        sem_post(&shared->written);
        wait_for(&shared->read);
    }
}

static _Noreturn void read_fills(struct shared *shared)
{
    for (int i = 0; i < FILLS; i++) {
        const uint64_t began = now();
        wait_for(&shared->written);
        const size_t length = strspn(shared->text, (char[]){shared->text[0], '\0'});
        narrate_waited(n, RIGHT, began, "nothing written", "reads %zu x '%c'", length,
                       shared->text[0]);
        sem_post(&shared->read);
    }
    narrate(n, RIGHT, "shmdt()");
    shmdt(shared);
    _exit(EXIT_DONE);
}

/* A signal interrupts it if the other process dies: watch_children(), and SIGTERM in the child. */
static void wait_for(sem_t *turn)
{
    int result;
    do
        result = sem_wait(turn);
    while (result == -1 && interrupted());
    if (result == -1)
        fail("sem_wait", NULL);
}
