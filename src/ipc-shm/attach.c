/* SPDX-License-Identifier: MIT
 * ipc-shm attach: what shmget and shmat give, and what not.
 *
 * Usage: ipc-shm attach [--pace SECONDS | --step]
 *
 * Memory comes in pages, which shm_segsz does not show; each attachment has an address of its own;
 * SHM_RDONLY is for one attachment; IPC_RMID acts when the last one has gone.
 */
#include "shm.h"

#include "ipc/narration/lesson.h"

#include <signal.h>
#include <sys/shm.h>

enum { ASKED = 5000 };

static struct narration *n;

static char *attach(int id, char *at, int flags, const char *words, const char *remark);
static void show_read_only(int id);
static void show_addresses(int id, char *first);
static void show_removal(int id, key_t key, char *memory);

int shm_attach(const struct role *role, int argc, char **argv)
{
    struct shmid_ds status;
    key_t key;
    n = begin_lesson(role, argc, argv,
                     "5,000 bytes were asked for and attached: what does one get?", "process",
                     NULL);
    const int id = new_segment(n, ASKED, &key); /* ftok(), shmget() */
    or_fail(shmctl(id, IPC_STAT, &status), "shmctl", "IPC_STAT");
    narrate(n, LEFT, "shmctl(%d, IPC_STAT): shm_segsz %zu", id, (size_t)status.shm_segsz);
    char *first = attach(id, NULL, 0, "0", "first; one may write");
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t rounded = (ASKED + page - 1) / page * page;
    first[rounded - 1] = 'x';
    narrate(n, LEFT, "first[%zu] = 'x'   works: pages of %zu, rounded up to %zu", rounded - 1, page,
            rounded);
    show_read_only(id);
    show_addresses(id, first);
    show_removal(id, key, first);
    narrate_answer(n,
                   "Whole pages, each time at an address of its own; IPC_RMID waits for the last.");
    return EXIT_DONE;
}

static char *attach(int id, char *at, int flags, const char *words, const char *remark)
{
    char where[24] = "NULL", result[24] = "-1  EINVAL";
    if (at != NULL)
        snprintf(where, sizeof where, "%p", (void *)at);
    char *memory = shmat(id, at, flags);
    if (memory != (void *)-1)
        snprintf(result, sizeof result, "%p", (void *)memory);
    else if (errno != EINVAL || at == NULL)
        fail("shmat", where);
    narrate(n, LEFT, "shmat(%d, %s, %s) = %s   %s", id, where, words, result, remark);
    return memory;
}

static void detach(char *memory, const char *name)
{
    or_fail(shmdt(memory), "shmdt", name);
    narrate(n, LEFT, "shmdt(%s)", name);
}

static void show_read_only(int id)
{
    char words[STATUS_WORDS_SIZE];
    char *read_only = attach(id, NULL, SHM_RDONLY, "SHM_RDONLY", "read_only");
    const pid_t child = start_child();
    if (child == 0) {
        sigaction(SIGSEGV, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
        *(volatile char *)read_only = 'x';
        _exit(EXIT_DONE);
    }
    narrate(n, LEFT, "fork() = %ld   this child does: read_only[0] = 'x'", (long)child);
    const int status = reap_child(child);
    narrate(n, LEFT, "waitpid(%ld) = %s", (long)child, status_in_words(status, words));
    detach(read_only, "read_only");
}

/* An address is that of one attachment; an offset means the same in all. */
static void show_addresses(int id, char *first)
{
    char *second = attach(id, NULL, 0, "0", "second");
    first[100] = 'y';
    narrate(n, LEFT, "first[100] = 'y'; second[100] == '%c'   one memory, two addresses",
            second[100]);
    narrate_mistake(n, "storing the address &first[100] in it, for others to use");
    *(char **)(void *)first = first + 100;
    narrate(n, LEFT, "stored: %p; for second it is at %p", *(void **)(void *)second,
            (void *)(second + 100));
    narrate_right(n, "storing the offset, 100; each adds it to its own base");
    *(size_t *)(void *)first = 100;
    narrate(n, LEFT, "second[stored] == '%c'", second[*(size_t *)(void *)second]);
    attach(id, second, 0, "0", "taken");
    detach(second, "second");
    attach(id, second + 1, 0, "0", "odd");
    detach(attach(id, second + 1, SHM_RND, "SHM_RND", "rounded down"), "second");
    narrate_text(n, "not here: SHM_REMAP replaces what is in the way; SHM_EXEC lets data run");
}

static void show_removal(int id, key_t key, char *memory)
{
    struct shmid_ds status;
    const int again = shmget(key, ASKED, IPC_CREAT | IPC_EXCL | 0600);
    narrate(n, LEFT, "shmget(KEY, %d, IPC_CREAT|IPC_EXCL|0600) = %d%s", ASKED, again,
            again == -1 && errno == EEXIST ? "  EEXIST" : "");
    narrate(n, LEFT, "shmctl(%d, IPC_RMID)   while it is attached", id);
    or_fail(shmctl(id, IPC_RMID, NULL), "shmctl", "IPC_RMID");
    memory[0] = 'z';
    narrate(n, LEFT, "first[0] = 'z'; first[0] == '%c'   it works still", memory[0]);
    const int found = shmget(key, 0, 0);
    narrate(n, LEFT, "shmget(KEY, 0, 0) = %d%s", found,
            found == -1 && errno == ENOENT ? "  ENOENT   nobody finds it" : "");
    detach(memory, "first");
    const int gone = shmctl(id, IPC_STAT, &status);
    narrate(n, LEFT, "shmctl(%d, IPC_STAT) = %d%s", id, gone,
            gone == -1 && errno == EINVAL ? "  EINVAL   gone with the last" : "");
}
