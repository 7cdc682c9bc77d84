/*
 * The role `bench`: options, and the plan of what is measured, row by row.
 */
#include "ipc/bench/bench.h"

#include <inttypes.h>
#include <stdio.h>

enum { ROWS_MOST = 4 * SIZES_MOST * 2 /* variants, sizes, waits */, TEXT = 128 };

static struct planned_row {
    const struct bench_variant *variant;
    struct bench_case bench;
} plan[ROWS_MOST];
static size_t rows;

struct bench_options parse_bench_options(const struct role *role, int argc, char **argv,
                                         const char *size_help)
{
    static const char *const waits[] = {"block", "spin", NULL};
    /* the whole of a default run is to end within ten seconds */
    struct bench_options options = {.wait = BOTH_WAITS, .effort.seconds = 6};
    const struct option_row table[] = {
        {.name = "size",
         .argument = "SIZE",
         .sizes = &options.sizes,
         .least = 1,
         .most = 1 << 30,
         .help = size_help},
        {.name = "count",
         .letter = 'n',
         .argument = "N",
         .number = &options.effort.count,
         .least = 1,
         .most = 100000000,
         .help = "round trips (default: as many as the time allows)"},
        {.name = "bytes",
         .argument = "SIZE",
         .size = &options.effort.bytes,
         .least = 1,
         .help = "one way, per repetition (default: as many as the time allows)"},
        {.name = "wait",
         .argument = "block|spin",
         .choice = &options.wait,
         .choices = waits,
         .help = "sleep in the kernel, or poll without sleeping (default: both)"},
        {.name = "csv", .flag = &options.csv, .help = "bare numbers, one row a line"},
        {0}};
    parse_arguments(role, argc, argv, table, 0);
    return options;
}

/* Why the variant cannot carry messages of that size, in text; NULL if it can. */
static const char *obstacle(const struct bench_variant *variant, uint64_t size, char text[TEXT])
{
    if (variant->only_size != 0 && size != variant->only_size)
        snprintf(text, TEXT, "carries %zu bytes, no more and no less", variant->only_size);
    else if (variant->lossy && size < sizeof(uint64_t))
        snprintf(text, TEXT, "carries at least %zu bytes in one message (its number)",
                 sizeof(uint64_t));
    else if (variant->most != 0 && size > variant->most)
        snprintf(text, TEXT, "carries at most %" PRIu64 " bytes in one message (%s)", variant->most,
                 variant->limit);
    else
        return NULL;
    return text;
}

/* An operation of one process waits for nobody: it has one row, whichever waits are asked for. */
static bool has_row(const struct bench_variant *variant, enum bench_wait wait, int asked)
{
    if (variant->alone != NULL)
        return wait == NO_WAIT;
    return wait != NO_WAIT && (asked == BOTH_WAITS || asked == (int)wait);
}

/* Returns whether all sizes that were asked for can be measured: nothing is clamped. */
static bool plan_variant(const struct role *role, const struct bench_variant *variant,
                         const struct bench_options *options)
{
    static const struct sizes usual = {3, {64, 1024, 65536}};
    const struct sizes only = {1, {variant->only_size}};
    const bool given = options->sizes.count > 0;
    const bool one_size = variant->sizeless || variant->only_size != 0;
    const struct sizes *sizes = given ? &options->sizes : one_size ? &only : &usual;
    bool all = true;
    if (variant->sizeless && (given || options->effort.bytes > 0))
        usage_error(role, "--%s: %s carries no bytes", given ? "size" : "bytes", variant->name);
    for (size_t i = 0; i < sizes->count; i++) {
        char text[TEXT];
        const char *reason = obstacle(variant, sizes->size[i], text);
        for (enum bench_wait wait = WAIT_BLOCK; reason == NULL && wait <= NO_WAIT; wait++)
            if (has_row(variant, wait, options->wait))
                plan[rows++] = (struct planned_row){variant, {wait, (size_t)sizes->size[i]}};
        if (reason == NULL || !given)
            continue;
        complain_that("--size %" PRIu64 ": %s %s", sizes->size[i], variant->name, reason);
        all = false;
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
        const bool alone = plan[i].variant->alone != NULL;
        struct bench_figures figures =
            measure(plan[i].variant, &plan[i].bench, alone ? &small : &options.effort);
        if (alone)
            figures.time_spread = -1; /* it is that of the rate */
        print_row(&options, mechanism, plan[i].variant->name, &plan[i].bench, &figures);
    }
    return all ? EXIT_DONE : EXIT_FAILED;
}
