/* SPDX-License-Identifier: MIT
 * ipc-socket demo: the textbook client and server over TCP, each call of both sides.
 *
 * Usage: ipc-socket demo [--pace SECONDS | --step]
 *
 * The server (the parent) calls socket, bind, listen, accept, recv, send, close; the client (the
 * child) socket, connect, send, recv, close. The server fills in its address with inet_pton() and
 * htons(), the client by getaddrinfo(), which takes names, too.
 */
#include "socket.h"

#include "ipc/narration/lesson.h"

#include <arpa/inet.h>
#include <netdb.h>

enum { PAUSE_MS = 30 }; /* the other side waits meanwhile, so that one sees it */

static int listen_at_loopback(struct narration *n, unsigned *port);
static bool serve(struct narration *n, int listener);
static bool greet(struct narration *n, unsigned port);
static struct endpoint narrate_address(struct narration *n, enum column column, int sock, bool own);

int socket_demo(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(role, argc, argv, NULL, "server (parent)", "client (child)");
    unsigned port;
    const int listener = listen_at_loopback(n, &port);
    narrate_text(n, "with --step, from a second terminal: ss -tanp 'sport = :%u'", port);
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        narrate(n, RIGHT, "close(%d)   the child only connects", listener);
        close(listener);
        _exit(greet(n, port) ? EXIT_DONE : EXIT_FAILED);
    }
    watch_children(); /* otherwise accept() would wait for ever for a client that has died */
    const bool served = serve(n, listener);
    narrate(n, LEFT, "close(%d)   the listener", listener);
    close(listener);
    end_as_child(child, "client", narrate_wait(n, LEFT, child));
    if (!served)
        fail_that(EXIT_FAILED, "the client was not served to its end");
    return EXIT_DONE;
}

static int listen_at_loopback(struct narration *n, unsigned *port)
{
    const int listener = or_fail(socket(AF_INET, SOCK_STREAM, 0), "socket", NULL);
    narrate(n, LEFT, "socket(AF_INET, SOCK_STREAM, 0)\n= %d   0: its default", listener);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(0)}; /* a real server has one that it tells */
    or_fail(inet_pton(AF_INET, "127.0.0.1", &address.sin_addr), "inet_pton", NULL);
    narrate(n, LEFT, "inet_pton(\"127.0.0.1\") = 1   this machine alone");
    narrate_text(n, "127.0.0.1 is loopback; with INADDR_ANY every interface could reach it");
    narrate(n, LEFT, "bind(%d, 127.0.0.1:0)   0: any", listener);
    or_fail(bind(listener, (const struct sockaddr *)&address, sizeof address), "bind", NULL);
    const struct endpoint own = narrate_address(n, LEFT, listener, true);
    unsigned char wire[sizeof own.ipv4.sin_port];
    memcpy(wire, &own.ipv4.sin_port, sizeof wire);
    *port = ntohs(own.ipv4.sin_port);
    narrate(n, LEFT, "htons(%u): %02x %02x, high first", *port, wire[0], wire[1]);
    narrate(n, LEFT, "listen(%d, 1)   a passive socket", listener);
    or_fail(listen(listener, 1), "listen", NULL);
    return listener;
}

/* Serves one client: false if that failed. */
static bool serve(struct narration *n, int listener)
{
    int sock;
    narrate_call(n, LEFT, "accept(%d)", listener);
    do
        sock = accept(listener, NULL, NULL);
    while (sock == -1 && interrupted());
    or_fail(sock, "accept", NULL);
    narrate_return(n, "no client", "%d   %d goes on listening", sock, listener);
    narrate_address(n, LEFT, sock, false);
    const bool served = narrate_recv(n, LEFT, sock, "nothing sent") > 0 &&
                        narrate_send(n, LEFT, sock, "Hello from server") != -1 &&
                        narrate_recv(n, LEFT, sock, "not closed yet") == 0;
    narrate(n, LEFT, "close(%d)   this client's", sock);
    close(sock);
    return served;
}

static bool greet(struct narration *n, unsigned port)
{
    const struct addrinfo wanted = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
    struct addrinfo *server;
    char service[8];
    snprintf(service, sizeof service, "%u", port);
    const int error = getaddrinfo("127.0.0.1", service, &wanted, &server);
    if (error != 0)
        fail_that(EXIT_FAILED, "getaddrinfo: %s", gai_strerror(error));
    narrate(n, RIGHT, "getaddrinfo(\"127.0.0.1\", \"%s\") = 0\n%d is TCP", service,
            server->ai_protocol);
    const int sock = or_fail(socket(server->ai_family, server->ai_socktype, server->ai_protocol),
                             "socket", NULL);
    narrate(n, RIGHT, "socket(AF_INET, SOCK_STREAM, %d) = %d", server->ai_protocol, sock);
    narration_pause(n, PAUSE_MS * MILLISECOND);
    narrate(n, RIGHT, "connect(%d, 127.0.0.1:%s)", sock, service);
    or_fail(connect(sock, server->ai_addr, server->ai_addrlen), "connect", "127.0.0.1");
    freeaddrinfo(server);
    narrate_address(n, RIGHT, sock, true);
    narration_pause(n, PAUSE_MS * MILLISECOND);
    const bool greeted = narrate_send(n, RIGHT, sock, "Hello from client") != -1 &&
                         narrate_recv(n, RIGHT, sock, "no answer yet") > 0;
    narrate(n, RIGHT, "close(%d)", sock);
    close(sock);
    return greeted;
}

/* Of getsockname(2) or getpeername(2). */
static struct endpoint narrate_address(struct narration *n, enum column column, int sock, bool own)
{
    struct endpoint end = {.length = sizeof end.storage};
    char text[ADDRESS_TEXT_SIZE];
    const char *call = own ? "getsockname" : "getpeername";
    or_fail((own ? getsockname : getpeername)(sock, &end.any, &end.length), call, NULL);
    narrate(n, column, "%s(%d) = %s", call, sock, address_text(&end, text));
    return end;
}
