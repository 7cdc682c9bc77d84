/*
 * The role `bench`: options, and the plan of what is measured, row by row.
 */
#include "ipc/bench/bench.h"

#include <inttypes.h>
#include <stdio.h>

enum { ROWS_MOST = 4 * SIZES_MOST * 2 /* variants, sizes, waits */ };

static struct bench_case plan[ROWS_MOST];
static size_t rows;

struct bench_options parse_bench_options(const struct role *role, int argc, char **argv,
                                         const char *size_help)
{
    static const char *const waits[] = {"block", "spin", NULL};
    int wait = NOT_GIVEN;
    /* the whole of a default run is to end within ten seconds */
    struct bench_options options = {.last_wait = WAIT_SPIN, .effort.seconds = 6};
    const struct option_row table[] = {
        OPTION(sizes, &options.sizes, .name = "size", .argument = "SIZE", .least = 1,
               .most = 1 << 30, .help = size_help),
        OPTION(number, &options.effort.count, .name = "count", .letter = 'n', .argument = "N",
               .least = 1, .most = 100000000,
               .help = "round trips (default: as many as the time allows)"),
        OPTION(size, &options.effort.bytes, .name = "bytes", .argument = "SIZE", .least = 1,
               .help = "one way, per repetition (default: as many as the time allows)"),
        OPTION(choice, &wait, .name = "wait", .argument = "block|spin", .choices = waits,
               .help = "sleep in the kernel, or poll without sleeping (default: both)"),
        OPTION(flag, &options.csv, .name = "csv", .help = "bare numbers, one row a line"),
        {0}};
    parse_arguments(role, argc, argv, table, 0);
    if (wait != NOT_GIVEN)
        options.first_wait = options.last_wait = (enum bench_wait)wait;
    return options;
}

/* Whether the variant carries messages of that size; complains if not, and if it was asked for. */
static bool carries(const struct bench_variant *variant, uint64_t size, bool asked)
{
    char reason[128];
    if (variant->only_size != 0 && size != variant->only_size)
        snprintf(reason, sizeof reason, "%zu bytes, no more and no less", variant->only_size);
    else if (variant->lossy && size < sizeof size)
        snprintf(reason, sizeof reason, "at least %zu bytes in one message (its number)",
                 sizeof size);
    else if (variant->most != 0 && size > variant->most)
        snprintf(reason, sizeof reason, "at most %" PRIu64 " bytes in one message (%s)",
                 variant->most, variant->limit);
    else
        return true;
    if (asked)
        complain_that("--size %" PRIu64 ": %s carries %s", size, variant->name, reason);
    return false;
}

/* Returns whether all sizes that were asked for can be measured: nothing is clamped. */
static bool plan_variant(const struct role *role, const struct bench_variant *variant,
                         const struct bench_options *options)
{
    static const struct sizes usual = {3, {64, 1024, 65536}};
    const struct sizes only = {1, {variant->only_size}};
    const bool given = options->sizes.count > 0, alone = variant->alone != NULL;
    /* an operation of one process has one row, whichever waits are asked for */
    const enum bench_wait first = alone ? NO_WAIT : options->first_wait;
    const enum bench_wait last = alone ? NO_WAIT : options->last_wait;
    const bool one_size = variant->sizeless || variant->only_size != 0;
    const struct sizes *sizes = given ? &options->sizes : one_size ? &only : &usual;
    bool all = true;
    if (variant->sizeless && (given || options->effort.bytes > 0))
        usage_error(role, "--%s: %s carries no bytes", given ? "size" : "bytes", variant->name);
    for (size_t i = 0; i < sizes->count; i++) {
        const uint64_t size = sizes->size[i];
        const bool carried = carries(variant, size, given);
        all = all && (carried || !given);
        for (enum bench_wait wait = first; carried && wait <= last; wait++)
            plan[rows++] = (struct bench_case){variant, wait, (size_t)size};
    }
    return all;
}

int run_bench(const struct role *role, int argc, char **argv, const char *mechanism,
              const struct bench_variant *variants)
{
    struct bench_options options = parse_bench_options(
        role, argc, argv,
        variants[0].sizeless ? "of no use here: a hand-over carries no bytes"
        : variants[0].only_size != 0
            ? "bytes of a message: the size of a value, no other"
            : "bytes of a message (repeatable; default: 64, 1K and 64K as far as it carries)");
    bool all = true;
    for (const struct bench_variant *variant = variants; variant->name != NULL; variant++)
        all = plan_variant(role, variant, &options) && all;
    if (rows == 0)
        return EXIT_FAILED;
    print_head(&options, "round trips",
               "                        round trip, microseconds               one way\n"
               "variant   wait   size   p50   p90   p99 p99.9   max  +/-  msgs/s  MiB/s  +/-");
    options.effort.seconds /= (double)rows;
    for (size_t i = 0; i < rows; i++) {
        static const struct bench_effort small = {.seconds = 0.3};
        const bool alone = plan[i].wait == NO_WAIT;
        struct bench_figures figures = measure(&plan[i], alone ? &small : &options.effort);
        if (alone)
            figures.time_spread = -1; /* it is that of the rate */
        print_row(&options, mechanism, &plan[i], &figures);
    }
    return all ? EXIT_DONE : EXIT_FAILED;
}
