/*
 * The part of a bench that shared memory and mapped files share: they differ only in where the
 * memory of the two rings is.
 */
#ifndef IPC_BENCH_RING_BENCH_H
#define IPC_BENCH_RING_BENCH_H

#include "ipc/bench/bench.h"

/* How much memory two rings take, and making them in it; whoever opens a variant calls both. */
size_t ring_bench_size(void);
void ring_bench_open(void *memory);

#define OVER_RINGS .enter = ring_bench_enter, .send = ring_bench_send, .receive = ring_bench_receive
void ring_bench_enter(const struct bench_case *bench, bool is_parent);
void ring_bench_send(const struct bench_case *bench, enum direction direction, const void *message);
const void *ring_bench_receive(const struct bench_case *bench, enum direction direction,
                               void *buffer);

#endif
