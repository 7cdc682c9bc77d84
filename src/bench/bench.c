/*
 * The role `bench`: options, the plan of what is measured row by row, and the table: numbers that
 * are bare for a program, brief for a reader.
 */
#include "ipc/bench/bench.h"

#include "ipc/common/clock.h"
#include "ipc/common/io.h"
#include "ipc/transfer/platform.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { ROWS_MOST = 4 * SIZES_MOST * 2 /* variants, sizes, waits */ };
enum { MODEL_SIZE = 128, CLOCK_READINGS = 1000 };

static struct bench_case plan[ROWS_MOST];
static size_t rows;
static bool all_carried = true; /* all sizes that were asked for: nothing is clamped */

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
    all_carried = all_carried && !asked;
    if (asked)
        complain_that("--size %" PRIu64 ": %s carries %s", size, variant->name, reason);
    return false;
}

static void plan_variant(const struct role *role, const struct bench_variant *variant,
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
    if (variant->sizeless && (given || options->effort.bytes > 0))
        usage_error(role, "--%s: %s carries no bytes", given ? "size" : "bytes", variant->name);
    for (size_t i = 0; i < sizes->count; i++) {
        const bool carried = carries(variant, sizes->size[i], given);
        for (enum bench_wait wait = first; carried && wait <= last; wait++)
            plan[rows++] = (struct bench_case){variant, wait, (size_t)sizes->size[i]};
    }
}

/* What the processor calls itself; the machine, where it does not say. */
static const char *processor_model(char model[MODEL_SIZE], const char *machine)
{
    char line[256];
    FILE *file = fopen("/proc/cpuinfo", "r"); /* there is none but on Linux */
    snprintf(model, MODEL_SIZE, "%s", machine);
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "model name : %127[^\n]", model) == 1)
            break;
    if (file != NULL)
        fclose(file);
    return model;
}

void print_head(const struct bench_options *options, const char *unit, const char *columns)
{
    const struct bench_effort *total = &options->effort;
    const long processors = processors_available();
    struct utsname system;
    char model[MODEL_SIZE];
    if (options->csv) {
        puts("mechanism,variant,wait,size,count,rtt_p50_ns,rtt_p90_ns,rtt_p99_ns,rtt_p999_ns,"
             "rtt_max_ns,messages_per_s,mib_per_s");
        return;
    }
    uname(&system);
    const uint64_t began = now();
    for (int i = 1; i < CLOCK_READINGS; i++)
        now();
    const double clock_costs = (double)(now() - began) / CLOCK_READINGS;
    printf("%s %s, %s, %ld of %ld processors online\n", system.sysname, system.release,
           processor_model(model, system.machine), processors, sysconf(_SC_NPROCESSORS_ONLN));
    printf("Median of %d repetitions after a warm-up; +/- is how far they differ, and ~\n"
           "marks a row where that is over a quarter: do not trust it. Reading the clock\n"
           "costs %.0f ns, which each time includes.",
           REPETITIONS, clock_costs);
    if (total->count > 0)
        printf(" %ld %s.", total->count, unit);
    if (total->bytes > 0)
        printf(" %" PRIu64 " bytes one way.", total->bytes);
    if (total->count == 0 && total->bytes == 0)
        printf(" As many %s as %.0f seconds allow.", unit, total->seconds);
    if (processors == 1)
        printf("\nOne processor: spin yields it at every turn.");
    printf("\n\n%s\n", columns);
}

/* A cell of the CSV: a bare number, or nothing where the figure does not apply. */
static void print_bare(double figure, int decimals)
{
    putchar(',');
    if (figure >= 0)
        printf("%.*f", decimals, figure);
}

/* A cell of the table: three digits that count. */
static void print_brief(int width, double figure, const char *unit)
{
    const int decimals = figure < 9.995 ? 2 : figure < 99.95 ? 1 : 0;
    if (figure >= 0)
        printf(" %*.*f%s", width - (int)strlen(unit), decimals, figure, unit);
    else
        printf(" %*s", width, "");
}

static void print_spread(double spread)
{
    if (spread >= 0 && spread <= 9.99)
        printf(" %3.0f%%", 100 * spread);
    else
        printf(" %4s", spread > 9.99 ? ">9x" : "");
}

static void print_figures(size_t size, const struct bench_figures *figures)
{
    static const char *const sizes[] = {"", "K", "M"}, *const rates[] = {"", "k", "M"};
    int unit = 0;
    for (; size > 0 && size % 1024 == 0 && unit < 2; unit++)
        size /= 1024;
    printf(" %*.0zu%s", unit > 0 ? 4 : 5, size, sizes[unit]); /* blank for 0 */
    for (int i = 0; i < PERCENTILES; i++)
        print_brief(5, figures->time[i] / 1e3, "");
    print_spread(figures->time_spread);
    double rate = figures->messages;
    for (unit = 0; rate >= 1000 && unit < 2; unit++)
        rate /= 1000;
    print_brief(7, rate, rates[unit]);
    print_brief(6, figures->mebibytes, "");
    print_spread(figures->messages_spread);
    puts(figures->time_spread > 0.25 || figures->messages_spread > 0.25 ? " ~" : "");
    if (figures->lost + figures->lost_one_way > 0)
        printf("%-9s lost: %ld of %ld round trips, %ld messages one way\n", "", figures->lost,
               figures->count, figures->lost_one_way);
}

void print_row(const struct bench_options *options, const char *mechanism,
               const struct bench_case *bench, const struct bench_figures *figures)
{
    static const char *const waits[] = {"block", "spin", [NO_WAIT] = ""};
    const char *variant = bench->variant->name, *wait = waits[bench->wait];
    if (options->csv) {
        printf("%s,%s,%s", mechanism, variant, wait);
        print_bare(bench->size > 0 ? (double)bench->size : -1, 0);
        print_bare((double)figures->count, 0);
        for (int i = 0; i < PERCENTILES; i++)
            print_bare(figures->time[i], 0);
        print_bare(figures->messages, 0);
        print_bare(figures->mebibytes, 1);
        puts("");
    } else {
        printf("%-9s %-5s", variant, wait);
        print_figures(bench->size, figures);
    }
    flush_output();
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
    for (const struct bench_variant *variant = variants; variant->name != NULL; variant++)
        plan_variant(role, variant, &options);
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
    return all_carried ? EXIT_DONE : EXIT_FAILED;
}
