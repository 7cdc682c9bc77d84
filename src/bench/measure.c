/* SPDX-License-Identifier: MIT
 * Measuring. The parent sends and times; the child echoes, or receives.
 *
 * The child is told what to do next over a socket of the harness' own, so that between two
 * measurements both sides sleep, whatever the mechanism. If the child dies, that ends the parent
 * out of any wait (watch_children()); if the parent dies, the child gets SIGTERM. A timer of each
 * interrupts its sleeps, and what does not sleep looks for signals: within a second both have
 * ended.
 */
#include "ipc/bench/bench.h"
#include "ipc/bench/platform.h"

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

enum { WARM_UP = 16, BATCH = 256, ORDER_MOST = 1 << 30 };
enum { SHORT_NS = 10000 /* the clock costs less than a hundredth of that */ };
enum { LARGE = 4096 /* to look for signals costs less than a hundredth of such a message */ };
enum { LOOK_EVERY = 1 << 16 /* bytes made: a millisecond */ };
enum { OUTWEIGHS_NS = 5000000 /* a hundred wake-ups, or a time slice of somebody else */ };

/*
 * A repetition is short, and there are many: what takes a time slice of somebody else spoils one
 * and leaves the median as it is. It outweighs what wakes the child fifty times.
 */
enum { REPETITION_NS = 2000000, SETTLES_NS = 100000 };

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

/*
 * Times are counted, not kept: there is room for any number of them. Those of a slot differ by less
 * than 1 in STEPS.
 */
enum { STEPS = 256, SLOTS = (64 - 7) * STEPS, RATES_MOST = 4096 };
struct bench_record {
    uint64_t times, longest;
    uint32_t slots[SLOTS];
    double rates[RATES_MOST]; /* of the repetitions, messages a second */
    size_t done;              /* of them */
    unsigned batch;
    long count, lost, lost_one_way;
};

static struct bench_record *record; /* of the row that is measured; NULL while nothing counts */

struct bench_record *new_record(void)
{
    struct bench_record *new = calloc(1, sizeof *new);
    if (new == NULL)
        fail("calloc", NULL);
    return new;
}

static void note_time(uint64_t time)
{
    unsigned shift = 0;
    if (record == NULL)
        return;
    while (time >> shift >= 2 * STEPS)
        shift++;
    record->slots[shift * STEPS + (unsigned)(time >> shift)]++;
    record->times++;
    if (time > record->longest)
        record->longest = time;
}

/* The time that at least that share of all does not exceed. */
static double percentile(const struct bench_record *of, double share)
{
    const double wanted = share * (double)of->times;
    uint64_t so_far = 0;
    unsigned slot = 0;
    while (slot < SLOTS - 1 && (double)(so_far += of->slots[slot]) < wanted)
        slot++;
    const unsigned shift = slot < 2 * STEPS ? 0 : slot / STEPS - 1;
    return share < 1 ? (double)((uint64_t)(slot - shift * STEPS) << shift) : (double)of->longest;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

struct bench_figures figures_of(const struct bench_case *bench, struct bench_record *of)
{
    static const double shares[PERCENTILES] = {0.5, 0.9, 0.99, 0.999, 1};
    struct bench_figures figures = {.count = of->count,
                                    .lost = of->lost,
                                    .lost_one_way = of->lost_one_way,
                                    .spread = -1,
                                    .mebibytes = -1};
    for (int i = 0; i < PERCENTILES; i++)
        figures.time[i] = of->times > 0 ? percentile(of, shares[i]) / of->batch : -1;
    if (of->done > 0) {
        qsort(of->rates, of->done, sizeof *of->rates, compare);
        figures.messages = of->rates[of->done / 2];
        figures.spread = (of->rates[of->done * 3 / 4] - of->rates[of->done / 4]) / figures.messages;
    }
    if (bench->size > 0 && !bench->variant->sizeless)
        figures.mebibytes = figures.messages * (double)bench->size / 1048576;
    return figures;
}

static double smaller(double a, double b)
{
    return a < b ? a : b;
}

/* What so many round trips, operations or messages one way came to: some may be lost. */
struct result {
    uint64_t count;
    double nanoseconds;
};
typedef struct result take(struct side *side, uint64_t count);

/* count 0: as many as the time allows. */
static void repeat(take *take_some, struct side *side, uint64_t count, double seconds,
                   struct bench_record *into)
{
    const bool has_rate = !side->timed || side->bench->variant->alone != NULL;
    const double limit = 1e9 * seconds;
    uint64_t share = WARM_UP;
    struct result result = take_some(side, share);
    while (count == 0 && share < ORDER_MOST && /* what wakes the child is in it */
           result.nanoseconds < smaller(OUTWEIGHS_NS, limit / 10))
        result = take_some(side, share *= 4);
    record = into;
    const uint64_t deadline = now() + (uint64_t)(2 * limit); /* losses take time, too */
    double left = limit;
    for (uint64_t i = 0; count > 0 ? i < REPETITIONS : left > limit / 20 && now() < deadline; i++) {
        const double pace = (double)share / (result.nanoseconds + 1);
        share = count > 0 ? count * (i + 1) / REPETITIONS - count * i / REPETITIONS
                          : 1 + (uint64_t)smaller(pace * smaller(REPETITION_NS, left), ORDER_MOST);
        if (share == 0)
            continue;
        result = take_some(side, share);
        left -= result.nanoseconds;
        *(side->timed ? &into->lost : &into->lost_one_way) += (long)(share - result.count);
        into->count += side->timed ? (long)(share * side->batch) : 0;
        if (has_rate && result.count > 0 && into->done < RATES_MOST)
            into->rates[into->done++] =
                1e9 * (double)(result.count * side->batch) / (result.nanoseconds + 1);
    }
    record = NULL;
}

static struct result time_operations(struct side *side, uint64_t count)
{
    bench_action *const operation = side->bench->variant->alone;
    const uint64_t start = now();
    for (uint64_t i = 0; i < count; i++) {
        const uint64_t began = now();
        for (unsigned turn = 0; turn < side->batch; turn++)
            operation(side->bench);
        note_time(now() - began);
        end_if_signalled();
    }
    return (struct result){count, (double)(now() - start)};
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

static bool takes_turns; /* the sides have one processor between them */

void bench_spin(void)
{
    /* on one processor the peer waits for ours; on a busy machine it may do so, too */
    if (now_and_then(takes_turns))
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
static const void *receive(const struct side *side, enum direction way, uint64_t oldest,
                           uint64_t *number)
{
    const struct bench_variant *variant = side->bench->variant;
    uint64_t found;
    const void *got;
    do {
        got = variant->receive(side->bench, way, side->buffer);
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
        const bool echo = order->echo || number == order->first;
        if (got == NULL && echo)
            continue; /* the parent has given it up, too */
        if (got == NULL || number == end)
            break;
        check(side, got, number, order->echo ? "there" : "one way");
        if (echo)
            variant->send(side->bench, BACK, got);
        order->received += number > order->first;
        now_and_then(side->bench->size >= LARGE);
        if (variant->lossy || number == end - 1) /* the last that comes; the clock costs */
            order->finished = now();
    }
    if (!write_full(side->orders, order, sizeof *order))
        end_without_peer();
}

/*
 * The parent. One round trip comes first, and is not a part of the result: it waits until the child
 * runs, which can take longer than all the rest where others use the processors. What goes one way
 * begins when the child waits for it again. Otherwise it depends on who ran last whether the child
 * falls asleep at all, and that may last: a semaphore on one processor then takes 1 or 70 posts a
 * microsecond.
 */
static struct result send_messages(struct side *side, uint64_t count)
{
    struct order order = {.echo = side->timed, .first = side->number, .count = count + 1};
    const struct bench_variant *variant = side->bench->variant;
    uint64_t start = 0, ended = 0, returned = 0;
    if (!write_full(side->orders, &order, sizeof order))
        end_without_peer();
    for (uint64_t i = 0; i < order.count; i++) {
        const bool echo = order.echo || i == 0;
        uint64_t number = side->number++;
        now_and_then(side->bench->size >= LARGE);
        memcpy(side->message, &number, sizeof number);
        const uint64_t began = echo ? now() : 0; /* the clock costs */
        variant->send(side->bench, THERE, side->message);
        if (!echo)
            continue;
        const void *got = receive(side, BACK, number, &number);
        ended = now();
        if (got != NULL)
            check(side, got, number, "back");
        if (i == 0) {
            if (!order.echo)
                sleep_for(SETTLES_NS);
            start = now();
        } else if (got != NULL) {
            note_time(ended - began);
            returned++;
        }
    }
    if (variant->lossy && !order.echo) { /* otherwise the child waits for what is lost */
        sleep_for(MILLISECOND);          /* it has taken what there is, so there is room */
        memcpy(side->message, &side->number, sizeof side->number);
        variant->send(side->bench, THERE, side->message);
        side->number++;
    }
    if (read_full(side->orders, &order, sizeof order) != sizeof order)
        end_without_peer();
    if (order.echo)
        return (struct result){returned, (double)(ended - start)};
    return (struct result){order.received,
                           order.finished > start ? (double)(order.finished - start) : 0};
}

static void measure_messages(struct side *side, const struct bench_effort *effort,
                             struct bench_record *into)
{
    struct order order;
    const size_t size = side->bench->size;
    /* what carries no bytes has no --bytes: as many as there are round trips */
    const uint64_t each = size > 0 ? (effort->bytes + size - 1) / size
                                   : (uint64_t)(effort->count + REPETITIONS - 1) / REPETITIONS;
    int ends[2];
    side->message = new_message(size);
    side->buffer = new_message(size);
    or_fail(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "socketpair", NULL);
    const pid_t child = start_child();
    side->orders = ends[child == 0];
    close(ends[child != 0]);
    if (child != 0)
        watch_children();
    else if (side->bench->cpus == ON_TWO)
        run_on(placement.second);
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
    repeat(send_messages, side, (uint64_t)effort->count, effort->seconds / 2, into);
    side->timed = false;
    if (!effort->trips_only)
        repeat(send_messages, side, each * REPETITIONS, effort->seconds / 2, into);
    close(side->orders); /* so the child ends */
    reap_successful(child, "child");
    free(side->buffer);
    free(side->message);
}

void measure(const struct bench_case *bench, const struct bench_effort *effort,
             struct bench_record *into)
{
    const struct bench_variant *variant = bench->variant;
    struct side side = {.bench = bench, .batch = 1, .timed = true};
    run_on(bench->cpus == FREE ? -1 : placement.first);
    takes_turns = bench->cpus == ON_ONE || (bench->cpus == FREE && processors_available() == 1);
    start_wakeup_timer();
    variant->open(bench);
    if (variant->alone != NULL) {
        if (time_operations(&side, WARM_UP).nanoseconds < WARM_UP * SHORT_NS)
            side.batch = BATCH; /* otherwise the clock would be what is measured */
        repeat(time_operations, &side, (uint64_t)effort->count, effort->seconds, into);
    } else {
        measure_messages(&side, effort, into);
    }
    into->batch = side.batch;
    if (variant->close != NULL)
        variant->close();
}
