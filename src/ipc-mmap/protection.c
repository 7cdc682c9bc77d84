/* SPDX-License-Identifier: MIT
 * ipc-mmap protection: what a mapping allows, and when there is none.
 *
 * Usage: ipc-mmap protection [--pace SECONDS | --step]
 *
 * A child makes each access, so that the parent can tell what the child died of.
 */
#include "mmap.h"

#include "ipc/narration/lesson.h"

/* The instruction that returns, for the processors that we know. */
static const unsigned char return_at_once[] = {
#if defined __x86_64__ || defined __i386__
    0xc3
#elif defined __aarch64__
    0xc0, 0x03, 0x5f, 0xd6
#elif defined __riscv
    0x67, 0x80, 0x00, 0x00
#else
    0
#endif
};

enum access { LOAD, STORE, JUMP };
enum { FAULTS = 3 };
static const int faults[FAULTS] = {SIGSEGV, SIGBUS, SIGILL};

static struct narration *n;

static void try_protections(int file, size_t page);
static void tell_refusal(const void *memory, int error, const char *call);
static const char *outcome(enum access access, void *memory, char name[SIGNAL_NAME_SIZE]);
static void make_access(enum access access, void *memory);

int mmap_protection(const struct role *role, int argc, char **argv)
{
    char path[PATH_SIZE], name[SIGNAL_NAME_SIZE], next[SIGNAL_NAME_SIZE];
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), size = sizeof return_at_once;
    n = begin_lesson(role, argc, argv, "What may one do with a mapping?",
                     "one process, a child per access", NULL);
    const int file = new_file(path, "protection", return_at_once, size);
    narrate(n, LEFT, "open(FILE, O_RDWR|O_CREAT|O_EXCL) = %d   of size %zu", file, size);
    try_protections(file, page);
    narrate_mistake(n, "asking for more than the open file allows, or for what is not there");
    const int read_only = or_fail(open(path, O_RDONLY), "open", path);
    narrate(n, LEFT, "open(FILE, O_RDONLY) = %d", read_only);
    tell_refusal(mmap(NULL, page, PROT_WRITE, MAP_SHARED, read_only, 0), EACCES,
                 "mmap(PROT_WRITE, MAP_SHARED) = -1  EACCES: the file is open for reading");
    tell_refusal(mmap(NULL, page, PROT_READ, MAP_SHARED, file, 1), EINVAL,
                 "mmap(PROT_READ, MAP_SHARED, offset 1) = -1  EINVAL: within a page");
    char *memory = memory_or_fail(mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0),
                                  "mmap", path);
    narrate(n, LEFT, "mmap(%zu, PROT_READ|PROT_WRITE, MAP_SHARED) = %p", 2 * page, (void *)memory);
    narrate(n, LEFT, "  a load past the end: %s in its last page, %s in the one after",
            outcome(LOAD, memory + page - 1, name), outcome(LOAD, memory + page, next));
    void *other = memory_or_fail(mmap(memory, page, PROT_READ, MAP_SHARED, file, 0), "mmap", path);
    narrate(n, LEFT, "mmap(%p, PROT_READ, MAP_SHARED) = %p", (void *)memory, other);
    narrate(n, LEFT, "  an address is a hint; with MAP_FIXED it would replace what is there");
    munmap(memory, 2 * page);
    narrate(n, LEFT, "munmap(%p), a load there: %s", (void *)memory, outcome(LOAD, memory, name));

    narrate_right(n, "map what is there, keep to its size, and close at once");
    memory = memory_or_fail(mmap(NULL, size, PROT_READ, MAP_SHARED, file, 0), "mmap", path);
    close(file);
    narrate(n, LEFT, "mmap(%zu, PROT_READ, MAP_SHARED), close(%d), a load: %s", size, file,
            outcome(LOAD, memory, name));
    narrate_answer(n, "What PROT says and the open file allows, up to the end of its last page.");
    return EXIT_DONE;
}

static void try_protections(int file, size_t page)
{
    static const struct {
        const char *call;
        int protection;
    } rows[] = {{"mmap(PROT_NONE, MAP_SHARED)", PROT_NONE},
                {"mmap(PROT_READ, MAP_SHARED)", PROT_READ},
                {"mmap(PROT_WRITE, MAP_SHARED)", PROT_WRITE},
                {"mmap(PROT_READ|PROT_WRITE, MAP_SHARED)", PROT_READ | PROT_WRITE},
                {"mmap(PROT_READ|PROT_EXEC, MAP_SHARED)", PROT_READ | PROT_EXEC}};
    static const char columns[] = "%-40s%-9s%-9s%s";
    narrate(n, LEFT, columns, "", "a load", "a store", "a jump");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char names[3][SIGNAL_NAME_SIZE];
        void *memory = mmap(NULL, page, rows[i].protection, MAP_SHARED, file, 0);
        if (memory == MAP_FAILED) {
            narrate(n, LEFT, "%s = -1  %s", rows[i].call, strerror(errno));
            continue;
        }
        const char *load = outcome(LOAD, memory, names[0]);
        narrate(n, LEFT, columns, rows[i].call, load, outcome(STORE, memory, names[1]),
                outcome(JUMP, memory, names[2]));
        if (rows[i].protection == PROT_WRITE && strcmp(load, "works") == 0)
            narrate(n, LEFT, "  nobody asked for loads: this system cannot forbid them alone");
        munmap(memory, page);
    }
}

static void tell_refusal(const void *memory, int error, const char *call)
{
    if (memory != MAP_FAILED || errno != error)
        fail_that(EXIT_FAILED, "not so on this system: %s", call);
    narrate(n, LEFT, "%s", call);
}

/* "works", or the signal that the child died of; any other end of it is none of the lesson. */
static const char *outcome(enum access access, void *memory, char name[SIGNAL_NAME_SIZE])
{
    if (access == JUMP && return_at_once[0] == 0)
        return "not tried";
    const pid_t child = start_child();
    if (child == 0) {
        for (size_t i = 0; i < FAULTS; i++) /* a sanitizer's handlers, too */
            sigaction(faults[i], &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
        make_access(access, memory);
        _exit(EXIT_DONE);
    }
    const int status = reap_child(child);
    for (size_t i = 0; i < FAULTS; i++)
        if (WIFSIGNALED(status) && WTERMSIG(status) == faults[i])
            return signal_name(faults[i], name);
    end_as_child(child, "child", status);
    return "works";
}

static void make_access(enum access access, void *memory)
{
    volatile unsigned char *byte = memory, seen;
    void (*function)(void);
    switch (access) {
    case LOAD:
        seen = *byte;
        (void)seen;
        break;
    case STORE:
        *byte = return_at_once[0];
        break;
    case JUMP: /* not by a cast: pointers to functions may be of another kind, dlsym(3p) */
        memcpy(&function, &memory, sizeof function);
        function();
        break;
    }
}
