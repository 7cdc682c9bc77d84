/*
 * The role `bench`: options, and the plan of what is measured, row by row.
 */
#include "ipc/bench/bench.h"

#include <inttypes.h>
#include <stdio.h>

enum { ROWS_MOST = 256, TEXT = 128 };

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

static void plan_rows(const struct bench_variant *variant, uint64_t size, int wait)
{
    for (enum bench_wait each = WAIT_BLOCK; each <= WAIT_SPIN; each++) {
        if (wait != BOTH_WAITS && wait != (int)each)
            continue;
        if (variant->alone != NULL && each == WAIT_SPIN && wait == BOTH_WAITS)
            continue; /* it waits for nobody: one row */
        if (rows == ROWS_MOST)
            fail_that(EXIT_FAILED, "more than %d rows", ROWS_MOST);
        plan[rows].variant = variant;
        plan[rows++].bench = (struct bench_case){each, (size_t)size};
    }
}

/* Returns whether all sizes that were asked for can be measured: nothing is clamped. */
static bool plan_variant(const struct role *role, const struct bench_variant *variant,
                         const struct bench_options *options)
{
    static const uint64_t usual_sizes[] = {64, 1024, 65536};
    const uint64_t only_size[] = {variant->only_size}, *sizes = usual_sizes;
    const bool given = options->sizes.count > 0;
    size_t count = sizeof usual_sizes / sizeof *usual_sizes;
    bool all = true;
    if (given && variant->sizeless)
        usage_error(role, "--size: %s carries no bytes", variant->name);
    if (options->effort.bytes > 0 && variant->sizeless)
        usage_error(role, "--bytes: %s carries no bytes", variant->name);
    if (given) {
        sizes = options->sizes.size;
        count = options->sizes.count;
    } else if (variant->sizeless || *only_size != 0) {
        sizes = only_size;
        count = 1;
    }
    for (size_t i = 0; i < count; i++) {
        char text[TEXT];
        const char *reason = obstacle(variant, sizes[i], text);
        if (reason == NULL) {
            plan_rows(variant, sizes[i], options->wait);
        } else if (given) {
            complain_that("--size %" PRIu64 ": %s %s", sizes[i], variant->name, reason);
            all = false;
        }
    }
    return all;
}

static void measure_row(const char *mechanism, const struct planned_row *planned,
                        const struct bench_effort *effort, bool csv)
{
    const struct bench_variant *variant = planned->variant;
    struct bench_row row = {.mechanism = mechanism,
                            .variant = variant->name,
                            .wait = planned->bench.wait == WAIT_BLOCK ? "block" : "spin",
                            .size = planned->bench.size};
    if (variant->alone == NULL) {
        row.figures = measure(variant, &planned->bench, effort);
    } else {
        row.wait = "";
        row.figures = measure(variant, &planned->bench, &(struct bench_effort){.seconds = 0.3});
        row.figures.time_spread = -1; /* it is that of the rate */
    }
    print_row(csv, &row);
}

int run_bench(const struct role *role, int argc, char **argv, const char *mechanism,
              const struct bench_variant *variants)
{
    const struct bench_options options = parse_bench_options(
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
    print_head(options.csv, &options.effort, "round trips",
               "                        round trip, microseconds               one way\n"
               "variant   wait   size   p50   p90   p99 p99.9   max  +/-  msgs/s  MiB/s  +/-");
    struct bench_effort effort = options.effort;
    effort.seconds /= (double)rows;
    for (size_t i = 0; i < rows; i++)
        measure_row(mechanism, &plan[i], &effort, options.csv);
    return all ? EXIT_DONE : EXIT_FAILED;
}
