/*
 * Measuring. The parent sends and times; the child echoes, or receives and sums.
 *
 * What is to be done next goes to the child over a pipe of the harness' own, so that between two
 * measurements both sides sleep, whatever the mechanism. If the child dies, SIGCHLD ends the
 * parent out of any wait (cleanup.h); if the parent dies, the child gets SIGTERM.
 */
#include "ipc/bench/bench.h"

#include "ipc/common/children.h"
#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/io.h"

#include "ipc/bench/platform.h"
#include "ipc/common/platform.h"
#include "ipc/transfer/platform.h"
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { REPETITIONS = 5, SAMPLES_MOST = 1000000, BATCH = 256, BATCHES_MOST = 50000 };

/* Of the whole of a default run, which is to end within ten seconds. */
static const double seconds_for_all = 6.0;

static long processors;

void bench_spin(void)
{
    static unsigned turns;
    const bool now_and_then = ++turns % 1024 == 0;
    /* on one processor the peer cannot answer while we run; on a busy machine it may wait for ours
     */
    if (processors == 1 || now_and_then)
        sched_yield();
    if (now_and_then)
        end_if_signalled();
}

/* ---- what a message holds: a fixed pattern, and its number in the first bytes ---- */

static uint64_t sum_of(const void *message, size_t size)
{
    const unsigned char *bytes = message;
    uint64_t sum[4] = {0}, word[4];
    size_t at = 0;
    for (; at + sizeof word <= size; at += sizeof word) {
        memcpy(word, bytes + at, sizeof word);
        for (int i = 0; i < 4; i++)
            sum[i] += word[i];
    }
    for (; at < size; at++)
        sum[0] += bytes[at];
    return sum[0] + sum[1] + sum[2] + sum[3];
}

struct message {
    unsigned char *bytes;
    size_t size;
    uint64_t sum; /* of the pattern with number 0 */
    uint64_t number;
};

/* The number fills up to eight bytes; only so many of its bits arrive. */
static uint64_t stamp(struct message *message, uint64_t number)
{
    if (message->size >= sizeof number) {
        memcpy(message->bytes, &number, sizeof number);
        /* a message of 8 to 31 bytes is summed byte by byte */
        return message->size >= 32 ? message->sum + number : sum_of(message->bytes, message->size);
    }
    if (message->size > 0)
        message->bytes[0] = (unsigned char)number;
    return sum_of(message->bytes, message->size);
}

static struct message new_message(size_t size)
{
    struct message message = {.bytes = malloc(size + 64), .size = size};
    if (message.bytes == NULL)
        fail("malloc", NULL);
    uint32_t random = 2463534242; /* xorshift: any pattern without runs will do */
    for (size_t i = 0; i < size; i++) {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        message.bytes[i] = (unsigned char)random;
    }
    memset(message.bytes, 0, size < sizeof message.number ? size : sizeof message.number);
    message.sum = sum_of(message.bytes, size);
    return message;
}

static void check_sum(const char *side, uint64_t got, uint64_t wanted, uint64_t number)
{
    if (got != wanted)
        fail_that(EXIT_FAILED, "%s: message %" PRIu64 " arrived damaged or out of order", side,
                  number);
}

/* ---- one pair of processes ---- */

enum order { ORDER_ECHO, ORDER_RECEIVE, ORDER_END };

struct command {
    enum order order;
    uint64_t count, first;
};

/* In memory that both share. */
struct result {
    uint64_t finished; /* when the last message was in and summed */
    uint64_t lost;
};

struct pair {
    const struct bench_variant *variant;
    struct bench_case bench;
    struct message message;
    void *buffer;
    uint64_t number; /* of the next message */
    struct result *result;
    int orders[2], answers[2];
    pid_t child;
};

static void release(const struct pair *pair, enum direction direction)
{
    if (pair->variant->release != NULL)
        pair->variant->release(&pair->bench, direction);
}

static void echo(struct pair *pair, const struct command *command)
{
    const struct bench_variant *variant = pair->variant;
    for (uint64_t i = 0; i < command->count; i++) {
        const uint64_t wanted = stamp(&pair->message, command->first + i);
        const void *got;
        for (;;) {
            got = variant->receive(&pair->bench, THERE, pair->buffer);
            if (got == NULL) /* lost, and the parent has given it up as we have */
                break;
            const uint64_t sum = sum_of(got, pair->bench.size);
            variant->send(&pair->bench, BACK, got);
            release(pair, THERE);
            if (sum == wanted)
                break;
            if (!variant->lossy) /* else: a late one, behind a lost one */
                check_sum("there", sum, wanted, command->first + i);
        }
    }
}

/*
 * Which message is it, if some were lost? False for a late one of the measurement before. One
 * without room for a whole number tells its last eight bits: so it is the next of which these are.
 */
static bool skip_lost(const struct pair *pair, const void *got, uint64_t *number, uint64_t end,
                      uint64_t *lost)
{
    uint64_t which = *number;
    if (pair->bench.size >= sizeof which)
        memcpy(&which, got, sizeof which);
    else
        which += (unsigned char)(*(const unsigned char *)got - *number);
    if (which < *number || which >= end)
        return false;
    *lost += which - *number;
    *number = which;
    return true;
}

static void receive(struct pair *pair, const struct command *command)
{
    const struct bench_variant *variant = pair->variant;
    uint64_t number = command->first, lost = 0;
    const uint64_t end = command->first + command->count;
    while (number < end) {
        const void *got = variant->receive(&pair->bench, THERE, pair->buffer);
        if (got == NULL) {
            lost += end - number;
            break;
        }
        if (variant->lossy && !skip_lost(pair, got, &number, end, &lost)) {
            release(pair, THERE);
            continue;
        }
        const uint64_t sum = sum_of(got, pair->bench.size);
        const uint64_t wanted = stamp(&pair->message, number);
        check_sum("one way", sum, wanted, number);
        release(pair, THERE);
        number++;
        if (variant->lossy || number == end) /* the last that comes; reading the clock costs */
            pair->result->finished = now();
    }
    pair->result->lost = lost;
}

static void obey(struct pair *pair)
{
    struct command command;
    if (pair->variant->enter != NULL)
        pair->variant->enter(&pair->bench, false);
    while (read_full(pair->orders[0], &command, sizeof command) == sizeof command &&
           command.order != ORDER_END) {
        if (command.order == ORDER_ECHO)
            echo(pair, &command);
        else
            receive(pair, &command);
        if (!write_full(pair->answers[1], "", 1))
            fail("write", "pipe");
    }
}

static void order(struct pair *pair, enum order what, uint64_t count)
{
    const struct command command = {what, count, pair->number};
    if (!write_full(pair->orders[1], &command, sizeof command))
        fail("write", "pipe");
}

static void await_answer(const struct pair *pair)
{
    char answer;
    if (read_full(pair->answers[0], &answer, 1) != 1)
        fail_that(EXIT_PEER, "the other process (pid %ld) died", (long)pair->child);
}

/* count round trips; their times to samples, if that is not NULL. Returns how many were lost. */
static uint64_t round_trips(struct pair *pair, uint64_t count, uint64_t *samples)
{
    const struct bench_variant *variant = pair->variant;
    uint64_t lost = 0;
    order(pair, ORDER_ECHO, count);
    for (uint64_t i = 0; i < count; i++) {
        const uint64_t wanted = stamp(&pair->message, pair->number++);
        const uint64_t began = now();
        variant->send(&pair->bench, THERE, pair->message.bytes);
        const void *got = variant->receive(&pair->bench, BACK, pair->buffer);
        while (variant->lossy && got != NULL && sum_of(got, pair->bench.size) != wanted)
            got = variant->receive(&pair->bench, BACK, pair->buffer); /* past a late one */
        if (samples != NULL)
            samples[i - lost] = now() - began;
        if (got == NULL) {
            lost++;
            continue;
        }
        const uint64_t sum = sum_of(got, pair->bench.size);
        release(pair, BACK);
        check_sum("back", sum, wanted, pair->number - 1);
    }
    await_answer(pair);
    return lost;
}

/* count messages one way. Returns the seconds from the first send to the last receipt. */
static double one_way(struct pair *pair, uint64_t count, uint64_t *lost)
{
    order(pair, ORDER_RECEIVE, count);
    const uint64_t began = now();
    pair->result->finished = began;
    for (uint64_t i = 0; i < count; i++) {
        stamp(&pair->message, pair->number++);
        pair->variant->send(&pair->bench, THERE, pair->message.bytes);
    }
    await_answer(pair);
    *lost += pair->result->lost;
    const uint64_t took = pair->result->finished - began;
    return (double)(took > 0 ? took : 1) / 1e9;
}

/* ---- figures ---- */

static int compare_times(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static int compare_figures(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The smallest sample that at least share of all do not exceed. */
static double percentile(const uint64_t *sorted, size_t count, double share)
{
    const size_t rank = (size_t)(share * (double)count + 0.999999);
    return (double)sorted[rank > 0 ? rank - 1 : 0];
}

void bench_percentiles(struct bench_row *row, uint64_t *samples, size_t count)
{
    qsort(samples, count, sizeof *samples, compare_times);
    row->p50 = percentile(samples, count, 0.5);
    row->p90 = percentile(samples, count, 0.9);
    row->p99 = percentile(samples, count, 0.99);
    row->p999 = percentile(samples, count, 0.999);
    row->max = (double)samples[count - 1];
}

double bench_median(double *figures, size_t count, double *spread)
{
    qsort(figures, count, sizeof *figures, compare_figures);
    const double median = figures[count / 2];
    *spread = median > 0 ? (figures[count - 1] - figures[0]) / median : 0;
    return median;
}

static double clock_overhead(void)
{
    double costs[REPETITIONS], spread;
    for (int i = 0; i < REPETITIONS; i++) {
        const uint64_t began = now();
        for (int turn = 0; turn < 1000; turn++)
            now();
        costs[i] = (double)(now() - began) / 1001;
    }
    return bench_median(costs, REPETITIONS, &spread);
}

void bench_head(const struct bench_options *options, const char *columns)
{
    struct utsname system;
    char model[128];
    processors = processors_available();
    if (options->csv) {
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
           REPETITIONS, clock_overhead());
    if (options->count > 0)
        printf(" %ld %s.", options->count, options->unit);
    if (options->bytes > 0)
        printf(" %" PRIu64 " bytes one way.", options->bytes);
    if (options->count == 0 && options->bytes == 0)
        printf(" As many %s as %.0f seconds allow.", options->unit, seconds_for_all);
    if (processors == 1)
        printf("\nOne processor: spin yields it at every turn.");
    putchar('\n');
    printf("\n%s\n", columns);
}

/* A cell of the CSV: a bare number, or nothing where the figure does not apply. */
static const char *bare(char cell[16], double figure, int decimals)
{
    cell[0] = '\0';
    if (figure >= 0)
        snprintf(cell, 16, "%.*f", decimals, figure);
    return cell;
}

/* A cell of the table: three digits that count, in thousands (k) or millions (M) if asked for. */
static const char *brief(char cell[16], double figure, bool scale)
{
    const char *unit = "";
    if (scale && figure >= 1e6) {
        figure /= 1e6;
        unit = "M";
    } else if (scale && figure >= 1e3) {
        figure /= 1e3;
        unit = "k";
    }
    cell[0] = '\0';
    if (figure >= 0)
        snprintf(cell, 16, "%.*f%s", figure < 9.995 ? 2 : figure < 99.95 ? 1 : 0, figure, unit);
    return cell;
}

static const char *percent(char cell[16], double share)
{
    cell[0] = '\0';
    if (share > 9.99)
        snprintf(cell, 16, ">9x");
    else if (share >= 0)
        snprintf(cell, 16, "%.0f%%", 100 * share);
    return cell;
}

/* 1000, 1K, 1M */
static const char *brief_size(char cell[16], const struct bench_row *row)
{
    cell[0] = '\0';
    if (row->sizeless)
        return cell;
    const bool mebi = row->size >= 1 << 20 && row->size % (1 << 20) == 0;
    const bool kibi = !mebi && row->size >= 1 << 10 && row->size % (1 << 10) == 0;
    snprintf(cell, 16, "%zu%s",
             row->size >> (mebi   ? 20
                           : kibi ? 10
                                  : 0),
             mebi   ? "M"
             : kibi ? "K"
                    : "");
    return cell;
}

static void print_csv(const struct bench_row *row)
{
    char cells[7][16], size[24] = "";
    if (!row->sizeless)
        snprintf(size, sizeof size, "%zu", row->size);
    printf("%s,%s,%s,%s,%ld,%s,%s,%s,%s,%s,%s,%s\n", row->mechanism, row->variant, row->wait, size,
           row->count, bare(cells[0], row->p50, 0), bare(cells[1], row->p90, 0),
           bare(cells[2], row->p99, 0), bare(cells[3], row->p999, 0), bare(cells[4], row->max, 0),
           bare(cells[5], row->messages, 0), bare(cells[6], row->mebibytes, 1));
}

static void print_row(const struct bench_row *row)
{
    const double micro = 1e-3;
    const bool wide = row->rtt_spread > 0.25 || row->rate_spread > 0.25;
    char cells[10][16];
    printf("%-9s %-5s %5s %5s %5s %5s %5s %5s %4s %7s %6s %4s%s\n", row->variant, row->wait,
           brief_size(cells[0], row), brief(cells[1], row->p50 * micro, false),
           brief(cells[2], row->p90 * micro, false), brief(cells[3], row->p99 * micro, false),
           brief(cells[4], row->p999 * micro, false), brief(cells[5], row->max * micro, false),
           percent(cells[6], row->rtt_spread), brief(cells[7], row->messages, true),
           brief(cells[8], row->mebibytes, false), percent(cells[9], row->rate_spread),
           wide ? " ~" : "");
    if (row->lost + row->lost_one_way > 0)
        printf("%-9s lost: %ld of %ld round trips, %ld messages one way\n", "", row->lost,
               row->count, row->lost_one_way);
}

void bench_print(const struct bench_options *options, const struct bench_row *row)
{
    if (options->csv)
        print_csv(row);
    else
        print_row(row);
    if (fflush(stdout) != 0)
        fail("write", "standard output");
}

/* ---- one row ---- */

static void open_pair(struct pair *pair, const struct bench_variant *variant,
                      const struct bench_case *bench)
{
    *pair = (struct pair){.variant = variant, .bench = *bench};
    pair->message = new_message(bench->size);
    pair->buffer = malloc(bench->size + 64);
    pair->result = shared_memory(sizeof *pair->result);
    if (pair->buffer == NULL || pair->result == NULL)
        fail("mmap", NULL);
    if (pipe(pair->orders) == -1 || pipe(pair->answers) == -1)
        fail("pipe", NULL);
    variant->open(bench);
    pair->child = start_child();
    if (pair->child == -1)
        fail("fork", NULL);
    if (pair->child == 0) {
        close(pair->orders[1]);
        close(pair->answers[0]);
        obey(pair);
        _exit(EXIT_DONE);
    }
    close(pair->orders[0]);
    close(pair->answers[1]);
    watch_children();
    if (variant->enter != NULL)
        variant->enter(bench, true);
}

static void close_pair(struct pair *pair)
{
    order(pair, ORDER_END, 0);
    if (reap_child(pair->child) != 0)
        fail_that(EXIT_PEER, "the other process (pid %ld) died", (long)pair->child);
    close(pair->orders[1]);
    close(pair->answers[0]);
    if (pair->variant->close != NULL)
        pair->variant->close(&pair->bench);
    munmap(pair->result, sizeof *pair->result);
    free(pair->buffer);
    free(pair->message.bytes);
}

static uint64_t fitting(double count, uint64_t least, uint64_t most)
{
    return count < (double)least ? least : count > (double)most ? most : (uint64_t)count;
}

static void measure_round_trips(struct pair *pair, const struct bench_options *options,
                                double seconds, struct bench_row *row)
{
    uint64_t count = (uint64_t)options->count;
    const uint64_t began = now();
    round_trips(pair, 16, NULL); /* the warm-up says how long one takes */
    const double one = (double)(now() - began) / 1e9 / 16;
    if (count == 0) {
        round_trips(pair, fitting(seconds / 10 / one, 1, 100000), NULL);
        count = fitting(seconds / one, 3 * REPETITIONS, SAMPLES_MOST);
    }
    uint64_t *samples = malloc(count * sizeof *samples);
    if (samples == NULL)
        fail("malloc", NULL);
    const uint64_t repetitions = count < REPETITIONS ? count : REPETITIONS;
    const uint64_t deadline =
        options->count > 0 ? UINT64_MAX : began + (uint64_t)(2 * seconds * 1e9);
    double medians[REPETITIONS];
    size_t filled = 0, figures = 0;
    for (uint64_t i = 0; i < repetitions && (i == 0 || now() < deadline); i++) {
        const uint64_t share = count * (i + 1) / repetitions - count * i / repetitions;
        const uint64_t lost = round_trips(pair, share, samples + filled);
        row->lost += (long)lost;
        if (lost == share) {
            row->count += (long)share;
            continue;
        }
        bench_percentiles(row, samples + filled, share - lost);
        medians[figures++] = row->p50;
        filled += share - lost;
        row->count += (long)share;
    }
    if (filled > 0) {
        bench_percentiles(row, samples, filled);
        row->p50 = bench_median(medians, figures, &row->rtt_spread);
    }
    free(samples);
}

static void measure_throughput(struct pair *pair, const struct bench_options *options,
                               double seconds, struct bench_row *row)
{
    const size_t size = pair->bench.size;
    const uint64_t deadline = now() + (uint64_t)(2 * seconds * 1e9);
    uint64_t count = size > 0 ? (options->bytes + size - 1) / size : 0, lost = 0;
    if (count == 0) {
        const double one = one_way(pair, 64, &lost) / 64;
        const uint64_t trial = fitting(seconds / 10 / one, 64, 10000000);
        count = fitting((double)trial * seconds / REPETITIONS / one_way(pair, trial, &lost), 64,
                        100000000);
    } else {
        one_way(pair, count < 1000 ? count : 1000, &lost);
    }
    double rates[REPETITIONS];
    size_t figures = 0;
    while (figures < REPETITIONS && (figures == 0 || options->bytes > 0 || now() < deadline)) {
        lost = 0;
        const double took = one_way(pair, count, &lost);
        rates[figures++] = (double)(count - lost) / took;
        row->lost_one_way += (long)lost;
    }
    row->messages = bench_median(rates, figures, &row->rate_spread);
    row->mebibytes = size > 0 ? row->messages * (double)size / 1048576 : -1;
}

static void measure_alone(const struct bench_variant *variant, const struct bench_case *bench,
                          double seconds, struct bench_row *row)
{
    struct message message = new_message(bench->size);
    void *buffer = malloc(bench->size + 64);
    uint64_t *samples = malloc((size_t)REPETITIONS * BATCHES_MOST * sizeof *samples);
    if (buffer == NULL || samples == NULL)
        fail("malloc", NULL);
    double rates[REPETITIONS];
    size_t filled = 0;
    for (int i = -1; i < REPETITIONS; i++) {
        const uint64_t began = now();
        const size_t first = i < 0 ? 0 : filled;
        uint64_t operations = 0;
        size_t batches = 0;
        while (now() - began < (uint64_t)(seconds / REPETITIONS * 1e9) && batches < BATCHES_MOST) {
            const uint64_t batch_began = now();
            for (int turn = 0; turn < BATCH; turn++)
                variant->alone(bench, message.bytes, buffer);
            samples[first + batches++] = (now() - batch_began) / BATCH;
            operations += BATCH;
            end_if_signalled();
        }
        if (i < 0)
            continue;
        filled += batches;
        rates[i] = (double)operations / ((double)(now() - began) / 1e9);
    }
    bench_percentiles(row, samples, filled);
    row->count = (long)(filled * BATCH);
    row->messages = bench_median(rates, REPETITIONS, &row->rate_spread);
    row->mebibytes = bench->size > 0 ? row->messages * (double)bench->size / 1048576 : -1;
    free(samples);
    free(buffer);
    free(message.bytes);
}

static void measure(const char *mechanism, const struct bench_variant *variant,
                    const struct bench_case *bench, const struct bench_options *options,
                    double seconds)
{
    struct bench_row row = {.mechanism = mechanism,
                            .variant = variant->name,
                            .wait = bench->wait == WAIT_BLOCK ? "block" : "spin",
                            .size = bench->size,
                            .sizeless = variant->sizeless,
                            .p50 = -1,
                            .p90 = -1,
                            .p99 = -1,
                            .p999 = -1,
                            .max = -1,
                            .rtt_spread = -1};
    if (variant->alone != NULL) {
        row.wait = "";
        measure_alone(variant, bench, seconds / 2 < 0.3 ? seconds / 2 : 0.3, &row);
    } else {
        struct pair pair;
        open_pair(&pair, variant, bench);
        measure_round_trips(&pair, options, seconds / 2, &row);
        measure_throughput(&pair, options, seconds / 2, &row);
        close_pair(&pair);
    }
    bench_print(options, &row);
}

/* ---- the role ---- */

static uint64_t most_of(const struct bench_variant *variant)
{
    return variant->most != NULL ? variant->most() : 0;
}

static bool carries(const struct bench_variant *variant, uint64_t size)
{
    const uint64_t most = most_of(variant);
    return variant->only_size != 0 ? size == variant->only_size : most == 0 || size <= most;
}

/* Says so where a variant cannot carry a size that was asked for: nothing is clamped. */
static bool can_carry(const struct bench_variant *variant, uint64_t size)
{
    if (carries(variant, size))
        return true;
    if (variant->only_size != 0)
        complain_that("--size %" PRIu64 ": %s carries %zu bytes, no more and no less", size,
                      variant->name, variant->only_size);
    else
        complain_that("--size %" PRIu64 ": %s carries at most %" PRIu64
                      " bytes in one message (%s)",
                      size, variant->name, most_of(variant), variant->limit);
    return false;
}

/* What a run is to measure, row by row. */
struct plan {
    struct {
        const struct bench_variant *variant;
        struct bench_case bench;
    } rows[256];
    size_t count;
};

static void plan_rows(struct plan *plan, const struct bench_variant *variant, uint64_t size,
                      int wait)
{
    for (enum bench_wait each = WAIT_BLOCK; each <= WAIT_SPIN; each++) {
        if ((wait != BOTH_WAITS && wait != (int)each) || (each == WAIT_SPIN && variant->no_spin))
            continue;
        if (variant->alone != NULL && each == WAIT_SPIN && wait == BOTH_WAITS)
            continue; /* it waits for nobody: one row */
        if (plan->count == sizeof plan->rows / sizeof *plan->rows)
            fail_that(EXIT_FAILED, "more than %zu rows", plan->count);
        plan->rows[plan->count].variant = variant;
        plan->rows[plan->count++].bench = (struct bench_case){each, (size_t)size};
    }
}

/* Returns whether all sizes that were asked for can be measured. */
static bool plan_variant(const struct role *role, struct plan *plan,
                         const struct bench_variant *variant, const struct bench_options *options)
{
    static const uint64_t usual_sizes[] = {64, 1024, 65536};
    bool all = true;
    if (options->sizes.count > 0 && variant->sizeless)
        usage_error(role, "--size: %s carries no bytes", variant->name);
    if (options->bytes > 0 && variant->sizeless)
        usage_error(role, "--bytes: %s carries no bytes", variant->name);
    if (options->sizes.count > 0) {
        for (size_t i = 0; i < options->sizes.count; i++) {
            if (can_carry(variant, options->sizes.size[i]))
                plan_rows(plan, variant, options->sizes.size[i], options->wait);
            else
                all = false;
        }
    } else if (variant->sizeless || variant->only_size != 0) {
        plan_rows(plan, variant, variant->only_size, options->wait);
    } else {
        for (size_t i = 0; i < sizeof usual_sizes / sizeof *usual_sizes; i++)
            if (carries(variant, usual_sizes[i]))
                plan_rows(plan, variant, usual_sizes[i], options->wait);
    }
    return all;
}

void bench_parse(const struct role *role, int argc, char **argv, struct bench_options *options,
                 const char *size_help)
{
    static const char *const waits[] = {"block", "spin", NULL};
    const struct option_row rows[] = {
        {.name = "size",
         .argument = "SIZE",
         .sizes = &options->sizes,
         .least = 1,
         .most = 1 << 30,
         .help = size_help},
        {.name = "count",
         .letter = 'n',
         .argument = "N",
         .number = &options->count,
         .least = 1,
         .most = 100000000,
         .help = "round trips (default: as many as the time allows)"},
        {.name = "bytes",
         .argument = "SIZE",
         .size = &options->bytes,
         .least = 1,
         .help = "one way, per repetition (default: as many as the time allows)"},
        {.name = "wait",
         .argument = "block|spin",
         .choice = &options->wait,
         .choices = waits,
         .help = "sleep in the kernel, or poll without sleeping (default: both)"},
        {.name = "csv", .flag = &options->csv, .help = "bare numbers, one row a line"},
        {0}};
    *options = (struct bench_options){.unit = "round trips", .wait = BOTH_WAITS};
    parse_arguments(role, argc, argv, rows, 0);
}

int run_bench(const struct role *role, int argc, char **argv, const char *mechanism,
              const struct bench_variant *variants)
{
    static struct plan plan;
    struct bench_options options;
    bench_parse(
        role, argc, argv, &options,
        variants[0].sizeless ? "of no use here: a hand-over carries no bytes"
        : variants[0].only_size != 0
            ? "bytes of a message: the size of a value, no other"
            : "bytes of a message (repeatable; default: 64, 1K and 64K as far as it carries)");
    bool all = true;
    for (const struct bench_variant *variant = variants; variant->name != NULL; variant++)
        all = plan_variant(role, &plan, variant, &options) && all;
    if (plan.count == 0)
        return EXIT_FAILED;
    bench_head(&options,
               "                        round trip, microseconds               one way\n"
               "variant   wait   size   p50   p90   p99 p99.9   max  +/-  msgs/s  MiB/s  +/-");
    for (size_t i = 0; i < plan.count; i++)
        measure(mechanism, plan.rows[i].variant, &plan.rows[i].bench, &options,
                seconds_for_all / (double)plan.count);
    return all ? EXIT_DONE : EXIT_FAILED;
}
