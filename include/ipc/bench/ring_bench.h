/*
 * The ring's part of a bench: shared memory and mapped files differ only in where the memory is.
 */
#ifndef IPC_BENCH_RING_BENCH_H
#define IPC_BENCH_RING_BENCH_H

#include "ipc/bench/bench.h"

#include <stddef.h>

/* Two rings in that memory of twice this size, for the two directions. */
size_t ring_bench_size(void);
void ring_bench_open(void *memory);

void ring_bench_enter(const struct bench_case *bench, bool is_parent);
void ring_bench_send(const struct bench_case *bench, enum direction direction, const void *message);
const void *ring_bench_receive(const struct bench_case *bench, enum direction direction,
                               void *buffer);
void ring_bench_release(const struct bench_case *bench, enum direction direction);

#endif
