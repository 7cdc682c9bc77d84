/*
 * ipc-shm attach: what shmget and shmat give, and what not.
 *
 * Usage: ipc-shm attach [--pace SECONDS]
 *
 * Memory comes in pages, which shm_segsz does not show; each attachment has an address of its own;
 * SHM_RDONLY is for one attachment; IPC_RMID acts when the last one has gone.
 */
#include "shm.h"

#include "ipc/narration/lesson.h"
#include "ipc/rendezvous/objects.h"

#include <signal.h>
#include <stdint.h>
#include <sys/shm.h>

enum { ASKED = 5000 };

static struct narration *n;

static char *attach(int id, const void *at, int flags, const char *how);
static void narrate_store(char *at, const char *what);
static void show_size(int id, char *memory);
static void show_addresses(int id, char *memory);
static void show_removal(int id, key_t key, char *memory);

int shm_attach(const struct role *role, int argc, char **argv)
{
    char file[PATH_SIZE];
    n = begin_lesson(role, argc, argv,
                     "5,000 bytes were asked for and attached: what does one get?", "one process",
                     NULL);
    const key_t key = new_key(file, "attach", 1);
    const int id = shmget(key, ASKED, IPC_CREAT | IPC_EXCL | 0600);
    if (id == -1)
        fail_shmget(file, ASKED);
    note_object(SYSV_SEGMENT, "", id);
    narrate(n, LEFT, "shmget(%d bytes) = %d", ASKED, id);
    char *memory = attach(id, NULL, 0, "flags 0");
    narrate_store(memory, "through it");
    narrate(n, LEFT, "  so by default one may write");
    char *read_only = attach(id, NULL, SHM_RDONLY, "SHM_RDONLY");
    narrate_store(read_only, "through that");
    shmdt(read_only);
    show_size(id, memory);
    show_addresses(id, memory);
    show_removal(id, key, memory);
    narrate_text(n, "Whole pages, to write to, at any address, until the last detach.");
    return EXIT_DONE;
}

static char *attach(int id, const void *at, int flags, const char *how)
{
    char *memory = memory_or_fail(shmat(id, at, flags), "shmat", how);
    narrate(n, LEFT, "shmat(%s) = %p", how, (void *)memory);
    return memory;
}

/* By a child, which may die of it. */
static void narrate_store(char *at, const char *what)
{
    char words[STATUS_WORDS_SIZE];
    const pid_t child = start_child();
    if (child == 0) {
        sigaction(SIGSEGV, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
        *(volatile char *)at = 'x';
        _exit(EXIT_DONE);
    }
    const int status = reap_child(child);
    narrate(n, LEFT, "a store %s: %s", what,
            status == 0 ? "works" : status_in_words(status, words));
}

static void show_size(int id, char *memory)
{
    struct shmid_ds status;
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t rounded = (ASKED + page - 1) / page * page;
    char where[48];
    or_fail(shmctl(id, IPC_STAT, &status), "shmctl", "IPC_STAT");
    narrate(n, LEFT, "shmctl(IPC_STAT): shm_segsz = %zu", (size_t)status.shm_segsz);
    snprintf(where, sizeof where, "to byte %zu", rounded - 1);
    narrate_store(memory + rounded - 1, where);
    narrate(n, LEFT, "  pages of %zu: rounded up to %zu, and nobody checks %d", page, rounded,
            ASKED);
}

/* A pointer is an address of one attachment; an offset means the same in all. */
static void show_addresses(int id, char *memory)
{
    char *second = attach(id, NULL, 0, "again");
    memory[100] = 'y';
    narrate(n, LEFT, "first[100] = 'y'; second[100] == '%c'   one memory, two addresses",
            second[100]);
    narrate_text(n, "-> the mistake: to store &first[100] in it, for others to use");
    shmdt(second);
    char odd[48];
    snprintf(odd, sizeof odd, "%p, SHM_RND", (void *)(second + 1)); /* it is free again */
    char *moved = attach(id, second + 1, SHM_RND, odd);
    narrate(n, LEFT, "  rounded down to a multiple of %zu", (size_t)SHMLBA);
    narrate_text(n, "-> right: to store the offset, 100, and add one's own base");
    narrate(n, LEFT, "base + 100: '%c'", moved[100]);
    shmdt(moved);
}

static void show_removal(int id, key_t key, char *memory)
{
    struct shmid_ds status;
    const int again = shmget(key, ASKED, IPC_CREAT | IPC_EXCL | 0600);
    narrate(n, LEFT, "shmget(IPC_CREAT | IPC_EXCL) = %d   %s", again,
            again == -1 && errno == EEXIST ? "EEXIST" : "");
    narrate(n, LEFT, "shmctl(IPC_RMID)   while it is attached");
    or_fail(shmctl(id, IPC_RMID, NULL), "shmctl", "IPC_RMID");
    memory[0] = 'z';
    narrate(n, LEFT, "memory[0] = 'z': '%c'   it works still", memory[0]);
    narrate(n, LEFT, "shmget(key) = %d   but nobody finds it", shmget(key, 0, 0));
    shmdt(memory);
    const int gone = shmctl(id, IPC_STAT, &status);
    narrate(n, LEFT, "shmdt(), then shmctl(IPC_STAT) = %d   %s", gone,
            gone == -1 ? "gone with the last" : "");
}
