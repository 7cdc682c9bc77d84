/* SPDX-License-Identifier: MIT
 * ipc-fork bench: what a new process costs, from its start until it has been waited for; and how
 * that grows with the memory that its parent has, since fork() copies the tables of all its pages.
 *
 * Usage: ipc-fork bench [--size SIZE]… [--wait block|spin] [--cpus same|free] [OPTION]…
 */
#include "fork.h"

#include "ipc/bench/bench.h"
#include "ipc/common/children.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <unistd.h>

extern char **environ;

static const char *program; /* one that does nothing */

static void *memory; /* that the parent has more */
static size_t size;

static bench_action fill_memory, fork_and_exit, fork_and_exec, spawn;
static void empty_memory(void);

#define STARTS .sizeless = true, .starts = true, .open = fill_memory, .close = empty_memory

int fork_bench(const struct role *role, int argc, char **argv)
{
    static const struct bench_variant variants[] = {
        VARIANT("fork", STARTS, .alone = fork_and_exit),
        VARIANT("fork+exec", STARTS, .alone = fork_and_exec),
        VARIANT("spawn", STARTS, .alone = spawn),
        {0}};
    program = access("/bin/true", X_OK) == 0 ? "/bin/true" : "/usr/bin/true";
    return run_bench(role, argc, argv, variants);
}

/* A page that is touched is resident; volatile: otherwise the compiler may leave out the stores. */
static void fill_memory(const struct bench_case *bench)
{
    or_fail(access(program, X_OK), "access", "/bin/true");
    /* not malloc(): what is freed may stay in the process, and the next rows would pay for it */
    const int zeros = or_fail(open("/dev/zero", O_RDONLY), "open", "/dev/zero");
    size = bench->size + 1;
    memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, zeros, 0);
    if (memory == MAP_FAILED)
        fail("mmap", NULL);
    close(zeros);
    for (size_t at = 0; at < size; at += 4096)
        ((volatile char *)memory)[at] = 'r';
}

static void empty_memory(void)
{
    munmap(memory, size);
}

/* Waits for the child of one of the three, which must have succeeded. */
static void await_end(const char *name, pid_t child, const struct bench_case *bench)
{
    int status;
    pid_t ended;
    or_fail(child, name, NULL);
    while ((ended = waitpid(child, &status, bench->wait == WAIT_SPIN ? WNOHANG : 0)) != child) {
        if (ended == 0)
            bench_spin();
        else
            bench_retry("waitpid");
    }
    end_if_signalled(); /* what ended the child by Ctrl-C ended us, too */
    end_as_child(child, "child", status);
}

static void fork_and_exit(const struct bench_case *bench)
{
    const pid_t child = fork();
    if (child == 0)
        _exit(EXIT_DONE);
    await_end("fork", child, bench);
}

static void fork_and_exec(const struct bench_case *bench)
{
    const pid_t child = fork();
    if (child == 0) {
        execl(program, program, (char *)NULL);
        _exit(EXIT_NOT_FOUND);
    }
    await_end("fork+exec", child, bench);
}

static void spawn(const struct bench_case *bench)
{
    char *arguments[] = {(char *)program, NULL};
    pid_t child;
    errno = posix_spawn(&child, program, NULL, NULL, arguments, environ);
    await_end("spawn", errno == 0 ? child : -1, bench);
}
