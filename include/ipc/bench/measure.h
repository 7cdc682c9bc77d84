/*
 * Measuring: warmed up, and in several repetitions.
 *
 * Round trip: a message goes to another process, the same bytes come back; each one is timed. One
 * way: message after message. Whoever receives compares every byte.
 */
#ifndef IPC_BENCH_MEASURE_H
#define IPC_BENCH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* NO_WAIT: an operation of one process that waits for nobody. */
enum bench_wait { WAIT_BLOCK, WAIT_SPIN, NO_WAIT };
struct bench_case {
    enum bench_wait wait;
    size_t size;
};

/* The parent sends on THERE, the child on BACK. */
enum direction { THERE, BACK };

/* A mechanism's part: its own system calls. A function that fails ends the process. */
typedef void bench_action(const struct bench_case *bench);
typedef void bench_enter(const struct bench_case *bench, bool is_parent);
typedef void bench_send(const struct bench_case *bench, enum direction direction,
                        const void *bytes);
typedef const void *bench_receive(const struct bench_case *bench, enum direction direction,
                                  void *buffer);
struct bench_variant {
    const char *name;  /* NULL ends a table */
    uint64_t most;     /* the largest message (0: any) … */
    const char *limit; /* … and what sets that limit, for the error that names it */
    size_t only_size;  /* not 0: it carries messages of this size and no other */
    bool sizeless;     /* it carries no bytes at all */
    bool lossy;        /* receive returns NULL if nothing comes in time; nothing is lent */

    /* open, close and enter may be NULL. */
    bench_action *open;     /* makes both directions, before the fork */
    void (*close)(void);    /* removes them, in the parent */
    bench_enter *enter;     /* after the fork, on each side: closes what that side does not use */
    bench_send *send;       /* sends one message whole; waits as bench->wait says */
    bench_receive *receive; /* into buffer, or lends it where it lies until the next call */
    bench_action *alone;    /* instead of these three: an operation of one process, to compare */
};

/* What is to be measured; 0: as much as the time allows. */
struct bench_effort {
    long count;     /* of round trips or operations, in all repetitions */
    uint64_t bytes; /* one way, in each repetition */
    double seconds;
};

enum { REPETITIONS = 5, PERCENTILES = 5 /* 50, 90, 99, 99.9, 100 */ };

/* What was measured; negative where it does not apply. */
struct bench_figures {
    long count;
    double time[PERCENTILES];            /* of a round trip or operation, in nanoseconds */
    double messages, mebibytes;          /* a second */
    double time_spread, messages_spread; /* (largest - smallest) / median of the repetitions */
    long lost, lost_one_way;
};

struct bench_figures measure(const struct bench_variant *variant, const struct bench_case *bench,
                             const struct bench_effort *effort);

/* In every loop that polls: yields where there is one processor, looks for signals. */
void bench_spin(void);

/* After a call that failed: returns if it is to be made again. Otherwise ends the process. */
void bench_retry(const char *call);

/* The other process has closed its end: ends as the child did; in the child, with exit 3. */
_Noreturn void end_without_peer(void);

#endif
