/*
 * The table: numbers that are bare for a program, brief for a reader.
 */
#include "ipc/bench/table.h"

#include "ipc/bench/platform.h"
#include "ipc/common/clock.h"
#include "ipc/common/error.h"
#include "ipc/transfer/platform.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { CELL = 24 };

static void read_clock(const struct bench_case *bench)
{
    (void)bench;
    now();
}

static double clock_cost(void)
{
    const struct bench_variant variant = {.alone = read_clock};
    return measure(&variant, &(struct bench_case){0}, &(struct bench_effort){.seconds = 0.001})
        .time[0];
}

void print_head(bool csv, const struct bench_effort *total, const char *unit, const char *columns)
{
    struct utsname system;
    char model[128];
    const long processors = processors_available();
    if (csv) {
        puts("mechanism,variant,wait,size,count,rtt_p50_ns,rtt_p90_ns,rtt_p99_ns,rtt_p999_ns,"
             "rtt_max_ns,messages_per_s,mib_per_s");
        return;
    }
    uname(&system);
    printf("%s %s, %s, %ld of %ld processors online\n", system.sysname, system.release,
           processor_model(model, sizeof model), processors, sysconf(_SC_NPROCESSORS_ONLN));
    printf("Median of %d repetitions after a warm-up; +/- is how far they differ, and ~\n"
           "marks a row where that is over a quarter: do not trust it. Reading the clock\n"
           "costs %.0f ns, which each time includes.",
           REPETITIONS, clock_cost());
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
static const char *bare(char cell[CELL], double figure, int decimals)
{
    cell[0] = '\0';
    if (figure >= 0)
        snprintf(cell, CELL, "%.*f", decimals, figure);
    return cell;
}

/* A cell of the table: three digits that count. */
static const char *brief(char cell[CELL], double figure, const char *unit)
{
    cell[0] = '\0';
    if (figure >= 0)
        snprintf(cell, CELL, "%.*f%s", figure < 9.995 ? 2 : figure < 99.95 ? 1 : 0, figure, unit);
    return cell;
}

/* In thousands (k) or millions (M). */
static const char *scaled(char cell[CELL], double figure)
{
    if (figure >= 1e6)
        return brief(cell, figure / 1e6, "M");
    return figure >= 1e3 ? brief(cell, figure / 1e3, "k") : brief(cell, figure, "");
}

static const char *percent(char cell[CELL], double share)
{
    cell[0] = '\0';
    if (share > 9.99)
        snprintf(cell, CELL, ">9x");
    else if (share >= 0)
        snprintf(cell, CELL, "%.0f%%", 100 * share);
    return cell;
}

/* 1000, 1K, 1M */
static const char *brief_size(char cell[CELL], size_t size)
{
    cell[0] = '\0';
    if (size >= 1 << 20 && size % (1 << 20) == 0)
        snprintf(cell, CELL, "%zuM", size >> 20);
    else if (size >= 1 << 10 && size % (1 << 10) == 0)
        snprintf(cell, CELL, "%zuK", size >> 10);
    else if (size > 0)
        snprintf(cell, CELL, "%zu", size);
    return cell;
}

static void print_csv(const struct bench_row *row)
{
    const struct bench_figures *figures = &row->figures;
    char cell[CELL], last[CELL];
    printf("%s,%s,%s,%s,%ld", row->mechanism, row->variant, row->wait,
           bare(cell, row->size > 0 ? (double)row->size : -1, 0), figures->count);
    for (int i = 0; i < PERCENTILES; i++)
        printf(",%s", bare(cell, figures->time[i], 0));
    printf(",%s,%s\n", bare(cell, figures->messages, 0), bare(last, figures->mebibytes, 1));
}

static void print_line(const struct bench_row *row)
{
    const struct bench_figures *figures = &row->figures;
    const bool wide = figures->time_spread > 0.25 || figures->messages_spread > 0.25;
    char cells[4][CELL];
    printf("%-9s %-5s %5s", row->variant, row->wait, brief_size(cells[0], row->size));
    for (int i = 0; i < PERCENTILES; i++)
        printf(" %5s", brief(cells[0], figures->time[i] / 1e3, ""));
    printf(" %4s %7s %6s %4s%s\n", percent(cells[0], figures->time_spread),
           scaled(cells[1], figures->messages), brief(cells[2], figures->mebibytes, ""),
           percent(cells[3], figures->messages_spread), wide ? " ~" : "");
    if (figures->lost + figures->lost_one_way > 0)
        printf("%-9s lost: %ld of %ld round trips, %ld messages one way\n", "", figures->lost,
               figures->count, figures->lost_one_way);
}

void print_row(bool csv, const struct bench_row *row)
{
    if (csv)
        print_csv(row);
    else
        print_line(row);
    if (fflush(stdout) != 0)
        fail("write", "standard output");
}
