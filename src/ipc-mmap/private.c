/*
 * ipc-mmap private: MAP_PRIVATE gives each process a copy of its own of each page that it stores
 * into; MAP_SHARED gives all of them the same page.
 *
 * Usage: ipc-mmap private [--pace SECONDS]
 */
#include "mmap.h"

#include "ipc/narration/lesson.h"

#include <sys/mman.h>
#include <sys/wait.h>

enum { SIZE = 8, SEES_STORE = 10 }; /* of the text; the child's exit status if it sees the store */

static struct narration *n;

static bool is_seen(int file, int flags);
static _Noreturn void look(const char *memory, struct gate *stored);

int mmap_private(const struct role *role, int argc, char **argv)
{
    char path[PATH_SIZE];
    n = begin_lesson(role, argc, argv, "A store into a mapped file: who sees it?", "parent",
                     "child");
    const int file = new_file(path, "private", "original", SIZE);
    narrate_text(n, "-> the mistake: MAP_PRIVATE, to send something to others");
    const bool privately = is_seen(file, MAP_PRIVATE);
    narrate_text(n, "-> right: MAP_SHARED");
    const bool shared = is_seen(file, MAP_SHARED);
    if (privately || !shared)
        fail_that(EXIT_FAILED, "this system maps otherwise");
    narrate_text(n, "With MAP_PRIVATE only who stored it, with MAP_SHARED the file and everybody.");
    return EXIT_DONE;
}

/* Whether the child and the file both have what the parent stores. */
static bool is_seen(int file, int flags)
{
    const char *name = flags == MAP_PRIVATE ? "MAP_PRIVATE" : "MAP_SHARED";
    char in_file[SIZE + 1] = "";
    struct gate stored = new_gate();
    if (pwrite(file, "original", SIZE, 0) != SIZE)
        fail("pwrite", NULL);
    char *memory =
        memory_or_fail(mmap(NULL, SIZE, PROT_READ | PROT_WRITE, flags, file, 0), "mmap", NULL);
    narrate(n, LEFT, "mmap(%s): \"%.8s\"", name, memory);
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0)
        look(memory, &stored);
    narrate(n, LEFT, "memcpy(memory, \"replaced\", 8)");
    memcpy(memory, "replaced", SIZE);
    narrate(n, LEFT, "memory: \"%.8s\"", memory);
    open_gate(&stored, 1);
    const int status = reap_child(child);
    const bool child_sees = WIFEXITED(status) && WEXITSTATUS(status) == SEES_STORE;
    if (!child_sees)
        end_as_child(child, "child", status);
    if (pread(file, in_file, SIZE, 0) != SIZE)
        fail("pread", NULL);
    narrate(n, LEFT, "pread(): \"%s\"", in_file);
    close_gate(&stored);
    munmap(memory, SIZE);
    return child_sees && strcmp(in_file, "replaced") == 0;
}

static _Noreturn void look(const char *memory, struct gate *stored)
{
    if (!pass_gate(stored))
        _exit(EXIT_PEER);
    narrate(n, RIGHT, "memory: \"%.8s\"", memory);
    _exit(memcmp(memory, "replaced", SIZE) == 0 ? SEES_STORE : EXIT_DONE);
}
