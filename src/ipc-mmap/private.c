/*
 * ipc-mmap private: MAP_PRIVATE gives each page a copy of its own at the first store; MAP_SHARED
 * gives everybody the same page.
 */
#include "mmap.h"

#include "ipc/narration/lesson.h"

#include "ipc/common/children.h"
#include "ipc/common/cleanup.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The parent stores, the child and the file are asked. Returns whether both have seen it. */
static bool show(struct narration *n, int file, int flags)
{
    const char *name = flags == MAP_PRIVATE ? "MAP_PRIVATE" : "MAP_SHARED";
    char in_file[9] = "", in_child[9] = "";
    int gate[2], answer[2];
    if (pipe(gate) == -1 || pipe(answer) == -1)
        fail("pipe", NULL);
    if (pwrite(file, "original", 8, 0) != 8)
        fail("pwrite", NULL);
    char *memory = mmap(NULL, 8, PROT_READ | PROT_WRITE, flags, file, 0);
    if (memory == MAP_FAILED)
        fail("mmap", NULL);
    narrate(n, LEFT, "mmap(%s): \"%.8s\"", name, memory);
    const pid_t child = narrate_fork(n, LEFT);
    if (child == 0) {
        char go;
        close(gate[1]);
        if (read_full(gate[0], &go, 1) == 1) {
            narrate(n, RIGHT, "memory: \"%.8s\"", memory);
            write_full(answer[1], memory, 8);
        }
        _exit(EXIT_DONE);
    }
    close(gate[0]);
    close(answer[1]);
    narrate(n, LEFT, "memcpy(memory, \"replaced\", 8)");
    memcpy(memory, "replaced", 8);
    narrate(n, LEFT, "memory: \"%.8s\"", memory);
    if (!write_full(gate[1], "g", 1) || read_full(answer[0], in_child, 8) != 8)
        fail_that(EXIT_PEER, "the child (pid %ld) died", (long)child);
    if (pread(file, in_file, 8, 0) != 8)
        fail("pread", NULL);
    narrate(n, LEFT, "pread(): \"%s\"", in_file);
    close(gate[1]);
    close(answer[0]);
    reap_successful(child, "child");
    munmap(memory, 8);
    return strcmp(in_child, "replaced") == 0 && strcmp(in_file, "replaced") == 0;
}

int mmap_private(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    char path[PATH_SIZE];
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    print_text("A store into a mapped file: who sees it?");
    const int file = new_file(path, "private", "original", 8);
    struct narration *n = narration_open(STDOUT_FILENO, "parent", "child", pace);
    narrate_text(n, "-> the mistake: MAP_PRIVATE, to send something to others");
    const bool privately = show(n, file, MAP_PRIVATE);
    narrate_text(n, "-> right: MAP_SHARED");
    const bool shared = show(n, file, MAP_SHARED);
    if (privately || !shared)
        fail_that(EXIT_FAILED, "this system maps otherwise");
    narrate_text(n, "With MAP_PRIVATE only who stored it, with MAP_SHARED the file and everybody.");
    return EXIT_DONE;
}
