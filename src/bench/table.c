/*
 * The table: numbers that are bare for a program, brief for a reader.
 */
#include "ipc/bench/bench.h"

#include "ipc/common/clock.h"
#include "ipc/common/error.h"
#include "ipc/transfer/platform.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { MODEL_SIZE = 128 };

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

static void read_clock(const struct bench_case *bench)
{
    (void)bench;
    now();
}

void print_head(const struct bench_options *options, const char *unit, const char *columns)
{
    const struct bench_case clock = {.variant = &(struct bench_variant){.alone = read_clock}};
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
    printf("%s %s, %s, %ld of %ld processors online\n", system.sysname, system.release,
           processor_model(model, system.machine), processors, sysconf(_SC_NPROCESSORS_ONLN));
    printf("Median of %d repetitions after a warm-up; +/- is how far they differ, and ~\n"
           "marks a row where that is over a quarter: do not trust it. Reading the clock\n"
           "costs %.0f ns, which each time includes.",
           REPETITIONS, measure(&clock, &(struct bench_effort){.seconds = 0.001}).time[0]);
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
    if (fflush(stdout) != 0)
        fail("write", "standard output");
}
