/*
 * Measuring: one harness for all mechanisms, so that like is compared with like. The mechanism's
 * part is its own system calls: open, send, receive, close.
 *
 * Round trip: a message goes over, the same bytes come back; each one timed. Throughput: messages
 * one way; the receiver sums every byte and compares. Both across two processes, warmed up, in
 * several repetitions.
 */
#ifndef IPC_BENCH_BENCH_H
#define IPC_BENCH_BENCH_H

#include "ipc/common/argv.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum bench_wait { WAIT_BLOCK, WAIT_SPIN };

/* The way there and the way back; the parent sends on THERE, the child on BACK. */
enum direction { THERE, BACK };

struct bench_case {
    enum bench_wait wait;
    size_t size;
};

/* One row of a mechanism's table; a row without a name ends it. Functions that fail end it all. */
struct bench_variant {
    const char *name;
    /* The sizes that it can carry in one message: at least 1, at most this (0: any) … */
    uint64_t (*most)(void);
    const char *limit; /* … and what sets that limit, for the error that names it */
    size_t only_size;  /* not 0: it carries messages of this size and no other */
    bool sizeless;     /* it carries no bytes at all */
    bool lossy;        /* receive may return NULL: nothing came in time */
    bool no_spin;      /* there is no way to poll */

    /* Makes both directions, before the fork. */
    void (*open)(const struct bench_case *bench);
    /* After the fork, on each side: closes what that side does not use. May be NULL. */
    void (*enter)(const struct bench_case *bench, bool is_parent);
    /* Sends one message whole. Waits as bench->wait says; bench_spin() is in every polling loop. */
    void (*send)(const struct bench_case *bench, enum direction direction, const void *message);
    /*
     * Receives one message whole: into buffer, which it returns, or returns where the bytes are
     * lent until release() (NULL where that is not needed).
     */
    const void *(*receive)(const struct bench_case *bench, enum direction direction, void *buffer);
    void (*release)(const struct bench_case *bench, enum direction direction);
    /* Removes everything, in the parent, when the child has ended. May be NULL. */
    void (*close)(const struct bench_case *bench);

    /*
     * Instead of all of these: one operation in one process, timed in batches, for a row that says
     * what the others are to be compared with (a memcpy; an uncontended wait and post).
     */
    void (*alone)(const struct bench_case *bench, void *message, void *buffer);
};

/* In every loop that polls: yields where there is one processor, looks for signals now and then. */
void bench_spin(void);

/* The role `bench` of a mechanism: parses its options, measures, prints the table or CSV. */
int run_bench(const struct role *role, int argc, char **argv, const char *mechanism,
              const struct bench_variant *variants);

/*
 * The pieces, for a bench of another kind (fork's): options, head, rows.
 */
struct bench_options {
    struct sizes sizes;
    long count;     /* of round trips; 0: as many as the time allows */
    uint64_t bytes; /* of one throughput measurement; 0: as many as the time allows */
    int wait;       /* WAIT_BLOCK, WAIT_SPIN or BOTH_WAITS */
    bool csv;
    const char *unit; /* what is counted: "round trips" */
};
enum { BOTH_WAITS = -1 };

/* What was measured for one row; a negative figure does not apply. */
struct bench_row {
    const char *mechanism, *variant, *wait;
    size_t size;
    bool sizeless;
    long count;
    double p50, p90, p99, p999, max; /* ns */
    double messages, mebibytes;      /* per second */
    double rtt_spread, rate_spread;  /* (largest − smallest) / median of the repetitions */
    long lost, lost_one_way;
};

/* Parses the options of every bench; what --size is differs. */
void bench_parse(const struct role *role, int argc, char **argv, struct bench_options *options,
                 const char *size_help);

void bench_head(const struct bench_options *options, const char *columns);
void bench_print(const struct bench_options *options, const struct bench_row *row);

/* Sorts samples of nanoseconds (count ≥ 1) and fills the row's percentiles. */
void bench_percentiles(struct bench_row *row, uint64_t *samples, size_t count);

/* Median and spread of a few repetitions' figures. Sorts them. */
double bench_median(double *figures, size_t count, double *spread);

#endif
