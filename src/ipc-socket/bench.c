/* SPDX-License-Identifier: MIT
 * ipc-socket bench: what a round trip and a stream of messages cost over TCP, UDP and Unix sockets,
 * all on this machine. A datagram that does not come within 50 ms is lost, and counted.
 *
 * Usage: ipc-socket bench [--size SIZE]… [--wait block|spin] [--cpus same|two|both|free] [OPTION]…
 */
#include "socket.h"

#include "ipc/bench/bench.h"
#include "ipc/common/clock.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <unistd.h>

enum { LOST_AFTER_MS = 50, UDP_MOST = 65507 };

static bench_action open_tcp, open_udp, open_unix;
static bench_receive take_datagram;

int socket_bench(const struct role *role, int argc, char **argv)
{
    static const struct bench_variant variants[] = {
        VARIANT("tcp", .open = open_tcp, OVER_DESCRIPTORS),
        VARIANT("udp", .most = UDP_MOST, .limit = "the length in a datagram's header",
                .lossy = true, .open = open_udp, .enter = descriptor_enter, .send = descriptor_send,
                .receive = take_datagram, .close = descriptor_close),
        VARIANT("unix", .open = open_unix, OVER_DESCRIPTORS),
        {0}};
    return run_bench(role, argc, argv, variants);
}

/* Both ways go over the same two sockets, each way over descriptors of its own. */
static void use_sockets(int parent, int child)
{
    bench_ends[THERE] = (struct bench_ends){child, parent};
    bench_ends[BACK] =
        (struct bench_ends){or_fail(dup(parent), "dup", NULL), or_fail(dup(child), "dup", NULL)};
}

static void open_tcp(const struct bench_case *bench)
{
    const int on = 1;
    int ends[2];
    (void)bench;
    connected_sockets(SOCK_STREAM, ends);
    for (int i = 0; i < 2; i++) /* otherwise a message waits for the last one's acknowledgement */
        or_fail(setsockopt(ends[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "setsockopt",
                "TCP_NODELAY");
    use_sockets(ends[0], ends[1]);
}

static void open_udp(const struct bench_case *bench)
{
    int ends[2];
    (void)bench;
    connected_sockets(SOCK_DGRAM, ends);
    for (int i = 0; i < 2; i++)
        set_timeout(ends[i], SO_RCVTIMEO, LOST_AFTER_MS);
    use_sockets(ends[0], ends[1]);
}

static void open_unix(const struct bench_case *bench)
{
    int ends[2];
    (void)bench;
    or_fail(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "socketpair", NULL);
    use_sockets(ends[0], ends[1]);
}

/* NULL: nothing came in time. */
static const void *take_datagram(const struct bench_case *bench, enum direction way, void *buffer)
{
    uint64_t began = 0;
    for (unsigned turns = 1;; turns++) {
        if (recv(bench_ends[way].read_end, buffer, bench->size, 0) >= 0)
            return buffer;
        if (errno == EAGAIN && bench->wait == WAIT_BLOCK) /* SO_RCVTIMEO */
            return NULL;
        bench_retry("recv");
        if (turns == 64)
            began = now();
        if (turns % 64 == 0 && now() - began > LOST_AFTER_MS * MILLISECOND)
            return NULL;
    }
}
