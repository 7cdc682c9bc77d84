/*
 * ipc-socket server: prints what its clients send.
 *
 * Usage: ipc-socket server [--host HOST] [--port PORT] [-4 | -6] [--udp] [--once] [--echo]
 *        ipc-socket server --unix | --name NAME | --path FILE [--once] [--reply TEXT]
 *
 * The calls socket, bind and listen stand here; accept and what follows in server_loop.c, for
 * datagrams in datagram_server.c. The file of a Unix socket is the matter of socket_file.c.
 */
#include "client_server.h"

static int open_server(const struct where *where, struct narration *n);

int run_server(const struct role *role, int argc, char **argv, bool consumer)
{
    struct service service = {.role = role->name, .once = consumer};
    struct where *where = &service.where;
    struct option_row options[] = {
        OPTIONS_WHERE(where, 0),
        {.name = "echo", .flag = &service.echo, .help = "return everything, besides printing it"},
        OPTION(text, &service.reply, .name = "reply", .argument = "TEXT",
               .help = "answer TEXT when a client has finished sending"),
        OPTIONS_PAIR(&where->pair),
        {.name = "once", .flag = &service.once, .help = "end after the first client"},
        {0}};
    const size_t last = sizeof options / sizeof *options - 2;
    if (consumer)
        options[last] = (struct option_row){0}; /* it is that already */
    begin_where(role, argc, argv, options, CONSUMER, where);
    if (where->udp && service.reply != NULL && strlen(service.reply) > OWN_DATAGRAM_SIZE)
        usage_error(role, "--reply: more than %d bytes, which is a datagram's most",
                    OWN_DATAGRAM_SIZE);
    const int sock = open_server(where, where->pair.narration);
    (where->udp ? serve_datagrams : serve_connections)(sock, &service);
    close_output();
    return EXIT_DONE;
}

int socket_server(const struct role *role, int argc, char **argv)
{
    return run_server(role, argc, argv, false);
}

static bool is_every_interface(const struct endpoint *endpoint)
{
    return (endpoint->any.sa_family == AF_INET &&
            endpoint->ipv4.sin_addr.s_addr == htonl(INADDR_ANY)) ||
           (endpoint->any.sa_family == AF_INET6 &&
            IN6_IS_ADDR_UNSPECIFIED(&endpoint->ipv6.sin6_addr));
}

/* At the first address that can be bound. */
static int open_server(const struct where *where, struct narration *n)
{
    struct endpoint endpoints[ENDPOINTS_MOST];
    const size_t count = resolve(where, "bind", endpoints);
    char text[ADDRESS_TEXT_SIZE];
    const int on = 1;
    int sock = -1;
    for (size_t i = 0; sock == -1; i++) {
        sock = open_socket(where, &endpoints[i], n);
        address_text(&endpoints[i], text);
        /* a predecessor's connections in TIME_WAIT are no reason to refuse; see `reuse` */
        if (!where->local && !where->udp)
            or_fail(setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "setsockopt",
                    "SO_REUSEADDR");
        if (where->ipv6)
            or_fail(setsockopt(sock, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on), "setsockopt",
                    "IPV6_V6ONLY");
        narrate(n, LEFT, "bind(%d, %s)", sock, text);
        if (where->local) {
            bind_socket_file(sock, &endpoints[i], text);
        } else if (bind(sock, &endpoints[i].any, endpoints[i].length) == -1) {
            if (i + 1 == count)
                fail("bind", text);
            close(sock);
            sock = -1;
        }
    }
    if (!where->udp) {
        or_fail(listen(sock, SOMAXCONN), "listen", text);
        narrate(n, LEFT, "listen(%d, %d)", sock, SOMAXCONN);
    }
    const struct endpoint bound = own_endpoint(sock);
    address_text(&bound, text);
    if (is_every_interface(&bound))
        complain_that("warning: %s is every interface: whoever reaches this machine can connect",
                      text);
    say("listening on %s%s", text, where->udp ? " (UDP)" : "");
    return sock;
}
