/*
 * ipc-socket bench: what a round trip and a stream of messages cost over TCP, UDP and Unix sockets,
 * all on this machine. A datagram that does not come within 50 ms is lost, and counted.
 */
#include "socket.h"

#include "ipc/bench/bench.h"
#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { LOST_AFTER = 50 * MILLISECOND, UDP_MOST = 65507 };

static int ends[2]; /* the parent's and the child's: both ways go over them */
static int own;

static void open_unix(const struct bench_case *bench)
{
    (void)bench;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == -1)
        fail("socketpair", NULL);
}

static struct sockaddr_in bind_loopback(int end)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    if (end == -1 || bind(end, (struct sockaddr *)&address, size) == -1 ||
        getsockname(end, (struct sockaddr *)&address, &size) == -1)
        fail("bind", "127.0.0.1");
    return address;
}

static void connect_to(int end, struct sockaddr_in address)
{
    if (connect(end, (struct sockaddr *)&address, sizeof address) == -1)
        fail("connect", "127.0.0.1");
}

static void open_tcp(const struct bench_case *bench)
{
    const int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    const struct sockaddr_in address = bind_loopback(listener);
    (void)bench;
    ends[0] = socket(AF_INET, SOCK_STREAM, 0);
    if (listen(listener, 1) == -1)
        fail("listen", "127.0.0.1");
    connect_to(ends[0], address);
    ends[1] = accept(listener, NULL, NULL);
    if (ends[1] == -1)
        fail("accept", "127.0.0.1");
    close(listener);
    for (int i = 0; i < 2; i++) /* else a small message waits for the one before it: Nagle */
        if (setsockopt(ends[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == -1)
            fail("setsockopt", "TCP_NODELAY");
}

static void open_udp(const struct bench_case *bench)
{
    const struct timeval limit = {.tv_usec = LOST_AFTER / MICROSECOND};
    struct sockaddr_in addresses[2];
    (void)bench;
    for (int i = 0; i < 2; i++) {
        ends[i] = socket(AF_INET, SOCK_DGRAM, 0);
        addresses[i] = bind_loopback(ends[i]);
        if (setsockopt(ends[i], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == -1)
            fail("setsockopt", "SO_RCVTIMEO");
    }
    connect_to(ends[0], addresses[1]);
    connect_to(ends[1], addresses[0]);
}

static void enter(const struct bench_case *bench, bool is_parent)
{
    (void)bench;
    own = ends[is_parent ? 0 : 1];
    close(ends[is_parent ? 1 : 0]);
}

static void close_own(const struct bench_case *bench)
{
    (void)bench;
    close(own);
}

static void send_bytes(const struct bench_case *bench, enum direction direction,
                       const void *message)
{
    const int flags = MSG_NOSIGNAL | (bench->wait == WAIT_SPIN ? MSG_DONTWAIT : 0);
    (void)direction;
    for (size_t sent = 0; sent < bench->size;) {
        const ssize_t part = send(own, (const char *)message + sent, bench->size - sent, flags);
        if (part >= 0)
            sent += (size_t)part;
        else if (errno == EAGAIN || errno == ENOBUFS)
            bench_spin();
        else if (!interrupted())
            fail("send", NULL);
    }
}

static const void *take_stream(const struct bench_case *bench, enum direction direction,
                               void *buffer)
{
    const int flags = bench->wait == WAIT_SPIN ? MSG_DONTWAIT : MSG_WAITALL;
    (void)direction;
    for (size_t filled = 0; filled < bench->size;) {
        const ssize_t part = recv(own, (char *)buffer + filled, bench->size - filled, flags);
        if (part > 0)
            filled += (size_t)part;
        else if (part == 0)
            fail_that(EXIT_PEER, "the other process died");
        else if (errno == EAGAIN)
            bench_spin();
        else if (!interrupted())
            fail("recv", NULL);
    }
    return buffer;
}

/* NULL: nothing came in time. */
static const void *take_datagram(const struct bench_case *bench, enum direction direction,
                                 void *buffer)
{
    const bool spins = bench->wait == WAIT_SPIN;
    uint64_t began = 0;
    (void)direction;
    for (unsigned turns = 1;; turns++) {
        if (recv(own, buffer, bench->size, spins ? MSG_DONTWAIT : 0) >= 0)
            return buffer;
        if (errno == EAGAIN && !spins) /* SO_RCVTIMEO */
            return NULL;
        if (errno != EAGAIN && !interrupted())
            fail("recv", NULL);
        bench_spin();
        if (turns % 64 != 0)
            continue;
        if (began == 0)
            began = now();
        else if (now() - began > LOST_AFTER)
            return NULL;
    }
}

static uint64_t udp_most(void)
{
    return UDP_MOST;
}

int socket_bench(const struct role *role, int argc, char **argv)
{
    static const struct bench_variant variants[] = {{.name = "tcp",
                                                     .open = open_tcp,
                                                     .enter = enter,
                                                     .send = send_bytes,
                                                     .receive = take_stream,
                                                     .close = close_own},
                                                    {.name = "udp",
                                                     .most = udp_most,
                                                     .limit = "the length in a datagram's header",
                                                     .lossy = true,
                                                     .open = open_udp,
                                                     .enter = enter,
                                                     .send = send_bytes,
                                                     .receive = take_datagram,
                                                     .close = close_own},
                                                    {.name = "unix",
                                                     .open = open_unix,
                                                     .enter = enter,
                                                     .send = send_bytes,
                                                     .receive = take_stream,
                                                     .close = close_own},
                                                    {0}};
    return run_bench(role, argc, argv, "socket", variants);
}
