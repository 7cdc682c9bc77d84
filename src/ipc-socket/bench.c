/*
 * ipc-socket bench: what a round trip and a stream of messages cost over TCP, UDP and Unix sockets,
 * all on this machine. A datagram that does not come within 50 ms is lost, and counted.
 *
 * Usage: ipc-socket bench [--size SIZE]… [--count N] [--bytes SIZE] [--wait block|spin] [--csv]
 */
#include "socket.h"

#include "ipc/bench/bench.h"
#include "ipc/common/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { LOST_AFTER = 50 * MILLISECOND, UDP_MOST = 65507 };

static bench_action open_tcp, open_udp, open_unix;
static bench_receive take_datagram;

int socket_bench(const struct role *role, int argc, char **argv)
{
    static const struct bench_variant variants[] = {
        {.name = "tcp", .open = open_tcp, OVER_DESCRIPTORS},
        {.name = "udp",
         .most = UDP_MOST,
         .limit = "the length in a datagram's header",
         .lossy = true,
         .open = open_udp,
         .enter = descriptor_enter,
         .send = descriptor_send,
         .receive = take_datagram,
         .close = descriptor_close},
        {.name = "unix", .open = open_unix, OVER_DESCRIPTORS},
        {0}};
    return run_bench(role, argc, argv, "socket", variants);
}

/* Both ways go over the same two sockets, each way over descriptors of its own. */
static void use_sockets(int parent, int child)
{
    bench_ends[THERE] = (struct bench_ends){child, parent};
    bench_ends[BACK] =
        (struct bench_ends){or_fail(dup(parent), "dup", NULL), or_fail(dup(child), "dup", NULL)};
}

static void connect_to(int end, struct sockaddr_in address)
{
    or_fail(connect(end, (struct sockaddr *)&address, sizeof address), "connect", "127.0.0.1");
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

static void open_tcp(const struct bench_case *bench)
{
    const int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    const struct sockaddr_in address = bind_loopback(listener);
    const int client = socket(AF_INET, SOCK_STREAM, 0);
    (void)bench;
    or_fail(listen(listener, 1), "listen", "127.0.0.1");
    connect_to(client, address);
    const int server = or_fail(accept(listener, NULL, NULL), "accept", "127.0.0.1");
    close(listener);
    /* otherwise a small message waits until the one before it is acknowledged: Nagle */
    if (setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == -1 ||
        setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == -1)
        fail("setsockopt", "TCP_NODELAY");
    use_sockets(client, server);
}

static void open_udp(const struct bench_case *bench)
{
    const struct timeval limit = {.tv_usec = LOST_AFTER / MICROSECOND};
    struct sockaddr_in addresses[2];
    int ends[2];
    (void)bench;
    for (int i = 0; i < 2; i++) {
        ends[i] = socket(AF_INET, SOCK_DGRAM, 0);
        addresses[i] = bind_loopback(ends[i]);
        or_fail(setsockopt(ends[i], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), "setsockopt",
                "SO_RCVTIMEO");
    }
    connect_to(ends[0], addresses[1]);
    connect_to(ends[1], addresses[0]);
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
static const void *take_datagram(const struct bench_case *bench, enum direction direction,
                                 void *buffer)
{
    uint64_t began = 0;
    for (unsigned turns = 1;; turns++) {
        if (recv(bench_ends[direction].read_end, buffer, bench->size, 0) >= 0)
            return buffer;
        if (errno == EAGAIN && bench->wait == WAIT_BLOCK) /* SO_RCVTIMEO */
            return NULL;
        bench_retry("recv");
        if (turns % 64 != 0)
            continue;
        if (began == 0)
            began = now();
        else if (now() - began > LOST_AFTER)
            return NULL;
    }
}
