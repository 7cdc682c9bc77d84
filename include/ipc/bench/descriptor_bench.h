/*
 * What the benches of pipes, FIFOs and sockets share: they differ only in how they are opened.
 */
#ifndef IPC_BENCH_DESCRIPTOR_BENCH_H
#define IPC_BENCH_DESCRIPTOR_BENCH_H

#include "ipc/bench/bench.h"

/* By direction. open() sets them, each to a descriptor of its own, blocking or not. */
struct bench_ends {
    int read_end, write_end;
    bool is_socket; /* then send() and recv(), which cost less there than write() and read() */
};
extern struct bench_ends bench_ends[2];

#define OVER_DESCRIPTORS                                                                           \
    .enter = descriptor_enter, .send = descriptor_send, .receive = descriptor_receive,             \
    .close = descriptor_close

bench_enter descriptor_enter;
bench_send descriptor_send;
bench_receive descriptor_receive;
void descriptor_close(void);

#endif
