/* SPDX-License-Identifier: MIT
 * ipc-mmap private: MAP_PRIVATE gives each process a copy of its own of each page that it stores
 * into; MAP_SHARED gives all of them the same page.
 *
 * Usage: ipc-mmap private [--pace SECONDS | --step]
 */
#include "mmap.h"

#include "ipc/narration/lesson.h"

enum { SIZE = 8 };

static struct narration *n;

static char *map(int file, int flags);
static bool is_seen(int file, char *memory);
static void change(int file, const char *bytes, const char *memory);

int mmap_private(const struct role *role, int argc, char **argv)
{
    char path[PATH_SIZE];
    n = begin_lesson(role, argc, argv, "A store into a mapped file: who sees it?", "parent",
                     "child");
    const int file = new_file(path, "private", "original", SIZE);
    narrate_mistake(n, "sending something through MAP_PRIVATE");
    char *memory = map(file, MAP_PRIVATE);
    const bool privately = is_seen(file, memory);
    narrate_text(n,
                 "-> what is written later is seen until one's own store (POSIX leaves it open)");
    change(file, "later on", memory);
    memory[0] = 'L';
    narrate(n, LEFT, "memory[0] = 'L'   copies it");
    change(file, "original", memory);
    munmap(memory, SIZE);

    narrate_right(n, "MAP_SHARED");
    memory = map(file, MAP_SHARED);
    const bool shared = is_seen(file, memory);
    munmap(memory, SIZE);
    if (privately || !shared)
        fail_that(EXIT_FAILED, "this system maps otherwise");
    narrate_answer(
        n, "MAP_PRIVATE: only the process that stores. MAP_SHARED: the file and everybody.");
    return EXIT_DONE;
}

static char *map(int file, int flags)
{
    char *memory =
        memory_or_fail(mmap(NULL, SIZE, PROT_READ | PROT_WRITE, flags, file, 0), "mmap", NULL);
    narrate(n, LEFT, "mmap(%d, PROT_READ|PROT_WRITE, %s, %d)", SIZE,
            flags == MAP_PRIVATE ? "MAP_PRIVATE" : "MAP_SHARED", file);
    return memory;
}

/* Whether the parent and the file both have what a child stores. */
static bool is_seen(int file, char *memory)
{
    char in_file[SIZE + 1] = "";
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        memcpy(memory, "replaced", SIZE);
        narrate(n, RIGHT, "memcpy(memory, \"%.8s\", %d)", memory, SIZE);
        _exit(EXIT_DONE);
    }
    end_as_child(child, "child", narrate_wait(n, LEFT, child));
    if (pread(file, in_file, SIZE, 0) != SIZE)
        fail("pread", NULL);
    narrate(n, LEFT, "memory: \"%.8s\"", memory);
    narrate(n, LEFT, "pread(%d, %d, 0): \"%s\"", file, SIZE, in_file);
    return memcmp(memory, "replaced", SIZE) == 0 && strcmp(in_file, "replaced") == 0;
}

static void change(int file, const char *bytes, const char *memory)
{
    if (pwrite(file, bytes, SIZE, 0) != SIZE)
        fail("pwrite", NULL);
    narrate(n, LEFT, "pwrite(%d, \"%s\", %d, 0)", file, bytes, SIZE);
    narrate(n, LEFT, "memory: \"%.8s\"", memory);
}
