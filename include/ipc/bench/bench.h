/*
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

/* Parses the options, measures every row of a mechanism, prints the table or CSV. */
int run_bench(const struct role *role, int argc, char **argv, const char *mechanism,
              const struct bench_variant *variants);

/* In every loop that polls: yields where there is one processor, looks for signals. */
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

/* In ring_bench.c: the memory that two rings take, and making them in it. open() calls both. */
size_t ring_bench_size(void);
void ring_bench_open(void *memory);
bench_enter ring_bench_enter;
bench_send ring_bench_send;
bench_receive ring_bench_receive;
#define OVER_RINGS .enter = ring_bench_enter, .send = ring_bench_send, .receive = ring_bench_receive

/* The options, for a bench of another kind: fork's, for which --size is something else. */
struct bench_options {
    struct sizes sizes;
    enum bench_wait first_wait, last_wait; /* the same one where --wait is given */
    /* What is to be measured; 0: as much as the time allows. */
    struct bench_effort {
        long count;     /* of round trips or operations, in all repetitions */
        uint64_t bytes; /* one way, in each repetition */
        double seconds; /* of all rows together; for measure(), of one row */
    } effort;
    bool csv;
};
struct bench_options parse_bench_options(const struct role *role, int argc, char **argv,
                                         const char *size_help);

/* What was measured; negative where it does not apply. */
enum { REPETITIONS = 5, PERCENTILES = 5 /* 50, 90, 99, 99.9, 100 */ };
struct bench_figures {
    long count;
    double time[PERCENTILES];            /* of a round trip or operation, in nanoseconds */
    double messages, mebibytes;          /* a second */
    double time_spread, messages_spread; /* (largest - smallest) / median of the repetitions */
    long lost, lost_one_way;
};
struct bench_figures measure(const struct bench_case *bench, const struct bench_effort *effort);

/* The table. unit: what is counted. columns: two lines, for whoever reads. */
void print_head(const struct bench_options *options, const char *unit, const char *columns);
void print_row(const struct bench_options *options, const char *mechanism,
               const struct bench_case *bench, const struct bench_figures *figures);

/*
 * What is sent: a number as far as it fits, then a pattern. To be freed. Even if size is less it
 * has room for the number, which the caller copies into it.
 */
unsigned char *new_message(size_t size);
/* Whether the bytes that came are the message of that number; looks at each, where it lies. */
bool is_message(const unsigned char *message, size_t size, uint64_t number, const void *bytes);

#endif
