/*
 * ipc-mmap truncate: what happens to a mapping whose file becomes smaller.
 *
 * Usage: ipc-mmap truncate [--pace SECONDS]
 *
 * The pages past the new end are gone. An access raises SIGBUS in the process that makes it, at any
 * load or store: there is no call that could return an error.
 */
#include "mmap.h"

#include "ipc/narration/lesson.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

static struct narration *n;
static sigjmp_buf way_out;
static volatile sig_atomic_t code;
static void *volatile address;

static void load_unguarded(const char *memory);
static void load_guarded(char *memory);
static void on_bus_error(int number, siginfo_t *signal, void *context);

int mmap_truncate(const struct role *role, int argc, char **argv)
{
    char path[PATH_SIZE];
    struct stat status;
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    n = begin_lesson(role, argc, argv,
                     "A mapped file becomes smaller. What is at the addresses that it had?",
                     "parent", "child");
    const int file = new_file(path, "truncate", sample, SAMPLE_SIZE);
    char *memory =
        memory_or_fail(mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), "mmap", path);
    narrate(n, LEFT, "mmap(%d bytes): memory[0] '%c'", SAMPLE_SIZE, memory[0]);
    narrate(n, LEFT, "ftruncate(0)   anybody may");
    or_fail(ftruncate(file, 0), "ftruncate", path);
    narrate_text(n, "-> the mistake: to go on as if memory could not vanish");
    load_unguarded(memory);

    narrate_text(n, "-> right, if others may truncate: a handler, and a way out of the load");
    load_guarded(memory);
    or_fail(fstat(file, &status), "fstat", path);
    narrate(n, LEFT, "fstat(): st_size %ld, survived", (long)status.st_size);
    narrate(n, LEFT, "ftruncate(%d)", SAMPLE_SIZE);
    or_fail(ftruncate(file, SAMPLE_SIZE), "ftruncate", path);
    narrate(n, LEFT, "memory[0]: %d   a page of zeros", memory[0]);
    munmap(memory, page);
    narrate_text(n, "Nothing: SIGBUS, which kills, or is caught at that load; read() would say 0.");
    return EXIT_DONE;
}

static void load_unguarded(const char *memory)
{
    char words[STATUS_WORDS_SIZE];
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        volatile char byte;
        sigaction(SIGBUS, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
        narrate(n, RIGHT, "byte = memory[0]");
        byte = memory[0];
        (void)byte;
        _exit(EXIT_DONE);
    }
    const int status = reap_child(child);
    narrate(n, LEFT, "waitpid() = %s", status_in_words(status, words));
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGBUS)
        fail_that(WIFSIGNALED(status) ? EXIT_PEER : EXIT_FAILED, "not SIGBUS: %s", words);
}

static void load_guarded(char *memory)
{
    struct sigaction action = {.sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO};
    sigemptyset(&action.sa_mask);
    or_fail(sigaction(SIGBUS, &action, NULL), "sigaction", "SIGBUS");
    narrate(n, LEFT, "sigaction(SIGBUS), sigsetjmp()");
    if (sigsetjmp(way_out, 1) == 0) {
        narrate(n, LEFT, "byte = memory[0]");
        const volatile char byte = *(volatile char *)memory;
        (void)byte;
        fail_that(EXIT_FAILED, "this system does not raise SIGBUS");
    }
    if (code != BUS_ADRERR || address != memory)
        fail_that(EXIT_FAILED, "SIGBUS came from elsewhere");
    narrate(n, LEFT, "SIGBUS at %p", address);
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
