/*
 * The table of a bench, to be read or as CSV.
 */
#ifndef IPC_BENCH_TABLE_H
#define IPC_BENCH_TABLE_H

#include "ipc/bench/measure.h"

struct bench_row {
    const char *mechanism, *variant, *wait;
    size_t size; /* 0: none */
    struct bench_figures figures;
};

/* total: the effort of all rows. unit: what is counted. columns: two lines, for who reads. */
void print_head(bool csv, const struct bench_effort *total, const char *unit, const char *columns);
void print_row(bool csv, const struct bench_row *row);

#endif
