/* SPDX-License-Identifier: MIT
 * Messages over descriptors: written whole, read whole.
 */
#include "ipc/bench/bench.h"

#include "ipc/common/cleanup.h"

#include <fcntl.h>
#include <unistd.h>

struct bench_ends bench_ends[2];

void descriptor_enter(const struct bench_case *bench, bool is_parent)
{
    const struct bench_ends *out = &bench_ends[is_parent ? THERE : BACK];
    const struct bench_ends *in = &bench_ends[is_parent ? BACK : THERE];
    const int flags = bench->wait == WAIT_SPIN ? O_NONBLOCK : 0;
    close(out->read_end);
    close(in->write_end);
    or_fail(fcntl(out->write_end, F_SETFL, flags), "fcntl", NULL);
    or_fail(fcntl(in->read_end, F_SETFL, flags), "fcntl", NULL);
}

void descriptor_send(const struct bench_case *bench, enum direction way, const void *message)
{
    for (size_t sent = 0; sent < bench->size;) {
        const char *bytes = (const char *)message + sent;
        const ssize_t part = write(bench_ends[way].write_end, bytes, bench->size - sent);
        if (part == -1)
            bench_retry("write");
        else if ((sent += (size_t)part) < bench->size)
            end_if_signalled(); /* it may have been cut short by one */
    }
}

const void *descriptor_receive(const struct bench_case *bench, enum direction way, void *buffer)
{
    for (size_t filled = 0; filled < bench->size;) {
        char *bytes = (char *)buffer + filled;
        const ssize_t part = read(bench_ends[way].read_end, bytes, bench->size - filled);
        if (part == -1)
            bench_retry("read");
        else if (part == 0)
            end_without_peer();
        else if ((filled += (size_t)part) < bench->size)
            end_if_signalled();
    }
    return buffer;
}

void descriptor_close(void)
{
    close(bench_ends[THERE].write_end);
    close(bench_ends[BACK].read_end);
}
