/* SPDX-License-Identifier: MIT
 * The table: numbers that are bare for a program, brief for a reader.
 */
#include "ipc/bench/bench.h"
#include "ipc/bench/platform.h"

#include "ipc/common/clock.h"
#include "ipc/common/io.h"
#include "ipc/transfer/platform.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

/* What the processor calls itself; the machine, where it does not say. */
static const char *processor_model(const char *machine)
{
    static char model[128];
    char line[256];
    FILE *file = fopen("/proc/cpuinfo", "r"); /* there is none but on Linux */
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "model name : %127[^\n]", model) == 1)
            break;
    if (file != NULL)
        fclose(file);
    return model[0] != '\0' ? model : machine;
}

/* What a reading of the clock, and what the comparing of a KiB, costs at least, in nanoseconds. */
static void measure_extras(double *clock, double *comparing)
{
    enum { SIZE = 65536, TURNS = 100 };
    const uint64_t number = 0;
    unsigned char *message = new_message(SIZE);
    memcpy(message, &number, sizeof number);
    *clock = *comparing = 1e9;
    for (int turn = 0; turn < TURNS; turn++) {
        const uint64_t began = now();
        for (int i = 1; i < TURNS; i++)
            now();
        const uint64_t middle = now();
        const bool same = is_message(message, SIZE, number, message);
        const uint64_t ended = now();
        const double reading = (double)(middle - began) / TURNS;
        const double each = 1024 * (double)(ended - middle) / SIZE;
        *clock = reading < *clock ? reading : *clock;
        *comparing = same && each < *comparing ? each : *comparing;
    }
    free(message);
}

static void print_places(bool pinned)
{
    static const char *const shared[] = {"a core", "neither core nor cache", "a cache"};
    const int first = placement.first;
    if (placement.count == 0)
        puts("Nobody can be pinned to a processor here: all run where the scheduler likes.");
    else if (placement.count == 1)
        printf("same: on processor %d, the only one. free: there, too; spin yields it.", first);
    else
        printf("same: on processor %d. two: on %d and %d, which share %s.\n"
               "free: where the scheduler likes.",
               first, first, placement.second, shared[placement.sharing]);
    if (placement.count > 0)
        printf(" No place: one process%s.\n", pinned ? ", pinned" : "");
}

void print_head(const struct bench_options *options, const struct bench_variant *first)
{
    const struct bench_effort *total = &options->effort;
    const char *unit = first->starts ? "processes" : "round trips";
    double clock, comparing;
    struct utsname system;
    if (options->csv) {
        puts("mechanism,variant,wait,cpus,size,count,rtt_p50_ns,rtt_p90_ns,rtt_p99_ns,rtt_p999_ns,"
             "rtt_max_ns,messages_per_s,mib_per_s");
        return;
    }
    uname(&system);
    printf("%s %s, %s, %ld of %ld processors online\n", system.sysname, system.release,
           processor_model(system.machine), processors_available(), sysconf(_SC_NPROCESSORS_ONLN));
    print_places(options->pinned);
    measure_extras(&clock, &comparing);
    printf("A time includes reading the clock, %.0f ns%s", clock, first->sizeless ? ".\n" : "");
    if (!first->sizeless)
        printf(", and the other side's comparing of the\n"
               "bytes, %.0f ns a KiB; those that come back are compared after the clock is read.\n",
               comparing);
    printf("One way is the median of repetitions after a warm-up, +/- how far apart their\n"
           "middle half lies. Each row is measured in several visits, with a reference, the\n"
           "round trip of one word in memory, before and after each. ~ marks a row whose\n"
           "reference moved by more than a quarter in a third of them: do not trust it.\n");
    if (total->count > 0)
        printf("%ld %s. ", total->count, unit);
    if (total->bytes > 0)
        printf("%" PRIu64 " bytes one way. ", total->bytes);
    if (total->count == 0 && total->bytes == 0)
        printf("As many %s as %.0f seconds allow.", unit, total->seconds);
    puts(first->starts
             ? "\n\n               more        start to end, microseconds     one after another\n"
               "variant   wait  cpus memory   p50   p90   p99 p99.9   max     1/s         +/-"
             : "\n\n                             round trip, microseconds               one way\n"
               "variant   wait  cpus   size   p50   p90   p99 p99.9   max  msgs/s  MiB/s  +/-");
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

static void print_figures(size_t size, const struct bench_figures *figures, bool doubtful)
{
    static const char *const sizes[] = {"", "K", "M"}, *const rates[] = {"", "k", "M"};
    int unit = 0;
    for (; size > 0 && size % 1024 == 0 && unit < 2; unit++)
        size /= 1024;
    printf(" %*.0zu%s", unit > 0 ? 4 : 5, size, sizes[unit]); /* blank for 0 */
    for (int i = 0; i < PERCENTILES; i++)
        print_brief(5, figures->time[i] / 1e3, "");
    double rate = figures->messages;
    for (unit = 0; rate >= 1000 && unit < 2; unit++)
        rate /= 1000;
    print_brief(7, rate, rates[unit]);
    print_brief(6, figures->mebibytes, "");
    printf(" %3.0f%%%s\n", 100 * figures->spread, doubtful ? " ~" : "");
    if (figures->lost + figures->lost_one_way > 0)
        printf("%-9s lost: %ld of %ld round trips, %ld messages one way\n", "", figures->lost,
               figures->count, figures->lost_one_way);
}

void print_row(const struct bench_options *options, const struct bench_case *bench,
               const struct bench_figures *figures, bool doubtful)
{
    const char *mechanism = program_name + strlen("ipc-"), *variant = bench->variant->name;
    const char *wait = bench->wait == NO_WAIT ? "" : wait_names[bench->wait];
    const char *cpus = bench->wait == NO_WAIT ? "" : cpus_names[bench->cpus];
    char row[64];
    snprintf(row, sizeof row, "%s,%s,%s,%s,%.0zu", mechanism, variant, wait, cpus, bench->size);
    if (options->csv) {
        printf("%s", row);
        print_bare((double)figures->count, 0);
        for (int i = 0; i < PERCENTILES; i++)
            print_bare(figures->time[i], 0);
        print_bare(figures->messages, 0);
        print_bare(figures->mebibytes, 1);
        puts("");
    } else {
        printf("%-9s %-5s %-4s", variant, wait, cpus);
        print_figures(bench->size, figures, doubtful);
    }
    flush_output();
    if (options->csv && doubtful)
        complain_that("%s: not to be trusted, its reference moved", row);
}
