/*
 * ipc-fork bench: what a new process costs, from its start until it has been waited for; and how
 * that grows with the memory that its parent has, since fork() copies the tables of all its pages.
 *
 * Usage: ipc-fork bench [--size SIZE]… [--count N] [--wait block|spin] [--csv]
 */
#include "fork.h"

#include "ipc/bench/bench.h"
#include "ipc/common/children.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const char *program; /* one that does nothing */

static void *resident_memory(size_t size);
static bench_action fork_and_exit, fork_and_exec, spawn;

int fork_bench(const struct role *role, int argc, char **argv)
{
    static const struct bench_variant variants[] = {
        {.name = "fork", .sizeless = true, .alone = fork_and_exit},
        {.name = "fork+exec", .sizeless = true, .alone = fork_and_exec},
        {.name = "spawn", .sizeless = true, .alone = spawn},
        {0}};
    static const struct sizes usual = {3, {0, 16 << 20, 256 << 20}};
    struct bench_options options = parse_bench_options(
        role, argc, argv, "bytes that the parent has more (repeatable; default: 0, 16M and 256M)");
    const struct sizes *sizes = options.sizes.count > 0 ? &options.sizes : &usual;
    if (options.effort.bytes > 0)
        usage_error(role, "--bytes: fork carries no bytes; --size is the memory of the parent");
    program = access("/bin/true", X_OK) == 0 ? "/bin/true" : "/usr/bin/true";
    or_fail(access(program, X_OK), "access", "/bin/true");
    print_head(&options, "processes",
               "          more        start to end, microseconds          one after another\n"
               "variant   wait memory   p50   p90   p99 p99.9   max  +/-     1/s         +/-");
    const int waits = 1 + (int)options.last_wait - (int)options.first_wait;
    options.effort.seconds /= (double)sizes->count * 3 * waits;
    for (size_t i = 0; i < sizes->count; i++) {
        void *memory = resident_memory((size_t)sizes->size[i]);
        for (const struct bench_variant *variant = variants; variant->name != NULL; variant++)
            for (enum bench_wait wait = options.first_wait; wait <= options.last_wait; wait++) {
                const struct bench_case bench = {variant, wait, (size_t)sizes->size[i]};
                const struct bench_figures figures = measure(&bench, &options.effort);
                print_row(&options, "fork", &bench, &figures);
            }
        free(memory);
    }
    return EXIT_DONE;
}

/* A page that is touched is resident; volatile: otherwise the compiler may leave out the stores. */
static void *resident_memory(size_t size)
{
    volatile char *memory = malloc(size + 1);
    if (memory == NULL)
        fail("malloc", NULL);
    for (size_t at = 0; at < size; at += 4096)
        memory[at] = 'r';
    return (void *)memory;
}

/* Waits for the child of one of the three, which must have succeeded. */
static void await_end(const char *name, pid_t child, const struct bench_case *bench)
{
    int status;
    pid_t ended;
    or_fail(child, name, NULL);
    do {
        ended = waitpid(child, &status, bench->wait == WAIT_SPIN ? WNOHANG : 0);
        if (ended == 0)
            bench_spin();
        else if (ended == -1 && !interrupted())
            fail("waitpid", NULL);
    } while (ended != child);
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
