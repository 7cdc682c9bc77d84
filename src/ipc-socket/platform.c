/*
 * What is not POSIX, each with a portable fallback. CMakeLists.txt says ON_LINUX where it may.
 */
#include "platform.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

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

int reuse_port_option(void)
{
#ifdef SO_REUSEPORT
    return SO_REUSEPORT;
#else
    return 0;
#endif
}
