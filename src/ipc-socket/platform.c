/* SPDX-License-Identifier: MIT
 * What is not POSIX, each with a portable fallback. CMakeLists.txt says ON_LINUX where it may.
 */
#include "platform.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#ifdef ON_LINUX
#include <sys/epoll.h>
#include <unistd.h>
#endif

bool bind_abstract(int socket, const char *name)
{
#ifdef ON_LINUX
    struct sockaddr_un address = {.sun_family = AF_UNIX}; /* sun_path[0] == 0: abstract, unix(7) */
    const size_t length = strlen(name);
    if (length < sizeof address.sun_path) {
        memcpy(address.sun_path + 1, name, length);
        return bind(socket, (const struct sockaddr *)&address,
                    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length)) == 0;
    }
#endif
    (void)socket;
    (void)name;
    errno = EOPNOTSUPP;
    return false;
}

pid_t peer_process(int socket)
{
#ifdef ON_LINUX
    struct ucred peer;
    socklen_t length = sizeof peer;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0)
        return peer.pid;
#endif
    (void)socket;
    return 0;
}

void notice_vanished_peer(int socket)
{
    const int on = 1;
    setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
#ifdef ON_LINUX
    const int idle_s = 10, every_s = 5, probes = 3;
    setsockopt(socket, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
    setsockopt(socket, IPPROTO_TCP, TCP_KEEPINTVL, &every_s, sizeof every_s);
    setsockopt(socket, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
#endif
}

/*
 * TCP_USER_TIMEOUT would end the connection to a peer that lives and does not read, too. It is
 * asked less and less often, so its last answer may be old: but nothing was sent since.
 */
bool peer_vanished(int socket)
{
#ifdef ON_LINUX
    struct tcp_info info;
    socklen_t length = sizeof info;
    if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &length) == 0)
        return info.tcpi_unacked > 0 && info.tcpi_last_ack_recv > 20000 &&
               info.tcpi_last_data_sent > 1000 &&
               info.tcpi_last_data_sent < info.tcpi_last_ack_recv;
#endif
    (void)socket;
    return false;
}

void expect_no_congestion(int socket)
{
#ifdef ON_LINUX
    setsockopt(socket, IPPROTO_TCP, TCP_CONGESTION, "reno", strlen("reno")); /* always there */
#endif
    (void)socket;
}

int reuse_port_option(void)
{
#ifdef SO_REUSEPORT
    return SO_REUSEPORT;
#else
    return 0;
#endif
}

static struct pollfd *watched; /* each at the place of its number; fd is -1 where none is watched */
static nfds_t places;
#ifdef ON_LINUX
static int epoll = -1; /* then poll() tells */
#endif
const char *watching_call = "poll";

bool watch_socket(int socket, short events)
{
    const nfds_t needed = (nfds_t)socket + 1;
    struct pollfd *all = needed > places ? realloc(watched, needed * sizeof *all) : watched;
    if (all == NULL)
        return false;
#ifdef ON_LINUX
    if (places == 0 && (epoll = epoll_create1(EPOLL_CLOEXEC)) != -1)
        watching_call = "epoll_wait";
#endif
    for (watched = all; places < needed; places++)
        watched[places].fd = -1;
#ifdef ON_LINUX
    struct epoll_event event = {.events = (uint32_t)events, .data.fd = socket};
    const int change = watched[socket].fd == -1 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    if (epoll != -1 && epoll_ctl(epoll, change, socket, &event) == -1) {
        close(epoll); /* its memory, or the number of its sockets, is limited */
        epoll = -1;
        watching_call = "poll";
    }
#endif
    watched[socket] = (struct pollfd){.fd = socket, .events = events};
    return true;
}

void forget_socket(int socket)
{
    watched[socket].fd = -1; /* epoll(7) forgets it when nobody has it open any more */
}

int await_watched(struct pollfd *ready, nfds_t most, int milliseconds)
{
    static nfds_t last; /* where the look ended, so that everybody has a turn */
    int found = 0;
#ifdef ON_LINUX
    struct epoll_event events[64];
    if (epoll != -1) {
        const int came = epoll_wait(epoll, events, most < 64 ? (int)most : 64, milliseconds);
        for (; found < came; found++)
            ready[found] = (struct pollfd){.fd = events[found].data.fd,
                                           .revents = (short)events[found].events};
        return came;
    }
#endif
    const int came = poll(watched, places, milliseconds);
    for (; found < came && (nfds_t)found < most; last = (last + 1) % places)
        if (watched[last].revents != 0)
            ready[found++] = watched[last];
    return came == -1 ? -1 : found;
}
