/*
 * ipc-socket server: prints what its clients send.
 *
 * socket, bind, listen here; accept and what follows in connections.c, for datagrams in
 * datagram_server.c. The file of a Unix socket is the matter of socket_file.c.
 */
#include "socket.h"

#include "ipc/common/clock.h"

#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

static void warn_of_every_interface(const struct sockaddr_storage *address, const char *text)
{
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    memcpy(&in, address, sizeof in);
    memcpy(&in6, address, sizeof in6);
    if ((address->ss_family == AF_INET && in.sin_addr.s_addr == htonl(INADDR_ANY)) ||
        (address->ss_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&in6.sin6_addr)))
        complain_that("warning: %s is every interface: whoever reaches this machine can connect",
                      text);
}

/* The first endpoint that can be bound. */
static int open_server(const struct where *where, struct narration *n)
{
    struct endpoint endpoints[ENDPOINTS_MOST];
    const size_t count = resolve(where, "bind", endpoints);
    char text[ADDRESS_TEXT];
    const int on = 1;
    for (size_t i = 0;; i++) {
        address_text(&endpoints[i].address, endpoints[i].length, text);
        const int family = endpoints[i].address.ss_family;
        const int sock = socket(family, where->udp ? SOCK_DGRAM : SOCK_STREAM, 0);
        if (sock == -1)
            fail("socket", text);
        narrate(n, LEFT, "socket() = %d", sock);
        prepare_socket(sock, where);
        /* a predecessor's connections in TIME_WAIT are no reason to refuse; see `reuse` */
        if (!where->local && !where->udp &&
            setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == -1)
            fail("setsockopt", "SO_REUSEADDR");
        if (where->ipv6 && setsockopt(sock, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) == -1)
            fail("setsockopt", "IPV6_V6ONLY");
        narrate(n, LEFT, "bind(%d, %s)", sock, text);
        if (where->local) {
            bind_socket_file(sock, &endpoints[i], text);
        } else if (bind(sock, (const struct sockaddr *)&endpoints[i].address,
                        endpoints[i].length) == -1) {
            if (i + 1 == count)
                fail("bind", text);
            close(sock);
            continue;
        }
        if (!where->udp && listen(sock, SOMAXCONN) == -1)
            fail("listen", text);
        if (!where->udp)
            narrate(n, LEFT, "listen(%d, %d)", sock, SOMAXCONN);
        struct sockaddr_storage bound = {0};
        socklen_t length = sizeof bound;
        if (getsockname(sock, (struct sockaddr *)&bound, &length) == -1)
            fail("getsockname", text);
        warn_of_every_interface(&bound, address_text(&bound, length, text));
        say("listening on %s%s", text, where->udp ? " (UDP)" : "");
        return sock;
    }
}

int run_server(const struct role *role, int argc, char **argv, bool consumer)
{
    struct where where = WHERE_DEFAULT;
    struct service service = {.role = role->name, .once = consumer};
    double timeout = NOT_GIVEN;
    bool verbose = false;
    struct option_row options[] = {
        OPTIONS_WHERE(&where, 0),
        {.name = "echo", .flag = &service.echo, .help = "return everything, besides printing it"},
        {.name = "reply",
         .argument = "TEXT",
         .text = &service.reply,
         .help = "answer TEXT when a client has finished sending"},
        OPTION_TIMEOUT(&timeout),
        OPTION_QUIET,
        OPTION_VERBOSE(&verbose),
        {.name = "once", .flag = &service.once, .help = "end after the first client"},
        {0}};
    const size_t last = sizeof options / sizeof *options - 2;
    if (consumer)
        options[last] = (struct option_row){0}; /* it is that already */
    parse_arguments(role, argc, argv, options, 0);
    check_where(role, &where);
    if (where.udp && service.reply != NULL && strlen(service.reply) > DATAGRAM_MOST)
        usage_error(role, "--reply: more than %d bytes, which is a datagram's most", DATAGRAM_MOST);
    const uint64_t spin = nanoseconds_of(timeout);
    service.deadline = spin == UINT64_MAX ? UINT64_MAX : now() + spin;
    service.narration = verbose ? narration_open(STDERR_FILENO, role->name, NULL, 0) : NULL;
    const int sock = open_server(&where, service.narration);
    return where.udp ? serve_datagrams(sock, &service) : serve_connections(sock, &service);
}

int socket_server(const struct role *role, int argc, char **argv)
{
    return run_server(role, argc, argv, false);
}
