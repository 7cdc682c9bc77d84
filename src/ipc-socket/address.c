/*
 * Addresses: from the command line to what bind() and connect() take, and back to text.
 */
#include "socket.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/rendezvous/names.h"
#include "ipc/transfer/spin.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

void check_where(const struct role *role, struct where *where)
{
    if (where->path != NULL && where->name != NULL)
        usage_error(role, "--path and --name are two ways to say where: give one");
    if (where->path != NULL && *where->path == '\0')
        usage_error(role, "--path: the empty text names no file");
    where->local = where->local || where->path != NULL || where->name != NULL;
    if (where->local && (where->host != NULL || where->port != NOT_GIVEN))
        usage_error(role, "a Unix socket has no --host and no --port");
    if (where->local && (where->ipv4 || where->ipv6))
        usage_error(role, "a Unix socket is neither -4 nor -6");
    if (where->local && where->udp)
        usage_error(role, "--udp does not go with a Unix socket");
    if (where->ipv4 && where->ipv6)
        usage_error(role, "-4 and -6 exclude each other");
}

static void local_endpoint(const struct where *where, const char *call, struct endpoint *endpoint)
{
    char named[PATH_SIZE];
    const char *path = where->path;
    if (path == NULL)
        path = object_path(named, "socket", where->name != NULL ? where->name : "default", "sock");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG; /* cut short it would be another file */
        fail(call, path);
    }
    memcpy(address.sun_path, path, strlen(path));
    memcpy(&endpoint->address, &address, sizeof address);
    endpoint->length = sizeof address;
}

/* A system may lack a family that the resolver knows. */
static bool has_family(int family)
{
    const int sock = socket(family, SOCK_DGRAM, 0);
    if (sock == -1)
        return false;
    close(sock);
    return true;
}

size_t resolve(const struct where *where, const char *call, struct endpoint *endpoints)
{
    if (where->local) {
        local_endpoint(where, call, endpoints);
        return 1;
    }
    const char *host = where->host != NULL ? where->host : where->ipv6 ? "::1" : "127.0.0.1";
    char port[8];
    snprintf(port, sizeof port, "%ld", where->port != NOT_GIVEN ? where->port : 8080);
    const struct addrinfo wanted = {.ai_family = where->ipv4   ? AF_INET
                                                 : where->ipv6 ? AF_INET6
                                                               : AF_UNSPEC,
                                    .ai_socktype = where->udp ? SOCK_DGRAM : SOCK_STREAM,
                                    .ai_flags = AI_NUMERICSERV};
    struct addrinfo *found;
    const int error = getaddrinfo(host, port, &wanted, &found);
    if (error == EAI_SYSTEM)
        fail("getaddrinfo", host);
    if (error != 0)
        fail_that(EXIT_FAILED,
                  "getaddrinfo \"%s\": %s\n  no address of the wanted kind belongs to that name: "
                  "check its spelling, and -4 or -6",
                  host, gai_strerror(error));
    size_t count = 0;
    for (const struct addrinfo *one = found; one != NULL && count < ENDPOINTS_MOST;
         one = one->ai_next) {
        if (!has_family(one->ai_family))
            continue;
        memcpy(&endpoints[count].address, one->ai_addr, one->ai_addrlen);
        endpoints[count++].length = one->ai_addrlen;
    }
    freeaddrinfo(found);
    if (count == 0)
        fail("socket", host);
    return count;
}

const char *address_text(const struct sockaddr_storage *address, socklen_t length,
                         char text[ADDRESS_TEXT])
{
    char host[INET6_ADDRSTRLEN] = "?";
    if (address->ss_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, address, sizeof in);
        inet_ntop(AF_INET, &in.sin_addr, host, sizeof host);
        snprintf(text, ADDRESS_TEXT, "%s:%u", host, (unsigned)ntohs(in.sin_port));
    } else if (address->ss_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, address, sizeof in6);
        inet_ntop(AF_INET6, &in6.sin6_addr, host, sizeof host);
        snprintf(text, ADDRESS_TEXT, "[%s]:%u", host, (unsigned)ntohs(in6.sin6_port));
    } else {
        struct sockaddr_un un = {.sun_family = AF_UNIX};
        memcpy(&un, address, length < sizeof un ? length : sizeof un);
        snprintf(text, ADDRESS_TEXT, "%.*s", (int)sizeof un.sun_path,
                 length <= offsetof(struct sockaddr_un, sun_path) ? "" : un.sun_path);
    }
    return text;
}

void prepare_socket(int socket, const struct where *where)
{
    const int buffer = SOCKET_BUFFER, on = 1;
    setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
    setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    /* a typed line goes out at once, even while the one before is not acknowledged: tcp(7) */
    if (!where->local && !where->udp)
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (fcntl(socket, F_SETFL, O_NONBLOCK) == -1)
        fail("fcntl", "O_NONBLOCK");
}

int milliseconds_until(uint64_t deadline)
{
    if (deadline == UINT64_MAX)
        return -1;
    const uint64_t time = now();
    if (time >= deadline)
        return 0;
    const uint64_t left = (deadline - time + MILLISECOND - 1) / MILLISECOND;
    return left < INT_MAX ? (int)left : INT_MAX;
}

/*
 * Who wakes us: the kernel, whatever happens to the peer, as the end of a connection is an event,
 * too. A signal between the look and poll() comes again a second later (cleanup.h).
 */
bool poll_patiently(struct pollfd *watched, size_t count, int milliseconds)
{
    struct spin spin = {0};
    int ready;
    end_if_signalled();
    do
        ready = poll(watched, (nfds_t)count, 0);
    while ((ready == 0 && milliseconds != 0 && keep_spinning(&spin)) ||
           (ready == -1 && interrupted()));
    if (ready == 0 && milliseconds != 0)
        do
            ready = poll(watched, (nfds_t)count, milliseconds);
        while (ready == -1 && interrupted());
    if (ready == -1)
        fail("poll", NULL);
    return ready > 0;
}
