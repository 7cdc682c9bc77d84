/*
 * ipc-mmap demo: a file as memory. What is stored is in the file, for read() and for everybody;
 * what is written to the file is in the memory.
 *
 * Usage: ipc-mmap demo [--pace SECONDS]
 */
#include "mmap.h"

#include "ipc/narration/lesson.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

static struct narration *n;
static struct gate to_child, to_parent;

static _Noreturn void run_child(const char *path);

int mmap_demo(const struct role *role, int argc, char **argv)
{
    static const size_t indices[] = {0, 25, 26, 61, 62};
    char path[PATH_SIZE];
    struct stat status;
    n = begin_lesson(role, argc, argv, NULL, "parent", "child");
    const int file = new_file(path, "demo", sample, SAMPLE_SIZE);
    to_child = new_gate();
    to_parent = new_gate();
    narrate(n, LEFT, "open(FILE) = %d", file);
    or_fail(fstat(file, &status), "fstat", path);
    const size_t size = (size_t)status.st_size;
    narrate(n, LEFT, "fstat(%d): st_size %zu", file, size);
    char *memory =
        memory_or_fail(mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), "mmap", path);
    narrate(n, LEFT, "mmap() = %p", (void *)memory);
    narrate(n, LEFT, "close(%d)   the mapping stays", file);
    close(file);
    narrate_text(n, "to look from a second terminal: grep mmap-demo /proc/%ld/maps",
                 (long)getpid());
    for (size_t i = 0; i < sizeof indices / sizeof *indices; i++) {
        if (indices[i] < size)
            narrate(n, LEFT, "memory[%zu]: '%c'", indices[i], memory[indices[i]]);
        else
            narrate(n, LEFT, "memory[%zu]: out of range", indices[i]);
    }

    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0)
        run_child(path);
    narrate(n, LEFT, "memory[0] = '*'   only a store");
    memory[0] = '*';
    open_gate(&to_child, 1);
    if (!pass_gate(&to_parent)) {
        reap_successful(child, "child");
        fail_that(EXIT_FAILED, "the child ended too early");
    }
    narrate(n, LEFT, "memory[1]: '%c'   no read()", memory[1]);
    const bool seen = memory[1] == '#';
    reap_successful(child, "child");
    narrate(n, LEFT, "munmap(), unlink(FILE)");
    munmap(memory, size);
    if (!seen)
        fail_that(EXIT_FAILED, "the write was not seen in memory");
    return EXIT_DONE;
}

static _Noreturn void run_child(const char *path)
{
    char bytes[4];
    const int file = or_fail(open(path, O_RDWR), "open", path);
    if (!pass_gate(&to_child))
        fail_that(EXIT_PEER, "the parent died");
    narrate(n, RIGHT, "open(FILE) = %d   maps nothing", file);
    if (read_full(file, bytes, sizeof bytes) != sizeof bytes)
        fail("read", path);
    narrate(n, RIGHT, "read(%d) = 4  \"%.4s\"", file, bytes);
    narrate(n, RIGHT, "pwrite(%d, \"#\", 1, 1)", file);
    if (pwrite(file, "#", 1, 1) != 1)
        fail("pwrite", path);
    narrate(n, RIGHT, "_exit(0)");
    open_gate(&to_parent, 1);
    _exit(EXIT_DONE);
}
