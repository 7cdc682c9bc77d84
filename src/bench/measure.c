/*
 * Measuring. The parent sends and times; the child echoes, or receives.
 *
 * The child is told what to do next over a socket of the harness' own, so that between two
 * measurements both sides sleep, whatever the mechanism. If the child dies, that ends the parent
 * out of any wait (watch_children()); if the parent dies, the child gets SIGTERM.
 */
#include "ipc/bench/measure.h"

#include "ipc/bench/message.h"
#include "ipc/common/children.h"
#include "ipc/common/clock.h"
#include "ipc/common/error.h"
#include "ipc/common/io.h"
#include "ipc/transfer/platform.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WARM_UP = 16, SAMPLES_MOST = 1000000 };
enum { BATCH = 256, SHORT_NS = 10000 /* the clock costs less than a hundredth of that */ };

/* One side of a pair of processes, or the only one. */
struct side {
    const struct bench_variant *variant;
    const struct bench_case *bench;
    unsigned batch; /* alone: so many operations make one sample */
    struct message message;
    void *buffer;
    uint64_t number; /* of the next message */
    int orders;      /* this side's end of the socket */
};

/* What the child is to do with so many messages, and what came of it. */
struct order {
    bool echo;
    uint64_t first, count;
};
struct answer {
    uint64_t received, finished; /* finished: when the last one was in and compared */
};

/* ---- repetitions and their figures ---- */

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *figures, size_t count, double *spread)
{
    qsort(figures, count, sizeof *figures, compare);
    const double middle = figures[count / 2];
    *spread = middle > 0 ? (figures[count - 1] - figures[0]) / middle : 0;
    return middle;
}

/* Each is the smallest sample that at least that share of all do not exceed. */
static void find_percentiles(double times[PERCENTILES], double *samples, size_t count)
{
    static const double shares[PERCENTILES] = {0.5, 0.9, 0.99, 0.999, 1};
    qsort(samples, count, sizeof *samples, compare);
    for (int i = 0; i < PERCENTILES; i++)
        times[i] = samples[(size_t)(shares[i] * (double)count + 0.999999) - 1];
}

static uint64_t fitting(double count)
{
    return count < WARM_UP ? WARM_UP : count > SAMPLES_MOST ? SAMPLES_MOST : (uint64_t)count;
}

/* What so many round trips, operations or messages one way came to: some may be lost. */
struct taken {
    uint64_t count;
    double seconds;
};

/* samples: room for the nanoseconds of each, where each is timed. */
typedef struct taken take(struct side *side, uint64_t count, double *samples);

static double seconds_between(uint64_t began, uint64_t ended)
{
    return (double)(ended > began ? ended - began : 1) / 1e9;
}

/* count 0: as many as the time allows. */
static void repeat(take *take_some, struct side *side, uint64_t count, double seconds, bool timed,
                   struct bench_figures *figures)
{
    const uint64_t deadline = count > 0 ? UINT64_MAX : now() + (uint64_t)(2e9 * seconds);
    double medians[REPETITIONS], rates[REPETITIONS];
    double *samples =
        calloc(timed && count > SAMPLES_MOST ? (size_t)count : SAMPLES_MOST, sizeof *samples);
    if (samples == NULL)
        fail("calloc", NULL);
    const double one = take_some(side, WARM_UP, samples).seconds / WARM_UP;
    if (count == 0) {
        const uint64_t trial = fitting(seconds / 10 / one);
        count = fitting(seconds / take_some(side, trial, samples).seconds * (double)trial);
    }
    size_t filled = 0, done = 0;
    for (uint64_t i = 0; i < REPETITIONS && (i == 0 || now() < deadline); i++) {
        const uint64_t share = count * (i + 1) / REPETITIONS - count * i / REPETITIONS;
        const struct taken taken = take_some(side, share, samples + filled);
        figures->count += (long)share;
        figures->lost += (long)(share - taken.count);
        if (taken.count == 0)
            continue;
        rates[done] = (double)taken.count / taken.seconds;
        if (timed) {
            find_percentiles(figures->time, samples + filled, (size_t)taken.count);
            medians[done] = figures->time[0];
            filled += (size_t)taken.count;
        }
        done++;
    }
    if (done > 0)
        figures->messages = median(rates, done, &figures->messages_spread);
    if (filled > 0) {
        find_percentiles(figures->time, samples, filled);
        figures->time[0] = median(medians, done, &figures->time_spread);
    }
    free(samples);
}

/* ---- an operation of one process ---- */

static struct taken time_operations(struct side *side, uint64_t count, double *samples)
{
    const uint64_t start = now();
    for (uint64_t i = 0; i < count; i++) {
        const uint64_t began = now();
        for (unsigned turn = 0; turn < side->batch; turn++)
            side->variant->alone(side->bench);
        samples[i] = (double)(now() - began) / side->batch;
        end_if_signalled();
    }
    return (struct taken){count, seconds_between(start, now())};
}

static void measure_operation(struct side *side, const struct bench_effort *effort,
                              struct bench_figures *figures)
{
    double samples[WARM_UP], spread;
    side->batch = 1;
    time_operations(side, WARM_UP, samples);
    if (median(samples, WARM_UP, &spread) < SHORT_NS)
        side->batch = BATCH; /* otherwise the clock would be what is measured */
    repeat(time_operations, side, (uint64_t)effort->count, effort->seconds, true, figures);
    figures->count *= (long)side->batch;
    figures->messages *= side->batch;
}

/* ---- both sides of a pair ---- */

/* Every so many turns, true and a look at signals: a call that never sleeps is not interrupted. */
static bool now_and_then(void)
{
    static unsigned turns;
    if (++turns % 1024 != 0)
        return false;
    end_if_signalled();
    return true;
}

void bench_spin(void)
{
    static long processors;
    if (processors == 0)
        processors = processors_available();
    /* on one processor the peer waits for ours; on a busy machine it may do so, too */
    if (now_and_then() || processors == 1)
        sched_yield();
}

void end_without_peer(void)
{
    reap_children(); /* in the parent: a child that dies closes its descriptors first */
    fail_that(EXIT_PEER, "the other process died");
}

void bench_retry(const char *call)
{
    if (errno == EAGAIN || errno == ENOMSG || errno == ENOBUFS)
        bench_spin();
    else if (errno == EPIPE || errno == ECONNRESET || errno == ECONNREFUSED)
        end_without_peer();
    else if (!interrupted())
        fail(call, NULL);
}

/*
 * The next message. Where some are lost it may be another than *number, which then becomes its
 * number; those before `oldest` have come too late and are skipped; NULL if none comes in time.
 */
static const void *receive(const struct side *side, enum direction direction, uint64_t oldest,
                           uint64_t *number)
{
    const void *got;
    do
        got = side->variant->receive(side->bench, direction, side->buffer);
    while (side->variant->lossy && got != NULL && message_number(got) < oldest);
    if (side->variant->lossy && got != NULL)
        *number = message_number(got);
    return got;
}

static void check(const struct side *side, const void *got, uint64_t number, const char *way)
{
    if (!is_message(&side->message, number, got))
        fail_that(EXIT_FAILED, "%s: message %" PRIu64 " arrived damaged or out of order", way,
                  number);
}

/* ---- the child ---- */

static struct answer obey(struct side *side, const struct order *order)
{
    struct answer answer = {.finished = now()};
    const uint64_t end = order->first + order->count;
    for (uint64_t number = order->first; number < end; number++) {
        const uint64_t oldest = order->echo ? order->first : number;
        const void *got = receive(side, THERE, oldest, &number);
        if (got == NULL && order->echo)
            continue; /* the parent has given it up, too */
        if (got == NULL)
            break;
        check(side, got, number, order->echo ? "there" : "one way");
        if (order->echo)
            side->variant->send(side->bench, BACK, got);
        answer.received++;
        now_and_then();
        if (side->variant->lossy || number == end - 1) /* the last that comes; the clock costs */
            answer.finished = now();
    }
    return answer;
}

_Noreturn static void obey_all(struct side *side)
{
    struct order order;
    if (side->variant->enter != NULL)
        side->variant->enter(side->bench, false);
    while (read_full(side->orders, &order, sizeof order) == sizeof order) {
        const struct answer answer = obey(side, &order);
        if (!write_full(side->orders, &answer, sizeof answer))
            end_without_peer();
    }
    _exit(EXIT_DONE);
}

/* ---- the parent ---- */

static void give_order(const struct side *side, bool echo, uint64_t count)
{
    const struct order order = {echo, side->number, count};
    if (!write_full(side->orders, &order, sizeof order))
        end_without_peer();
}

static struct answer await_answer(const struct side *side)
{
    struct answer answer;
    if (read_full(side->orders, &answer, sizeof answer) != sizeof answer)
        end_without_peer();
    return answer;
}

static struct taken time_round_trips(struct side *side, uint64_t count, double *samples)
{
    const uint64_t start = now();
    uint64_t taken = 0;
    give_order(side, true, count);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t number = side->number++;
        number_message(&side->message, number);
        const uint64_t began = now();
        side->variant->send(side->bench, THERE, side->message.bytes);
        const void *got = receive(side, BACK, number, &number);
        if (got == NULL)
            continue;
        samples[taken++] = (double)(now() - began);
        check(side, got, number, "back");
        now_and_then();
    }
    await_answer(side);
    return (struct taken){taken, seconds_between(start, now())};
}

static struct taken send_one_way(struct side *side, uint64_t count, double *samples)
{
    (void)samples;
    give_order(side, false, count);
    const uint64_t began = now();
    for (uint64_t i = 0; i < count; i++) {
        number_message(&side->message, side->number++);
        side->variant->send(side->bench, THERE, side->message.bytes);
        now_and_then();
    }
    const struct answer answer = await_answer(side);
    return (struct taken){answer.received, seconds_between(began, answer.finished)};
}

static pid_t open_side(struct side *side)
{
    int ends[2];
    side->message = new_message(side->bench->size);
    side->buffer = malloc(side->bench->size + 1);
    if (side->buffer == NULL)
        fail("malloc", NULL);
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == -1)
        fail("socketpair", NULL);
    const pid_t child = start_child();
    side->orders = ends[child == 0];
    close(ends[child != 0]);
    if (child == 0)
        obey_all(side);
    watch_children();
    if (side->variant->enter != NULL)
        side->variant->enter(side->bench, true);
    return child;
}

static void measure_messages(struct side *side, const struct bench_effort *effort,
                             struct bench_figures *figures)
{
    struct bench_figures one_way = {0};
    const size_t size = side->bench->size;
    const uint64_t each = size > 0 ? (effort->bytes + size - 1) / size : 0;
    const pid_t child = open_side(side);
    repeat(time_round_trips, side, (uint64_t)effort->count, effort->seconds / 2, true, figures);
    repeat(send_one_way, side, each * REPETITIONS, effort->seconds / 2, false, &one_way);
    close(side->orders); /* so the child ends */
    reap_successful(child, "child");
    free(side->buffer);
    free(side->message.bytes);
    figures->messages = one_way.messages;
    figures->messages_spread = one_way.messages_spread;
    figures->lost_one_way = one_way.lost;
}

struct bench_figures measure(const struct bench_variant *variant, const struct bench_case *bench,
                             const struct bench_effort *effort)
{
    struct bench_figures figures = {.time = {-1, -1, -1, -1, -1}, .time_spread = -1};
    struct side side = {.variant = variant, .bench = bench};
    if (variant->open != NULL)
        variant->open(bench);
    if (variant->alone != NULL)
        measure_operation(&side, effort, &figures);
    else
        measure_messages(&side, effort, &figures);
    if (variant->close != NULL)
        variant->close(bench);
    figures.mebibytes = bench->size > 0 ? figures.messages * (double)bench->size / 1048576 : -1;
    return figures;
}
