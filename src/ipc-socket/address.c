/* SPDX-License-Identifier: MIT
 * Addresses: from the command line to what bind() and connect() take, and back to text.
 */
#include "client_server.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/tcp.h>

enum { SOCKET_BUFFER_SIZE = 1024 * 1024 }; /* asked for; the system may grant less */

void check_where(const struct role *role, struct pair *pair)
{
    struct where *where = (struct where *)pair;
    where->local = where->local || where->path != NULL || where->name != NULL;
    if (where->path != NULL && where->name != NULL)
        usage_error(role, "--path and --name are two ways to say where: give one");
    if (where->path != NULL && *where->path == '\0')
        usage_error(role, "--path: the empty text names no file");
    if (where->local && (where->host != NULL || where->port != NOT_GIVEN))
        usage_error(role, "a Unix socket has no --host and no --port");
    if (where->local && (where->ipv4 || where->ipv6))
        usage_error(role, "a Unix socket is neither -4 nor -6");
    if (where->local && where->udp)
        usage_error(role, "--udp does not go with a Unix socket");
    if (where->ipv4 && where->ipv6)
        usage_error(role, "-4 and -6 exclude each other");
}

struct endpoint local_endpoint(const char *path, const char *call)
{
    struct endpoint endpoint = {.local.sun_family = AF_UNIX, .length = sizeof endpoint.local};
    if (strlen(path) >= sizeof endpoint.local.sun_path) {
        errno = ENAMETOOLONG; /* cut short it would be another file */
        fail(call, path);
    }
    memcpy(endpoint.local.sun_path, path, strlen(path));
    return endpoint;
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
        const char *name = where->name != NULL ? where->name : "default", *path = where->path;
        char named[PATH_SIZE];
        endpoints[0] =
            local_endpoint(path != NULL ? path : object_path(named, "socket", name, "sock"), call);
        return 1;
    }
    const char *host = where->host != NULL ? where->host : where->ipv6 ? "::1" : "127.0.0.1";
    char port[8];
    snprintf(port, sizeof port, "%ld", where->port != NOT_GIVEN ? where->port : USUAL_PORT);
    const int family = where->ipv4 ? AF_INET : where->ipv6 ? AF_INET6 : AF_UNSPEC;
    const struct addrinfo wanted = {.ai_family = family,
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
        memcpy(&endpoints[count].storage, one->ai_addr, one->ai_addrlen);
        endpoints[count++].length = one->ai_addrlen;
    }
    freeaddrinfo(found);
    if (count == 0)
        fail("socket", host);
    return count;
}

const char *address_text(const struct endpoint *endpoint, char text[ADDRESS_TEXT_SIZE])
{
    char host[INET6_ADDRSTRLEN] = "?";
    if (endpoint->any.sa_family == AF_INET) {
        inet_ntop(AF_INET, &endpoint->ipv4.sin_addr, host, sizeof host);
        snprintf(text, ADDRESS_TEXT_SIZE, "%s:%u", host, (unsigned)ntohs(endpoint->ipv4.sin_port));
    } else if (endpoint->any.sa_family == AF_INET6) {
        inet_ntop(AF_INET6, &endpoint->ipv6.sin6_addr, host, sizeof host);
        snprintf(text, ADDRESS_TEXT_SIZE, "[%s]:%u", host,
                 (unsigned)ntohs(endpoint->ipv6.sin6_port));
    } else { /* a client may have no name at all: then nothing but its family came */
        const bool named = endpoint->length > offsetof(struct sockaddr_un, sun_path);
        const int most = sizeof endpoint->local.sun_path;
        snprintf(text, ADDRESS_TEXT_SIZE, "%.*s", most, named ? endpoint->local.sun_path : "");
    }
    return text;
}

struct endpoint own_endpoint(int sock)
{
    struct endpoint own = {.length = sizeof own.storage};
    or_fail(getsockname(sock, &own.any, &own.length), "getsockname", NULL);
    return own;
}

struct endpoint loopback_endpoint(void)
{
    return (struct endpoint){
        .ipv4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)},
        .length = sizeof(struct sockaddr_in)};
}

int bound_socket(int type)
{
    const struct endpoint loopback = loopback_endpoint();
    const int sock = or_fail(socket(AF_INET, type, 0), "socket", NULL);
    or_fail(bind(sock, &loopback.any, loopback.length), "bind", "127.0.0.1:0");
    return sock;
}

int connected_socket(int type, const struct endpoint *peer)
{
    const int sock = or_fail(socket(AF_INET, type, 0), "socket", NULL);
    or_fail(connect(sock, &peer->any, peer->length), "connect", "127.0.0.1");
    return sock;
}

void connected_sockets(int type, int ends[2])
{
    const int bound = bound_socket(type);
    if (type == SOCK_STREAM)
        or_fail(listen(bound, 1), "listen", "127.0.0.1:0");
    const struct endpoint address = own_endpoint(bound);
    ends[0] = connected_socket(type, &address);
    ends[1] = bound;
    if (type == SOCK_STREAM) {
        ends[1] = or_fail(accept(bound, NULL, NULL), "accept", "127.0.0.1");
        close(bound);
    } else {
        const struct endpoint peer = own_endpoint(ends[0]);
        or_fail(connect(bound, &peer.any, peer.length), "connect", "127.0.0.1");
    }
}

int open_socket(const struct where *where, const struct endpoint *endpoint, struct narration *n)
{
    const int type = where->udp ? SOCK_DGRAM : SOCK_STREAM, size = SOCKET_BUFFER_SIZE, on = 1;
    char text[ADDRESS_TEXT_SIZE];
    const int sock =
        or_fail(socket(endpoint->any.sa_family, type, 0), "socket", address_text(endpoint, text));
    const char *ip = endpoint->any.sa_family == AF_INET6 ? "AF_INET6" : "AF_INET";
    narrate(n, LEFT, "socket(%s, %s, 0) = %d", where->local ? "AF_UNIX" : ip,
            where->udp ? "SOCK_DGRAM" : "SOCK_STREAM", sock);
    setsockopt(sock, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    setsockopt(sock, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    /* a typed line goes out at once, even while the one before is not acknowledged: tcp(7) */
    if (!where->local && !where->udp) {
        setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        notice_vanished_peer(sock); /* what a server accepts inherits all that */
        if (strncmp(text, "127.", 4) == 0 || strncmp(text, "[::1]", 5) == 0)
            expect_no_congestion(sock);
    }
    or_fail(fcntl(sock, F_SETFL, O_NONBLOCK), "fcntl", "O_NONBLOCK");
    narrate(n, LEFT, "fcntl(%d, F_SETFL, O_NONBLOCK)", sock);
    return sock;
}
