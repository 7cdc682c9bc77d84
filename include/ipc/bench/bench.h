/*
 * The role `bench`: one harness for all mechanisms, so that like is compared with like.
 */
#ifndef IPC_BENCH_BENCH_H
#define IPC_BENCH_BENCH_H

#include "ipc/bench/measure.h"
#include "ipc/common/argv.h"

/* Parses the options, measures every row of a mechanism, prints the table or CSV. */
int run_bench(const struct role *role, int argc, char **argv, const char *mechanism,
              const struct bench_variant *variants);

/* For a bench of another kind, fork's: the options. What --size is differs. */
enum { BOTH_WAITS = -1 };
struct bench_options {
    struct sizes sizes;
    int wait;                   /* WAIT_BLOCK, WAIT_SPIN or BOTH_WAITS */
    struct bench_effort effort; /* of all rows together */
    bool csv;
};
struct bench_options parse_bench_options(const struct role *role, int argc, char **argv,
                                         const char *size_help);

/* The table, in table.c. unit: what is counted. columns: two lines, for whoever reads. */
void print_head(const struct bench_options *options, const char *unit, const char *columns);
void print_row(const struct bench_options *options, const char *mechanism, const char *variant,
               const struct bench_case *bench, const struct bench_figures *figures);

/* In platform.c: what the processor calls itself; the machine, where it does not say. */
enum { MODEL_SIZE = 128 };
const char *processor_model(char model[MODEL_SIZE], const char *machine);

#endif
