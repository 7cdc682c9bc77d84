/*
 * ipc-fork bench: what a new process costs, from its start until it has been waited for; and how
 * that grows with the memory that its parent has, since fork() copies the tables of all its pages.
 */
#include "fork.h"

#include "ipc/bench/bench.h"
#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REPETITIONS = 5, SAMPLES_MOST = 100000, WARM_UP = 16 };

static const double seconds_for_all = 6.0;

extern char **environ;

static const char *program; /* one that does nothing */

static pid_t fork_and_exit(void)
{
    const pid_t child = fork();
    if (child == 0)
        _exit(EXIT_DONE);
    return child;
}

static pid_t fork_and_exec(void)
{
    const pid_t child = fork();
    if (child == 0) {
        execl(program, program, (char *)NULL);
        _exit(EXIT_NOT_FOUND);
    }
    return child;
}

static pid_t spawn(void)
{
    char *arguments[] = {(char *)program, NULL};
    pid_t child;
    errno = posix_spawn(&child, program, NULL, NULL, arguments, environ);
    return errno == 0 ? child : -1;
}

static const struct variant {
    const char *name;
    pid_t (*start)(void);
} variants[] = {{"fork", fork_and_exit}, {"fork+exec", fork_and_exec}, {"spawn", spawn}};

enum { VARIANTS = sizeof variants / sizeof *variants };

static void find_program(void)
{
    static const char *const places[] = {"/bin/true", "/usr/bin/true"};
    for (size_t i = 0; program == NULL && i < sizeof places / sizeof *places; i++)
        if (access(places[i], X_OK) == 0)
            program = places[i];
    if (program == NULL)
        fail("access", "/bin/true");
}

/* One process, from start to end, in nanoseconds. */
static uint64_t run_one(const struct variant *variant, enum bench_wait wait)
{
    int status;
    const uint64_t began = now();
    const pid_t child = variant->start();
    if (child == -1)
        fail(variant->name, NULL);
    for (pid_t ended;
         (ended = waitpid(child, &status, wait == WAIT_SPIN ? WNOHANG : 0)) != child;) {
        if (ended == 0)
            bench_spin();
        else if (!interrupted())
            fail("waitpid", NULL);
    }
    const uint64_t took = now() - began;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_DONE)
        fail_that(EXIT_FAILED, "%s: the child failed", variant->name);
    end_if_signalled();
    return took;
}

static void measure(const struct variant *variant, enum bench_wait wait, uint64_t resident,
                    const struct bench_options *options, double seconds)
{
    struct bench_row row = {.mechanism = "fork",
                            .variant = variant->name,
                            .wait = wait == WAIT_BLOCK ? "block" : "spin",
                            .size = (size_t)resident,
                            .sizeless = resident == 0,
                            .mebibytes = -1};
    double medians[REPETITIONS], rates[REPETITIONS];
    uint64_t one = 0;
    char *memory = resident > 0 ? malloc(resident) : NULL;
    if (resident > 0 && memory == NULL)
        fail("malloc", NULL);
    for (uint64_t at = 0; at < resident; at += 4096)
        memory[at] = 'r'; /* a page that is touched is resident */

    for (int i = 0; i < WARM_UP; i++)
        one += run_one(variant, wait);
    size_t count = (size_t)options->count;
    if (count == 0)
        count = (size_t)(seconds * 1e9 * WARM_UP / (double)one);
    if (count < REPETITIONS && options->count == 0)
        count = REPETITIONS;
    if (count > SAMPLES_MOST && options->count == 0)
        count = SAMPLES_MOST;
    uint64_t *samples = malloc(count * sizeof *samples);
    if (samples == NULL)
        fail("malloc", NULL);
    const size_t repetitions = count < REPETITIONS ? count : REPETITIONS;
    for (size_t i = 0; i < repetitions; i++) {
        const size_t first = count * i / repetitions, end = count * (i + 1) / repetitions;
        const uint64_t began = now();
        for (size_t sample = first; sample < end; sample++)
            samples[sample] = run_one(variant, wait);
        rates[i] = (double)(end - first) / ((double)(now() - began) / 1e9);
        bench_percentiles(&row, samples + first, end - first);
        medians[i] = row.p50;
    }
    bench_percentiles(&row, samples, count);
    row.p50 = bench_median(medians, repetitions, &row.rtt_spread);
    row.messages = bench_median(rates, repetitions, &row.rate_spread);
    row.count = (long)count;
    free(samples);
    free(memory);
    bench_print(options, &row);
}

int fork_bench(const struct role *role, int argc, char **argv)
{
    static const uint64_t usual_sizes[] = {0, 16 << 20, 256 << 20};
    struct bench_options options;
    bench_parse(role, argc, argv, &options,
                "bytes that the parent has more (repeatable; default: 0, 16M and 256M)");
    if (options.bytes > 0)
        usage_error(role, "--bytes: fork carries no bytes; --size is the memory of the parent");
    options.unit = "processes";
    find_program();
    const bool given = options.sizes.count > 0;
    const size_t sizes = given ? options.sizes.count : sizeof usual_sizes / sizeof *usual_sizes;
    const double rows = (double)(sizes * VARIANTS) * (options.wait == BOTH_WAITS ? 2 : 1);
    bench_head(&options,
               "          more        start to end, microseconds          one after another\n"
               "variant   wait memory   p50   p90   p99 p99.9   max  +/-     1/s         +/-");
    for (size_t i = 0; i < sizes; i++) {
        for (size_t which = 0; which < VARIANTS; which++) {
            for (enum bench_wait wait = WAIT_BLOCK; wait <= WAIT_SPIN; wait++)
                if (options.wait == BOTH_WAITS || options.wait == (int)wait)
                    measure(&variants[which], wait, given ? options.sizes.size[i] : usual_sizes[i],
                            &options, seconds_for_all / rows);
        }
    }
    return EXIT_DONE;
}
