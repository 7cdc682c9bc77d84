/* SPDX-License-Identifier: MIT
 * ipc-socket server: prints what its clients send.
 *
 * Usage: ipc-socket server [--host HOST] [--port PORT] [-4 | -6] [--udp] [--once] [--echo]
 *        ipc-socket server --unix | --name NAME | --path FILE [--once] [--reply TEXT]
 *
 * The calls socket, bind and listen stand here; accept and what follows in server_loop.c, for
 * datagrams in datagram_server.c. The file of a Unix socket is the matter of socket_file.c.
 */
#include "client_server.h"

#include "ipc/transfer/platform.h"

enum { PIPE_SIZE = 1024 * 1024 }; /* by default 64 KiB: what is moved fills it at once */

static int open_server(const struct where *where, const char *role);

int socket_server(const struct role *role, int argc, char **argv)
{
    const bool consumer = role->run == socket_consumer;
    struct service service = {.role = role->name, .once = consumer};
    struct where *where = &service.where;
    const struct option_row options[] = {
        OPTIONS_WHERE(where, 0),
        {.name = "echo", .flag = &service.echo, .help = "return everything, besides printing it"},
        OPTION(text, &service.reply, .name = "reply", .argument = "TEXT",
               .help = "answer TEXT when a client has finished sending"),
        OPTIONS_PAIR(&where->pair),
        /* here a consumer's table ends: it is that already */
        OPTION(flag, &service.once, .name = consumer ? NULL : "once",
               .help = "end after the first client"),
        {0}};
    *where = (struct where){.port = NOT_GIVEN, .pair.check = check_where};
    begin_pair(role, argc, argv, options, CONSUMER, &where->pair);
    if (where->udp && service.reply != NULL && strlen(service.reply) > OWN_DATAGRAM_SIZE)
        usage_error(role, "--reply: more than %d bytes, which is a datagram's most",
                    OWN_DATAGRAM_SIZE);
    service.into_pipe =
        service.once && !service.echo && enlarge_pipe(STDOUT_FILENO, PIPE_SIZE) >= PIPE_SIZE;
    const int sock = open_server(where, role->name);
    if (!service.once && isatty(STDIN_FILENO))
        say("prints what clients send; --echo or --reply answers; Ctrl-C ends");
    (where->udp ? serve_datagrams : serve_connections)(sock, &service);
    close_output();
    return EXIT_DONE;
}

/* At the first address that can be bound. */
static int open_server(const struct where *where, const char *role)
{
    struct narration *const n = where->pair.narration;
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
    if (!where->local && (strncmp(text, "0.0.0.0:", 8) == 0 || strncmp(text, "[::]:", 5) == 0))
        complain_that("warning: %s is every interface: whoever reaches this machine can connect",
                      text);
    say("listening on %s%s", text, where->udp ? " (UDP)" : "");
    tell_what_to_type(where, role, ntohs(bound.ipv4.sin_port)); /* where IPv6 has it, too */
    return sock;
}
