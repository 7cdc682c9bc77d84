/*
 * The part of a bench that pipes, FIFOs and connected sockets share: they differ only in how they
 * are opened.
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

void descriptor_enter(const struct bench_case *bench, bool is_parent);
void descriptor_send(const struct bench_case *bench, enum direction direction, const void *message);
const void *descriptor_receive(const struct bench_case *bench, enum direction direction,
                               void *buffer);
void descriptor_close(const struct bench_case *bench);

#endif
