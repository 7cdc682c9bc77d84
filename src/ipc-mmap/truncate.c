/* SPDX-License-Identifier: MIT
 * ipc-mmap truncate: what happens to a mapping whose file becomes smaller.
 *
 * Usage: ipc-mmap truncate [--pace SECONDS | --step]
 *
 * The pages past the new end are gone. An access raises SIGBUS in the process that makes it, at any
 * load or store: there is no call that could return an error.
 */
#include "mmap.h"

#include "ipc/narration/lesson.h"

#include <setjmp.h>

static struct narration *n;
static sigjmp_buf way_out;
static volatile sig_atomic_t code;
static void *volatile address;

static void load_unguarded(const char *memory);
static void load_guarded(char *memory);
static void on_bus_error(int number, siginfo_t *signal, void *context);

int mmap_truncate(const struct role *role, int argc, char **argv)
{
    char path[PATH_SIZE], byte;
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    n = begin_lesson(role, argc, argv,
                     "A mapped file becomes smaller. What is at the addresses that it had?",
                     "parent", "child");
    const int file = new_file(path, "truncate", sample, SAMPLE_SIZE);
    char *memory =
        memory_or_fail(mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), "mmap", path);
    narrate(n, LEFT, "mmap(%zu, PROT_READ|PROT_WRITE, MAP_SHARED, %d)", page, file);
    narrate(n, LEFT, "memory[0]: '%c'", memory[0]);
    or_fail(ftruncate(file, 0), "ftruncate", path);
    narrate(n, LEFT, "ftruncate(%d, 0)   any writer may", file);
    narrate_mistake(n, "going on as if memory could not vanish");
    load_unguarded(memory);

    narrate_right(n, "if others may write to the file, a handler, and a way out of the load");
    load_guarded(memory);
    const ssize_t got = pread(file, &byte, 1, 0);
    narrate(n, LEFT, "pread(%d, 1, 0) = %zd  end of file", file, got);
    or_fail(ftruncate(file, SAMPLE_SIZE), "ftruncate", path);
    narrate(n, LEFT, "ftruncate(%d, %d)", file, SAMPLE_SIZE);
    narrate(n, LEFT, "memory[0]: %d   a page of zeros", memory[0]);
    munmap(memory, page);
    narrate_answer(
        n, "Nothing: a load there raises SIGBUS, which kills unless caught. read() says %zd.", got);
    return EXIT_DONE;
}

static void load_unguarded(const char *memory)
{
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        sigaction(SIGBUS, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
        narrate(n, RIGHT, "sigaction(SIGBUS, SIG_DFL)");
        narrate(n, RIGHT, "byte = memory[0]");
        (void)*(const volatile char *)memory;
        _exit(EXIT_DONE);
    }
    const int status = narrate_wait(n, LEFT, child);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS)
        return;
    end_as_child(child, "child", status);
    fail_that(EXIT_FAILED, "this system does not raise SIGBUS");
}

static void load_guarded(char *memory)
{
    struct sigaction action = {.sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO};
    sigemptyset(&action.sa_mask);
    or_fail(sigaction(SIGBUS, &action, NULL), "sigaction", "SIGBUS");
    narrate(n, LEFT, "sigaction(SIGBUS, SA_SIGINFO)");
    if (sigsetjmp(way_out, 1) == 0) {
        narrate(n, LEFT, "sigsetjmp(way_out, 1) = 0");
        narrate(n, LEFT, "byte = memory[0]");
        (void)*(const volatile char *)memory;
        fail_that(EXIT_FAILED, "this system does not raise SIGBUS");
    }
    if (code != BUS_ADRERR || address != memory)
        fail_that(EXIT_FAILED, "SIGBUS came from elsewhere");
    narrate(n, LEFT, "SIGBUS at %p", address);
    narrate(n, LEFT, "siglongjmp(way_out, 1): it is 1");
}

/* SIGBUS interrupts that very load and nothing else, so the handler may jump out of it. */
static void on_bus_error(int number, siginfo_t *signal, void *context)
{
    (void)number;
    (void)context;
    code = signal->si_code;
    address = signal->si_addr;
    siglongjmp(way_out, 1);
}
