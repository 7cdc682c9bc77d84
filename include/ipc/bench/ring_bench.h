/*
 * What the benches of shared memory and mapped files share: they differ only in where the rings
 * are.
 */
#ifndef IPC_BENCH_RING_BENCH_H
#define IPC_BENCH_RING_BENCH_H

#include "ipc/bench/bench.h"

/* How much memory two rings take, and making them in it; whoever opens a variant calls both. */
size_t ring_bench_size(void);
void ring_bench_open(void *memory);

#define OVER_RINGS .enter = ring_bench_enter, .send = ring_bench_send, .receive = ring_bench_receive
bench_enter ring_bench_enter;
bench_send ring_bench_send;
bench_receive ring_bench_receive;

#endif
