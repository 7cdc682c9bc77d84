/* SPDX-License-Identifier: MIT
 * The role `bench`: one harness for all mechanisms, so that like is compared with like.
 *
 * Round trip: a message goes to another process, the same bytes come back; each one is timed. One
 * way: message after message. Both are warmed up and repeated; the receiver compares every byte.
 */
#ifndef IPC_BENCH_BENCH_H
#define IPC_BENCH_BENCH_H

#include "ipc/common/argv.h"

/* What one row is about. NO_WAIT: an operation of one process that waits for nobody. */
struct bench_case {
    const struct bench_variant *variant;
    enum bench_wait { WAIT_BLOCK, WAIT_SPIN, NO_WAIT } wait;
    size_t size;
    enum bench_cpus { FREE, ON_ONE, ON_TWO } cpus; /* FREE: as the scheduler likes */
};

/* The parent sends on THERE, the child on BACK. */
enum direction { THERE, BACK };

/* A mechanism's part: its own system calls. A function that fails ends the process. */
typedef void bench_action(const struct bench_case *bench);
typedef void bench_enter(const struct bench_case *bench, bool is_parent);
typedef void bench_send(const struct bench_case *bench, enum direction way, const void *bytes);
typedef const void *bench_receive(const struct bench_case *bench, enum direction way, void *buffer);
struct bench_variant {
    const char *name;  /* NULL ends a table */
    long most;         /* the largest message (0: any, -1: unknown) … */
    const char *limit; /* … and what sets that limit, for the error that names it */
    size_t only_size;  /* not 0: it carries messages of this size and no other */
    bool sizeless;     /* it carries no bytes at all */
    bool lossy;        /* receive returns NULL if nothing comes in time; nothing is lent */
    bool starts;       /* alone starts a process and waits for it; size: of the parent's memory */

    /* close and enter may be NULL. */
    bench_action *open;     /* makes both directions, before the fork */
    void (*close)(void);    /* removes them, in the parent */
    bench_enter *enter;     /* after the fork, on each side: closes what that side does not use */
    bench_send *send;       /* sends one message whole; waits as bench->wait says */
    bench_receive *receive; /* into buffer, or lends it where it lies until the next call */
    bench_action *alone;    /* instead of these three: an operation of one process, to compare */
};

#define VARIANT(label, ...)                                                                        \
    {                                                                                              \
        .name = (label), __VA_ARGS__                                                               \
    }

/* Parses the options, measures every row of a mechanism, prints the table or CSV. */
int run_bench(const struct role *role, int argc, char **argv, const struct bench_variant *variants);

/* In every loop that polls: yields where both have one processor, looks for signals. */
void bench_spin(void);
/* After a call that failed: returns if it is to be made again. Otherwise ends the process. */
void bench_retry(const char *call);
/* The other process has closed its end: ends as the child did; in the child, with exit 3. */
_Noreturn void end_without_peer(void);

/* In descriptor_bench.c. open() sets the ends of each direction to descriptors of their own. */
extern struct bench_ends {
    int read_end, write_end;
} bench_ends[2];
bench_enter descriptor_enter;
bench_send descriptor_send;
bench_receive descriptor_receive;
void descriptor_close(void);
#define OVER_DESCRIPTORS                                                                           \
    .enter = descriptor_enter, .send = descriptor_send, .receive = descriptor_receive,             \
    .close = descriptor_close

/* In ring_bench.c: the memory that two rings take; open() makes them in it, or in an object. */
size_t ring_bench_size(void);
void ring_bench_open(void *memory);
void ring_bench_map(int object, const char *name); /* allocates, maps and closes it */
void ring_bench_unmap(void);
bench_enter ring_bench_enter;
bench_send ring_bench_send;
bench_receive ring_bench_receive;
#define OVER_RINGS .enter = ring_bench_enter, .send = ring_bench_send, .receive = ring_bench_receive

/* What is asked for. */
struct bench_options {
    struct sizes sizes;
    struct bench_case kinds[4]; /* the ways of waiting, and where: rows of each size */
    size_t kind_count;
    bool pinned; /* the operations of one process, too */
    bool csv;
    /* What is to be measured; 0: as much as the time allows. */
    struct bench_effort {
        long count;      /* of round trips or operations, in all repetitions */
        uint64_t bytes;  /* one way, in each repetition */
        double seconds;  /* of all rows together; for measure(), of one row */
        bool trips_only; /* nothing goes one way */
    } effort;
};

/* What was measured; negative where it does not apply. */
enum { REPETITIONS = 5 /* at least */, PERCENTILES = 5 /* 50, 90, 99, 99.9, 100 */ };
struct bench_figures {
    long count;
    double time[PERCENTILES];   /* of a round trip or operation, in nanoseconds */
    double messages, mebibytes; /* a second: the median of the repetitions … */
    double spread;              /* … and how far apart the middle half of them lies, by that */
    long lost, lost_one_way;
};

/* What was measured of a row so far, in one visit or several; and what it comes to. */
struct bench_record *new_record(void);
void measure(const struct bench_case *bench, const struct bench_effort *effort,
             struct bench_record *into);
struct bench_figures figures_of(const struct bench_case *bench, struct bench_record *record);

/*
 * The median round trip of one atomic word between two processes that wait, and run, as those of
 * the row do. Where it moves by more than a quarter the machine had something else to do, and the
 * row is not to be trusted.
 */
double measure_reference(const struct bench_case *bench);
bool has_moved(double before, double after);

/* The table. doubtful: the row is not to be trusted. */
extern const char *const wait_names[], *const cpus_names[]; /* by enum bench_wait, bench_cpus */
void print_head(const struct bench_options *options, const struct bench_variant *first);
void print_row(const struct bench_options *options, const struct bench_case *bench,
               const struct bench_figures *figures, bool doubtful);

/*
 * What is sent: a number as far as it fits, then a pattern. To be freed. Even if size is less it
 * has room for the number, which the caller copies into it.
 */
unsigned char *new_message(size_t size);
/* Whether the bytes that came are the message of that number; looks at each, where it lies. */
bool is_message(const unsigned char *message, size_t size, uint64_t number, const void *bytes);

#endif
