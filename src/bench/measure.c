/*
 * Measuring. The parent sends and times; the child echoes, or receives.
 *
 * The child is told what to do next over a socket of the harness' own, so that between two
 * measurements both sides sleep, whatever the mechanism. If the child dies, that ends the parent
 * out of any wait (watch_children()); if the parent dies, the child gets SIGTERM. A timer of each
 * interrupts its sleeps, and what does not sleep looks for signals: within a second both have
 * ended.
 */
#include "ipc/bench/bench.h"

#include "ipc/common/children.h"
#include "ipc/common/clock.h"
#include "ipc/common/io.h"
#include "ipc/transfer/platform.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WARM_UP = 16, SAMPLES_MOST = 1000000, BATCH = 256 };
enum { SHORT_NS = 10000 /* the clock costs less than a hundredth of that */ };
enum { LARGE = 4096 /* to look for signals costs less than a hundredth of such a message */ };
enum { LOOK_EVERY = 1 << 16 /* bytes made or samples compared: a millisecond */ };

/* One side of a pair of processes, or the only one. */
struct side {
    const struct bench_case *bench;
    unsigned batch; /* so many operations make one sample; 1 for messages */
    bool timed;     /* each operation or round trip; otherwise messages go one way */
    unsigned char *message, *buffer;
    uint64_t number; /* of the next message */
    int orders;      /* this side's end of the socket */
};

/* What the child is to do with so many messages, and in the same structure its answer. */
struct order {
    bool echo;
    uint64_t first, count;
    uint64_t received, finished; /* finished: when the last one was in and compared */
};

/* Not the size of a page: a page in the wrong place is to be noticed. */
enum { PERIOD = 4032, NUMBER = sizeof(uint64_t), HEAD = NUMBER + PERIOD };

/*
 * To compare all bytes of a large message with a copy of it would read twice as much memory as a
 * receiver has to, and show in the figures. Therefore the pattern repeats: the first PERIOD bytes
 * are compared with the copy, each of the others with the byte a PERIOD before it, which the cache
 * next to the processor still has.
 */
unsigned char *new_message(size_t size)
{
    unsigned char *message = malloc(size + NUMBER);
    if (message == NULL)
        fail("malloc", NULL);
    uint32_t random = 2463534242; /* xorshift: any pattern without runs will do */
    for (size_t i = 0; i < size; i++) {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        message[i] = i < HEAD ? (unsigned char)random : message[i - PERIOD];
        if (i % LOOK_EVERY == 0)
            end_if_signalled();
    }
    return message;
}

bool is_message(const unsigned char *message, size_t size, uint64_t number, const void *bytes)
{
    const unsigned char *got = bytes, *wanted = (const unsigned char *)&number;
    if (size < NUMBER) {
        size_t same = 0; /* memcmp() would wait for number to reach memory */
        while (same < size && got[same] == wanted[same])
            same++;
        return same == size;
    }
    const size_t head = size < HEAD ? size : HEAD;
    return memcmp(got, &number, NUMBER) == 0 &&
           memcmp(got + NUMBER, message + NUMBER, head - NUMBER) == 0 &&
           (size == head || memcmp(got + head, got + NUMBER, size - head) == 0);
}

static int compare(const void *a, const void *b)
{
    static unsigned compared;
    const double x = *(const double *)a, y = *(const double *)b;
    if (++compared % LOOK_EVERY == 0)
        end_if_signalled();
    return (x > y) - (x < y);
}

static double median(double *figures, size_t count, double *spread)
{
    qsort(figures, count, sizeof *figures, compare);
    const double middle = figures[count / 2];
    *spread = middle > 0 ? (figures[count - 1] - figures[0]) / middle : 0;
    return middle;
}

static uint64_t fitting(double count)
{
    return count < WARM_UP ? WARM_UP : count > SAMPLES_MOST ? SAMPLES_MOST : (uint64_t)count;
}

/*
 * What so many round trips, operations or messages one way came to: some may be lost. samples: room
 * for the nanoseconds of each, where each is timed.
 */
struct taken {
    uint64_t count;
    double nanoseconds;
};
typedef struct taken take(struct side *side, uint64_t count, double *samples);

/* count 0: as many as the time allows. */
static void repeat(take *take_some, struct side *side, uint64_t count, double seconds,
                   struct bench_figures *figures)
{
    static const double shares[PERCENTILES] = {0.5, 0.9, 0.99, 0.999, 1};
    const uint64_t deadline = count > 0 ? UINT64_MAX : now() + (uint64_t)(2e9 * seconds);
    double medians[REPETITIONS], rates[REPETITIONS], spread;
    const uint64_t room = side->timed && count > SAMPLES_MOST ? count : SAMPLES_MOST;
    double *samples = calloc((size_t)room, sizeof *samples);
    if (samples == NULL)
        fail("calloc", NULL);
    const double warm_up = take_some(side, WARM_UP, samples).nanoseconds;
    if (count == 0) {
        const uint64_t trial = fitting(1e8 * seconds / warm_up * WARM_UP);
        const struct taken taken = take_some(side, trial, samples);
        count = fitting(1e9 * seconds / taken.nanoseconds * (double)trial);
    }
    size_t filled = 0, done = 0;
    for (uint64_t i = 0; i < REPETITIONS && (i == 0 || now() < deadline); i++) {
        const uint64_t share = count * (i + 1) / REPETITIONS - count * i / REPETITIONS;
        const struct taken taken = take_some(side, share, samples + filled);
        figures->count += (long)(share * side->batch);
        figures->lost += (long)(share - taken.count);
        if (taken.count == 0)
            continue;
        rates[done] = 1e9 * (double)(taken.count * side->batch) / taken.nanoseconds;
        if (side->timed) {
            medians[done] = median(samples + filled, (size_t)taken.count, &spread);
            filled += (size_t)taken.count;
        }
        done++;
    }
    if (done > 0)
        figures->messages = median(rates, done, &figures->messages_spread);
    if (filled > 0) {
        qsort(samples, filled, sizeof *samples, compare);
        for (int i = 1; i < PERCENTILES; i++) /* at least that share of all does not exceed it */
            figures->time[i] = samples[(size_t)(shares[i] * (double)filled + 0.999999) - 1];
        figures->time[0] = median(medians, done, &figures->time_spread);
    }
    free(samples);
}

/* An operation of one process. */
static struct taken time_operations(struct side *side, uint64_t count, double *samples)
{
    bench_action *const operation = side->bench->variant->alone;
    const uint64_t start = now();
    for (uint64_t i = 0; i < count; i++) {
        const uint64_t began = now();
        for (unsigned turn = 0; turn < side->batch; turn++)
            operation(side->bench);
        samples[i] = (double)(now() - began) / side->batch;
        end_if_signalled();
    }
    return (struct taken){count, (double)(now() - start)};
}

/*
 * After each turn, which took long or was one of many: true, now and then, and a look at signals. A
 * call that never sleeps is not interrupted.
 */
static bool now_and_then(bool took_long)
{
    static unsigned turns;
    if (!took_long && ++turns % 1024 != 0)
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
    if (now_and_then(processors == 1))
        sched_yield();
}

void end_without_peer(void)
{
    sleep_for(SECOND); /* a child that dies closes its descriptors before its parent is told */
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
    const struct bench_variant *variant = side->bench->variant;
    uint64_t found;
    const void *got;
    do {
        got = variant->receive(side->bench, direction, side->buffer);
        if (!variant->lossy || got == NULL)
            return got;
        memcpy(&found, got, sizeof found);
    } while (found < oldest);
    *number = found;
    return got;
}

static void check(const struct side *side, const void *got, uint64_t number, const char *way)
{
    if (!is_message(side->message, side->bench->size, number, got))
        fail_that(EXIT_FAILED, "%s: message %" PRIu64 " arrived damaged or out of order", way,
                  number);
}

/* The child. */
static void obey(struct side *side, struct order *order)
{
    const struct bench_variant *variant = side->bench->variant;
    const uint64_t end = order->first + order->count;
    order->finished = now();
    for (uint64_t number = order->first; number < end; number++) {
        const uint64_t oldest = order->echo ? order->first : number;
        const void *got = receive(side, THERE, oldest, &number);
        if (got == NULL && order->echo)
            continue; /* the parent has given it up, too */
        if (got == NULL)
            break;
        check(side, got, number, order->echo ? "there" : "one way");
        if (order->echo)
            variant->send(side->bench, BACK, got);
        order->received++;
        now_and_then(side->bench->size >= LARGE);
        if (variant->lossy || number == end - 1) /* the last that comes; the clock costs */
            order->finished = now();
    }
    if (!write_full(side->orders, order, sizeof *order))
        end_without_peer();
}

/* The parent. */
static struct taken send_messages(struct side *side, uint64_t count, double *samples)
{
    struct order order = {.echo = side->timed, .first = side->number, .count = count};
    const uint64_t start = now(); /* before the child can begin */
    bench_send *const send_message = side->bench->variant->send;
    uint64_t returned = 0;
    if (!write_full(side->orders, &order, sizeof order))
        end_without_peer();
    for (uint64_t i = 0; i < count; i++) {
        uint64_t number = side->number++;
        now_and_then(side->bench->size >= LARGE);
        memcpy(side->message, &number, sizeof number);
        const uint64_t began = order.echo ? now() : 0; /* the clock costs */
        send_message(side->bench, THERE, side->message);
        if (!order.echo)
            continue;
        const void *got = receive(side, BACK, number, &number);
        if (got == NULL)
            continue;
        samples[returned++] = (double)(now() - began);
        check(side, got, number, "back");
    }
    if (read_full(side->orders, &order, sizeof order) != sizeof order)
        end_without_peer();
    if (order.echo)
        return (struct taken){returned, (double)(now() - start)};
    return (struct taken){order.received, (double)(order.finished - start)};
}

static void measure_messages(struct side *side, const struct bench_effort *effort,
                             struct bench_figures *figures)
{
    struct bench_figures one_way = {0};
    struct order order;
    const size_t size = side->bench->size;
    const uint64_t each = size > 0 ? (effort->bytes + size - 1) / size : 0;
    int ends[2];
    side->message = new_message(size);
    side->buffer = new_message(size);
    or_fail(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "socketpair", NULL);
    const pid_t child = start_child();
    side->orders = ends[child == 0];
    close(ends[child != 0]);
    if (child != 0)
        watch_children();
    start_wakeup_timer(); /* the child's own */
    if (side->bench->variant->enter != NULL)
        side->bench->variant->enter(side->bench, child != 0);
    ssize_t got = 0;
    while (child == 0 && (got = read_full(side->orders, &order, sizeof order)) == sizeof order)
        obey(side, &order);
    if (got == -1)
        fail("read", "orders"); /* exit 0 would leave the parent waiting */
    if (child == 0)
        _exit(EXIT_DONE);
    repeat(send_messages, side, (uint64_t)effort->count, effort->seconds / 2, figures);
    side->timed = false;
    repeat(send_messages, side, each * REPETITIONS, effort->seconds / 2, &one_way);
    close(side->orders); /* so the child ends */
    reap_successful(child, "child");
    free(side->buffer);
    free(side->message);
    figures->messages = one_way.messages;
    figures->messages_spread = one_way.messages_spread;
    figures->lost_one_way = one_way.lost;
}

struct bench_figures measure(const struct bench_case *bench, const struct bench_effort *effort)
{
    const struct bench_variant *variant = bench->variant;
    struct bench_figures figures = {
        .time = {-1, -1, -1, -1, -1}, .time_spread = -1, .mebibytes = -1};
    struct side side = {.bench = bench, .batch = 1, .timed = true};
    double samples[WARM_UP], spread;
    start_wakeup_timer();
    if (variant->open != NULL)
        variant->open(bench);
    if (variant->alone != NULL) {
        time_operations(&side, WARM_UP, samples);
        if (median(samples, WARM_UP, &spread) < SHORT_NS)
            side.batch = BATCH; /* otherwise the clock would be what is measured */
        repeat(time_operations, &side, (uint64_t)effort->count, effort->seconds, &figures);
    } else {
        measure_messages(&side, effort, &figures);
    }
    if (variant->close != NULL)
        variant->close();
    if (bench->size > 0 && !variant->sizeless)
        figures.mebibytes = figures.messages * (double)bench->size / 1048576;
    return figures;
}
