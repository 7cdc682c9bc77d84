/* SPDX-License-Identifier: MIT
 * How a measurement ends, over a mechanism that misbehaves: a message is damaged, the child fails
 * or is killed, messages are lost; and what the figures then are.
 */
#include "check.h"

#include "ipc/bench/bench.h"
#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/error.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIZE = 10000, LAST_BYTE = SIZE - 1 };

enum plan { GOES_WELL, DAMAGE_THERE, DAMAGE_BACK, REPEAT_ONE, FAIL, DIE, END };
static enum plan plan;

/* A row in one visit. */
static struct bench_figures measured(const struct bench_case *bench,
                                     const struct bench_effort *effort)
{
    struct bench_record *record = new_record();
    measure(bench, effort, record);
    const struct bench_figures figures = figures_of(bench, record);
    free(record);
    return figures;
}

static void open_pipes(const struct bench_case *bench)
{
    (void)bench;
    for (int i = 0; i < 2; i++) {
        int ends[2];
        check(pipe(ends) == 0);
        bench_ends[i] = (struct bench_ends){ends[0], ends[1]};
    }
}

/* After the warm-up, what was planned happens to a message. */
static void send_some(const struct bench_case *bench, enum direction direction, const void *message)
{
    static unsigned char copy[SIZE];
    static int sent;
    memcpy(copy, message, bench->size);
    if (++sent > 20) {
        if (plan == (direction == THERE ? DAMAGE_THERE : DAMAGE_BACK))
            copy[LAST_BYTE] ^= 0x80;
        if (plan == REPEAT_ONE)
            descriptor_send(bench, direction, message);
        if (plan == FAIL && direction == BACK)
            fail_that(EXIT_FAILED, "planned");
        if (plan == DIE && direction == BACK)
            raise(SIGKILL);
        if (plan == END && direction == THERE && sent == 21)
            raise(SIGTERM);
        if (plan == END && direction == THERE && sent > 22)
            _exit(0); /* it did not look after a message as large as that */
    }
    descriptor_send(bench, direction, copy);
}

static const struct bench_variant over_pipes = {.name = "pipes",
                                                .open = open_pipes,
                                                .enter = descriptor_enter,
                                                .send = send_some,
                                                .receive = descriptor_receive,
                                                .close = descriptor_close};

/* The child ends with its message half way, and nothing of its mechanism tells the parent. */
static void open_nothing(const struct bench_case *bench)
{
    (void)bench;
}
static void send_nothing(const struct bench_case *bench, enum direction direction,
                         const void *bytes)
{
    (void)bench;
    (void)bytes;
    if (direction == BACK && plan == FAIL)
        fail_that(EXIT_FAILED, "planned");
    if (direction == BACK)
        raise(SIGKILL);
}
static const void *receive_nothing(const struct bench_case *bench, enum direction direction,
                                   void *buffer)
{
    const uint64_t first = 0;
    unsigned char *message = new_message(bench->size);
    while (direction == BACK) {
        if (bench->wait == WAIT_SPIN) {
            bench_spin();
        } else {
            check(pause() == -1);
            bench_retry("pause");
        }
    }
    memcpy(buffer, message, bench->size);
    memcpy(buffer, &first, sizeof first);
    free(message);
    return buffer;
}
static const struct bench_variant over_nothing = {
    .name = "nothing", .open = open_nothing, .send = send_nothing, .receive = receive_nothing};

/* The exit status of a process that measures. */
static int status_of(enum plan what, const struct bench_variant *variant, enum bench_wait wait)
{
    const pid_t process = fork();
    check(process != -1);
    if (process == 0) {
        plan = what;
        signal(SIGPIPE, SIG_IGN);
        catch_ending_signals();
        measured(&(struct bench_case){variant, wait, SIZE, FREE},
                 &(struct bench_effort){.count = 30, .bytes = 100 * SIZE});
        exit(EXIT_DONE);
    }
    int status;
    check(waitpid(process, &status, 0) == process);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* ---- some are lost ---- */

enum { LOST_EVERY = 25, WARM_UP = 16, COUNT = 60, BYTES = 60 * SIZE };

static void open_datagrams(const struct bench_case *bench)
{
    const struct timeval limit = {.tv_usec = 60000}; /* less than the timer of watch_children() */
    int ends[2];
    (void)bench;
    check(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0);
    for (int i = 0; i < 2; i++)
        check(setsockopt(ends[i], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0);
    bench_ends[THERE] = (struct bench_ends){.read_end = ends[1], .write_end = ends[0]};
    bench_ends[BACK] = (struct bench_ends){.read_end = dup(ends[0]), .write_end = dup(ends[1])};
}

static void send_most(const struct bench_case *bench, enum direction direction, const void *message)
{
    uint64_t number;
    memcpy(&number, message, sizeof number);
    if (direction == BACK || number % LOST_EVERY != 0)
        descriptor_send(bench, direction, message);
}

static const void *receive_in_time(const struct bench_case *bench, enum direction direction,
                                   void *buffer)
{
    while (read(bench_ends[direction].read_end, buffer, bench->size) == -1) {
        if (errno == EAGAIN)
            return NULL;
        bench_retry("read");
    }
    return buffer;
}

/* How many of the numbers from first on. */
static long multiples(long first, long count)
{
    long found = 0;
    for (long number = first; number < first + count; number++)
        found += number % LOST_EVERY == 0;
    return found;
}

static void check_lost(void)
{
    const struct bench_variant variant = {.name = "datagrams",
                                          .lossy = true,
                                          .open = open_datagrams,
                                          .enter = descriptor_enter,
                                          .send = send_most,
                                          .receive = receive_in_time,
                                          .close = descriptor_close};
    const struct bench_figures figures =
        measured(&(struct bench_case){&variant, WAIT_BLOCK, SIZE, FREE},
                 &(struct bench_effort){.count = COUNT, .bytes = BYTES});
    const long each = BYTES / SIZE, one_way = REPETITIONS * each;
    check(figures.count == COUNT);
    /* the first message of each repetition wakes the child, and does not count; none is lost */
    const long trips = COUNT + REPETITIONS, first = WARM_UP + 1;
    /* a machine that stands still for 60 ms may lose one more */
    check(figures.lost >= multiples(first, trips) && figures.lost < COUNT);
    /* behind the last one that counts there is one that tells the child so */
    long at = first + trips + first + 1, lost = 0;
    for (int repetition = 0; repetition < REPETITIONS; repetition++, at += each + 2)
        lost += multiples(at + 1, each);
    check(lost > 0 && figures.lost_one_way >= lost);
    check(figures.lost_one_way < one_way);
    check(figures.time[0] > 0 && figures.messages > 0);
}

/* ---- the time is used, though the first round trips took long ---- */

static uint64_t asked_at, used;

static void send_slowly(const struct bench_case *bench, enum direction direction,
                        const void *message)
{
    static int sent;
    if (direction == THERE)
        asked_at = now();
    if (direction == BACK && sent++ < 3)
        sleep_for(30 * MILLISECOND);
    descriptor_send(bench, direction, message);
}

static const void *receive_and_count(const struct bench_case *bench, enum direction direction,
                                     void *buffer)
{
    const void *got = descriptor_receive(bench, direction, buffer);
    if (direction == BACK)
        used += now() - asked_at;
    return got;
}

static void check_time_used(void)
{
    const struct bench_variant variant = {.name = "slow",
                                          .open = open_pipes,
                                          .enter = descriptor_enter,
                                          .send = send_slowly,
                                          .receive = receive_and_count,
                                          .close = descriptor_close};
    const struct bench_figures figures =
        measured(&(struct bench_case){&variant, WAIT_BLOCK, 64, FREE},
                 &(struct bench_effort){.seconds = 0.8, .trips_only = true});
    check(used > 360 * MILLISECOND + 3 * 30 * MILLISECOND); /* nine tenths of one half, and those */
    check(figures.count > 0 && figures.time[0] < 30e6);
}

/* ---- the reference ---- */

static void check_reference(void)
{
    check(!has_moved(100, 125) && !has_moved(125, 100));
    check(has_moved(100, 126) && has_moved(126, 100));
    for (enum bench_wait wait = WAIT_BLOCK; wait <= WAIT_SPIN; wait++)
        check(measure_reference(&(struct bench_case){.wait = wait}) > 0);
}

/* ---- one process ---- */

static void take_short(const struct bench_case *bench)
{
    (void)bench;
}

static void take_long(const struct bench_case *bench)
{
    (void)bench;
    for (const uint64_t began = now(); now() - began < 50 * MICROSECOND;)
        ;
}

static void check_operation(void (*operation)(const struct bench_case *bench), long each)
{
    const struct bench_variant variant = {
        .name = "operation", .open = open_nothing, .alone = operation};
    const struct bench_figures figures = measured(
        &(struct bench_case){&variant, WAIT_BLOCK, 0, FREE}, &(struct bench_effort){.count = 11});
    check(figures.count == 11 * each);
    check(figures.mebibytes < 0 && figures.messages > 0 && figures.lost == 0);
    for (int i = 2; i < PERCENTILES; i++)
        check(figures.time[i - 1] <= figures.time[i]);
}

int main(void)
{
#ifdef __SANITIZE_THREAD__
    puts("skipped: ThreadSanitizer delays the signal that tells of a child's end, by seconds");
    return 77;
#endif
    catch_ending_signals();
    for (enum bench_wait wait = WAIT_BLOCK; wait <= WAIT_SPIN; wait++) {
        check(status_of(GOES_WELL, &over_pipes, wait) == EXIT_DONE);
        check(status_of(DAMAGE_THERE, &over_pipes, wait) == EXIT_FAILED);
        check(status_of(DAMAGE_BACK, &over_pipes, wait) == EXIT_FAILED);
        check(status_of(REPEAT_ONE, &over_pipes, wait) == EXIT_FAILED);
        check(status_of(FAIL, &over_pipes, wait) == EXIT_FAILED);
        check(status_of(DIE, &over_pipes, wait) == EXIT_PEER);
        check(status_of(END, &over_pipes, wait) == 128 + SIGTERM);
        check(status_of(FAIL, &over_nothing, wait) == EXIT_FAILED);
        check(status_of(DIE, &over_nothing, wait) == EXIT_PEER);
    }
    check_lost();
    check_time_used();
    check_reference();
    check_operation(take_long, 1);
    check_operation(take_short, 256);
    return 0;
}
