/* SPDX-License-Identifier: MIT
 * The role `bench`: its options, and the plan of what is measured row by row.
 */
#include "ipc/bench/bench.h"
#include "ipc/bench/platform.h"

#include "ipc/common/clock.h"
#include "ipc/common/io.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROWS_MOST = 4 * SIZES_MOST * 3 /* variants, sizes, waits and places */, VISITS_MOST = 9 };

static struct bench_case plan[ROWS_MOST];
static struct bench_record *records[ROWS_MOST];
static size_t rows;
static bool all_carried = true; /* all sizes that were asked for: nothing is clamped */

const char *const wait_names[] = {"block", "spin", NULL};

/* The values of --cpus, and of enum bench_cpus the first three. */
const char *const cpus_names[] = {"free", "same", "two", "both", NULL};
enum { ON_BOTH = ON_TWO + 1 };

/* Where one way of waiting is measured, a bit for each place. forks: by one side itself. */
static unsigned places(const struct role *role, enum bench_wait wait, bool asked, int cpus,
                       bool forks)
{
    enum { IN_FREE = 1 << FREE, IN_ONE = 1 << ON_ONE, IN_TWO = 1 << ON_TWO };
    const char *name = cpus == NOT_GIVEN ? NULL : cpus_names[cpus];
    const bool one = placement.count == 1 || forks, spins = wait == WAIT_SPIN;
    if (forks && cpus >= ON_TWO)
        usage_error(role, "--cpus %s: a child starts where its parent runs: same or free", name);
    if (spins && cpus == ON_ONE && asked)
        usage_error(role, "--wait spin --cpus same: each would poll until the other's turn comes");
    if (placement.count == 0 || cpus == FREE)
        return IN_FREE;
    if (one && cpus >= ON_TWO)
        fail_that(EXIT_FAILED, "--cpus %s: this process may run on one processor only", name);
    if (spins)
        return one ? (asked ? IN_FREE : 0) : cpus == ON_ONE ? 0 : IN_TWO;
    return cpus == ON_TWO ? IN_TWO : one || cpus == ON_ONE ? IN_ONE : IN_ONE | IN_TWO;
}

static struct bench_options parse(const struct role *role, int argc, char **argv,
                                  const struct bench_variant *first)
{
    int wait = NOT_GIVEN, cpus = NOT_GIVEN;
    /* the whole of a default run is to end within ten seconds */
    struct bench_options options = {.effort.seconds = 6};
    const char *size_help =
        first->starts     ? "bytes that the parent has more (repeatable; default: 0, 16M and 256M)"
        : first->sizeless ? "of no use here: a hand-over carries no bytes"
        : first->only_size != 0
            ? "bytes of a message: the size of a value, no other"
            : "bytes of a message (repeatable; default: 64, 1K and 64K as far as it carries)";
    const struct option_row table[] = {
        OPTION(sizes, &options.sizes, .name = "size", .argument = "SIZE", .least = 1,
               .most = 1 << 30, .help = size_help),
        OPTION(number, &options.effort.count, .name = "count", .letter = 'n', .argument = "N",
               .least = 1, .most = 100000000,
               .help = "round trips (default: as many as the time allows)"),
        OPTION(size, &options.effort.bytes, .name = "bytes", .argument = "SIZE", .least = 1,
               .help = "one way, per repetition (default: as many as the time allows)"),
        OPTION(choice, &wait, .name = "wait", .argument = "block|spin", .choices = wait_names,
               .help = "sleep in the kernel, or poll without sleeping (default: both)"),
        OPTION(choice, &cpus, .name = "cpus", .argument = "same|two|both|free",
               .choices = cpus_names,
               .help = first->starts
                           ? "same: a child's processor is its parent's; free: any (default: free "
                             "for spin)"
                           : "both sides on one processor, on two, each, or any (default: both)"),
        OPTION(flag, &options.csv, .name = "csv", .help = "bare numbers, one row a line"),
        {0}};
    parse_arguments(role, argc, argv, table, 0);
    choose_processors();
    if (placement.count == 0 && cpus != NOT_GIVEN && cpus != FREE)
        complain_that("--cpus %s: nobody can be pinned here; free is measured", cpus_names[cpus]);
    for (enum bench_wait way = WAIT_BLOCK; way <= WAIT_SPIN; way++) {
        if (wait != NOT_GIVEN && wait != (int)way)
            continue;
        const unsigned all = places(role, way, wait != NOT_GIVEN, cpus, first->starts);
        for (int place = ON_TWO; place >= FREE; place--)
            if (all & 1U << place)
                options.kinds[options.kind_count++] =
                    (struct bench_case){.wait = way, .cpus = (enum bench_cpus)place};
    }
    options.pinned = cpus != FREE;
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
    else if (variant->most > 0 && size > (uint64_t)variant->most)
        snprintf(reason, sizeof reason, "at most %ld bytes in one message (%s)", variant->most,
                 variant->limit);
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
    static const struct sizes usual = {3, {64, 1024, 65536}},
                              memory = {3, {0, 16 << 20, 256 << 20}};
    const struct sizes only = {1, {variant->only_size}};
    const bool given = options->sizes.count > 0, one_size = variant->sizeless || only.size[0] != 0;
    /* an operation that waits for nobody has one row, whichever waits are asked for */
    const struct bench_case once = {.wait = NO_WAIT, .cpus = options->pinned ? ON_ONE : FREE};
    const bool waits = variant->alone == NULL || variant->starts;
    const struct bench_case *kinds = waits ? options->kinds : &once;
    const size_t count = waits ? options->kind_count : 1;
    const struct sizes *sizes = given             ? &options->sizes
                                : variant->starts ? &memory
                                : one_size        ? &only
                                                  : &usual;
    if (variant->sizeless && ((given && !variant->starts) || options->effort.bytes > 0))
        usage_error(role, "--%s: %s carries no bytes", options->effort.bytes > 0 ? "bytes" : "size",
                    variant->name);
    for (size_t i = 0; i < sizes->count; i++) {
        const bool carried = carries(variant, sizes->size[i], given);
        for (size_t kind = 0; carried && kind < count; kind++)
            plan[rows++] = (struct bench_case){variant, kinds[kind].wait, (size_t)sizes->size[i],
                                               kinds[kind].cpus};
    }
}

/* Each kind of rows has its reference: measured before each round of visits, and after the last. */
struct reference {
    double times[VISITS_MOST + 1];
    size_t count;
};
static struct reference references[WAIT_SPIN + 1][ON_TWO + 1];

static struct reference *reference_of(const struct bench_case *bench)
{
    return &references[bench->wait == WAIT_SPIN][bench->cpus];
}

static void measure_references(size_t visit)
{
    for (size_t i = 0; i < rows; i++) {
        struct reference *reference = reference_of(&plan[i]);
        if (reference->count == visit)
            reference->times[reference->count++] = measure_reference(&plan[i]);
    }
}

/* Whether it moved during a third of the visits: a row outlives a disturbance of fewer. */
static bool is_doubtful(const struct reference *reference)
{
    size_t moves = 0;
    for (size_t i = 1; i < reference->count; i++)
        moves += has_moved(reference->times[i - 1], reference->times[i]);
    return 3 * moves >= reference->count - 1;
}

static void print_references(bool csv)
{
    bool busy = false;
    for (int wait = WAIT_BLOCK; wait <= WAIT_SPIN; wait++)
        for (int cpus = ON_TWO; cpus >= FREE; cpus--) {
            const struct reference *of = &references[wait][cpus];
            const double first = of->times[0], last = of->count > 0 ? of->times[of->count - 1] : 0;
            busy = busy || has_moved(first, last);
            if (of->count > 0 && !csv)
                printf("Reference, %s %s: %.2f microseconds before all rows, %.2f after.\n",
                       wait_names[wait], cpus_names[cpus], first / 1e3, last / 1e3);
        }
    flush_output();
    if (busy)
        complain_that("the machine was busy: a reference moved by more than a quarter");
}

/*
 * Each row is measured in several visits, spread over the whole run: what disturbs the machine for
 * a second then spoils a part of each row, and not all of one. A parent of 256 MiB takes as long to
 * be made as to be measured, and is visited less often.
 */
static void measure_rows(const struct bench_effort *effort)
{
    const size_t visits = effort->count > 0 || effort->bytes > 0 ? 1
                          : plan[0].variant->starts              ? 3
                                                                 : VISITS_MOST;
    const struct bench_effort small = {.seconds = 0.3 / (double)visits};
    struct bench_effort share = *effort;
    share.seconds /= (double)(rows * visits);
    /* where others use the processors, too, each takes longer: there are fewer then */
    const uint64_t deadline = now() + (uint64_t)(2e9 * effort->seconds);
    size_t visit = 0;
    for (; visit < visits && (visit == 0 || now() < deadline); visit++) {
        measure_references(visit);
        for (size_t i = 0; i < rows; i++)
            measure(&plan[i], plan[i].wait == NO_WAIT ? &small : &share, records[i]);
    }
    measure_references(visit);
}

int run_bench(const struct role *role, int argc, char **argv, const struct bench_variant *variants)
{
    const struct bench_options options = parse(role, argc, argv, &variants[0]);
    for (const struct bench_variant *variant = variants; variant->name != NULL; variant++)
        plan_variant(role, variant, &options);
    if (rows == 0)
        return EXIT_FAILED;
    print_head(&options, &variants[0]);
    for (size_t i = 0; i < rows; i++)
        records[i] = new_record();
    measure_rows(&options.effort);
    for (size_t i = 0; i < rows; i++) {
        const struct bench_figures figures = figures_of(&plan[i], records[i]);
        print_row(&options, &plan[i], &figures, is_doubtful(reference_of(&plan[i])));
        free(records[i]);
    }
    print_references(options.csv);
    return all_carried ? EXIT_DONE : EXIT_FAILED;
}
