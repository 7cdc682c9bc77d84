/* SPDX-License-Identifier: MIT
 * Bytes into a pipe or FIFO and out of it, as fast as the kernel moves them.
 *
 * An end of file comes from a producer that has finished and from one that was killed alike; and a
 * write succeeds as soon as the bytes are in the kernel. Therefore a producer notes in the
 * rendezvous that it has sent all, before it closes, and a consumer that all it has read is written
 * out.
 */
#ifndef IPC_TRANSFER_STREAM_H
#define IPC_TRANSFER_STREAM_H

#include "ipc/transfer/pair.h"

/* One side of a transfer. */
struct stream {
    struct pair *pair;  /* without a rendezvous between a parent and its child */
    int end;            /* of the pipe: non-blocking, if it is only ours */
    const char *object; /* what messages call it */
    enum column column;
    bool shares_terminal; /* perhaps with a producer of ours, which shows its own progress */
};

/* Makes an end non-blocking, and its pipe large: an end of our own, not an inherited one. */
void make_fast(int end);

/* Writes all of the input into the pipe. False when nobody is left to read it: EPIPE. */
bool stream_send(struct stream *stream);

/*
 * Writes to standard output all that comes out of the pipe, until its end of file. Ends the process
 * with exit 3 unless all producers of ours that joined have sent all.
 */
void stream_receive(struct stream *stream);

/*
 * When all is sent: waits until every byte is taken out of the pipe (by then a consumer of ours has
 * joined), closes it, and waits until such a consumer has written everything out.
 */
int end_stream_producer(struct stream *stream);

/* Ends a producer that nobody reads from: 3 if it was a consumer of ours, else EPIPE, 1. */
_Noreturn void end_without_reader(struct stream *stream);

#endif
