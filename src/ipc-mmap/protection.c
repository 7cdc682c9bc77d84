/*
 * ipc-mmap protection: what a mapping allows, and when there is none.
 *
 * Usage: ipc-mmap protection [--pace SECONDS]
 *
 * A child makes each access, so that the parent can tell what the child died of.
 */
#include "mmap.h"

#include "ipc/narration/lesson.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

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

static struct narration *n;

static void try_protections(int file, size_t page);
static const char *error_of(const void *memory);
static const char *outcome(enum access access, void *memory, char name[SIGNAL_NAME_SIZE]);
static void make_access(enum access access, void *memory);

int mmap_protection(const struct role *role, int argc, char **argv)
{
    char path[PATH_SIZE], name[SIGNAL_NAME_SIZE];
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    n = begin_lesson(role, argc, argv, "What may one do with a mapping?",
                     "one process, a child per access", NULL);
    const int file = new_file(path, "protection", return_at_once, sizeof return_at_once);
    const int read_only = or_fail(open(path, O_RDONLY | O_CLOEXEC), "open", path);
    try_protections(file, page);
    narrate_text(n, "-> the mistakes");
    narrate(n, LEFT, "O_RDONLY, then PROT_WRITE and MAP_SHARED: %s",
            error_of(mmap(NULL, page, PROT_WRITE, MAP_SHARED, read_only, 0)));
    narrate(n, LEFT, "an offset of 1, off the page: %s",
            error_of(mmap(NULL, page, PROT_READ, MAP_SHARED, file, 1)));
    char *memory = memory_or_fail(mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0),
                                  "mmap", path);
    narrate(n, LEFT, "a file of size %zu, 2 pages of %zu mapped: works", sizeof return_at_once,
            page);
    narrate(n, LEFT, "  a load past the end, in its last page: %s",
            outcome(LOAD, memory + page - 1, name));
    narrate(n, LEFT, "  a load in the page after that: %s", outcome(LOAD, memory + page, name));
    narrate_text(n, "-> right: map what is there, keep to its size, and close at once");
    munmap(memory, 2 * page);
    memory = memory_or_fail(mmap(NULL, sizeof return_at_once, PROT_READ, MAP_SHARED, file, 0),
                            "mmap", path);
    close(file);
    narrate(n, LEFT, "mmap(size %zu), close(%d), a load: %s", sizeof return_at_once, file,
            outcome(LOAD, memory, name));
    munmap(memory, sizeof return_at_once);
    narrate_text(n, "What PROT says and the open file allows, up to the end of its last page.");
    return EXIT_DONE;
}

static void try_protections(int file, size_t page)
{
    static const struct {
        const char *name;
        int protection;
    } rows[] = {{"PROT_NONE", PROT_NONE},
                {"PROT_READ", PROT_READ},
                {"PROT_WRITE", PROT_WRITE},
                {"PROT_READ | PROT_WRITE", PROT_READ | PROT_WRITE},
                {"PROT_READ | PROT_EXEC", PROT_READ | PROT_EXEC}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char names[3][SIGNAL_NAME_SIZE];
        void *memory = mmap(NULL, page, rows[i].protection, MAP_SHARED, file, 0);
        if (memory == MAP_FAILED) {
            narrate(n, LEFT, "%-22s  mmap: %s", rows[i].name, strerror(errno));
            continue;
        }
        const char *load = outcome(LOAD, memory, names[0]);
        narrate(n, LEFT, "%-22s  load %-7s  store %-7s  jump %s", rows[i].name, load,
                outcome(STORE, memory, names[1]), outcome(JUMP, memory, names[2]));
        if (rows[i].protection == PROT_WRITE && strcmp(load, "works") == 0)
            narrate(n, LEFT, "  nobody asked for loads: this system cannot forbid them alone");
        munmap(memory, page);
    }
}

static const char *error_of(const void *memory)
{
    return memory != MAP_FAILED ? "works"
           : errno == EACCES    ? "EACCES"
           : errno == EINVAL    ? "EINVAL"
                                : strerror(errno);
}

/* "works", or the signal that the child died of. */
static const char *outcome(enum access access, void *memory, char name[SIGNAL_NAME_SIZE])
{
    if (access == JUMP && return_at_once[0] == 0)
        return "not tried";
    const pid_t child = start_child();
    if (child == 0) {
        static const int faults[] = {SIGSEGV, SIGBUS, SIGILL}; /* a sanitizer's handlers, too */
        for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
            sigaction(faults[i], &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
        make_access(access, memory);
        _exit(EXIT_DONE);
    }
    const int status = reap_child(child);
    return WIFSIGNALED(status) ? signal_name(WTERMSIG(status), name) : "works";
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
