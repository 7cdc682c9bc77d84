/* SPDX-License-Identifier: MIT
 * ipc-mmap demo: a file as memory. What is stored is in the file, for read() and for everybody;
 * what is written to the file is in the memory.
 *
 * Usage: ipc-mmap demo [--pace SECONDS | --step]
 */
#include "mmap.h"

#include "ipc/narration/lesson.h"

static struct narration *n;

static _Noreturn void run_child(const char *path);

int mmap_demo(const struct role *role, int argc, char **argv)
{
    char path[PATH_SIZE];
    struct stat status;
    n = begin_lesson(role, argc, argv, NULL, "parent", "child");
    const int file = new_file(path, "demo", sample, SAMPLE_SIZE);
    narrate(n, LEFT, "open(FILE, O_RDWR|O_CREAT|O_EXCL) = %d", file);
    or_fail(fstat(file, &status), "fstat", path);
    const size_t size = (size_t)status.st_size;
    narrate(n, LEFT, "fstat(%d): st_size %zu", file, size);
    char *memory =
        memory_or_fail(mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), "mmap", path);
    narrate(n, LEFT, "mmap(%zu, PROT_READ|PROT_WRITE, MAP_SHARED, %d)", size, file);
    narrate(n, LEFT, "  = %p, the memory", (void *)memory);
    narrate(n, LEFT, "close(%d)   the mapping stays", file);
    close(file);
    narrate_text(n, "with --step, from a second terminal: grep mmap-demo /proc/%ld/maps",
                 (long)getpid());
    narrate(n, LEFT, "memory[0]: '%c', memory[25]: '%c'", memory[0], memory[25]);
    narrate(n, LEFT, "memory[26]: '%c', memory[61]: '%c'", memory[26], memory[61]);
    narrate(n, LEFT, "memory[62]: out of range");
    memory[0] = '*';
    narrate(n, LEFT, "memory[0] = '*'   only a store");

    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0)
        run_child(path);
    end_as_child(child, "child", narrate_wait(n, LEFT, child));
    narrate(n, LEFT, "memory[1]: '%c'   no read()", memory[1]);
    if (memory[1] != '#')
        fail_that(EXIT_FAILED, "the write was not seen in memory");
    munmap(memory, size);
    narrate(n, LEFT, "munmap(memory, %zu), unlink(FILE)", size);
    return EXIT_DONE;
}

static _Noreturn void run_child(const char *path)
{
    char bytes[4];
    const int file = or_fail(open(path, O_RDWR), "open", path);
    narrate(n, RIGHT, "open(FILE, O_RDWR) = %d   maps nothing", file);
    if (read(file, bytes, sizeof bytes) != sizeof bytes)
        fail("read", path);
    narrate(n, RIGHT, "read(%d) = 4  \"%.4s\"", file, bytes);
    if (pwrite(file, "#", 1, 1) != 1)
        fail("pwrite", path);
    narrate(n, RIGHT, "pwrite(%d, \"#\", 1, 1) = 1", file);
    narrate(n, RIGHT, "_exit(0)");
    _exit(EXIT_DONE);
}
