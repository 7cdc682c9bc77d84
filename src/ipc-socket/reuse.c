/* SPDX-License-Identifier: MIT
 * ipc-socket reuse: when the address of a server that has just ended can be bound again.
 *
 * Usage: ipc-socket reuse [--pace SECONDS | --step]
 *
 * The side that closes a connection first keeps its address in TIME_WAIT for a while. bind() there,
 * with SO_REUSEADDR set by neither, either, or both; two servers on one port, with SO_REUSEPORT;
 * and what the sum of the two options sets.
 */
#include "platform.h"
#include "socket.h"

#include "ipc/narration/lesson.h"

enum { CLIENTS = 100, COMES_WITHIN_MS = 1000 };

static void follow(struct narration *n, bool first);
static void share_port(struct narration *n, int option);
static void set_both(struct narration *n, int reuse_port);

int socket_reuse(const struct role *role, int argc, char **argv)
{
    const int reuse_port = reuse_port_option(); /* not in POSIX */
    struct narration *n =
        begin_lesson(role, argc, argv,
                     "A server has ended: who can have its port, and does `A | B` set two options?",
                     "one process, many sockets", NULL);
    if (reuse_port == 0)
        fail_that(EXIT_FAILED, "this system has no SO_REUSEPORT");
    narrate_text(n,
                 "Whoever closes a connection first keeps its address in TIME_WAIT (a minute on\n"
                 "Linux): late segments must find no successor; its last ACK may be lost.");
    narrate_mistake(n, "SO_REUSEADDR set by the successor only");
    follow(n, false);
    narrate_right(n, "set by every server, before bind()");
    follow(n, true);
    narrate_text(n, "While another listens");
    share_port(n, SO_REUSEADDR);
    share_port(n, reuse_port);
    narrate_mistake(n, "setting both options at once, by `|`");
    set_both(n, reuse_port);
    narrate_answer(n,
                   "SO_REUSEADDR, set by both, ends the wait; SO_REUSEPORT shares. `|` sets one.");
    return EXIT_DONE;
}

static const char *name_of(int option)
{
    return option == SO_REUSEADDR ? "SO_REUSEADDR" : "SO_REUSEPORT";
}

/* A socket with an option set; 0 for none. */
static int socket_with(struct narration *n, int option)
{
    const int on = 1, sock = or_fail(socket(AF_INET, SOCK_STREAM, 0), "socket", NULL);
    if (option != 0) {
        or_fail(setsockopt(sock, SOL_SOCKET, option, &on, sizeof on), "setsockopt", NULL);
        narrate(n, LEFT, "setsockopt(%d, %s)", sock, name_of(option));
    }
    return sock;
}

/* Told; its result. Port 0 in address becomes the one that it got. */
static int bind_to(struct narration *n, int sock, struct endpoint *address, const char *remark)
{
    const unsigned port = ntohs(address->ipv4.sin_port);
    const int result = bind(sock, &address->any, address->length);
    if (result == -1 && errno != EADDRINUSE)
        fail("bind", "127.0.0.1");
    narrate(n, LEFT, "bind(%d, 127.0.0.1:%u) = %s%s", sock, port, outcome(result).text, remark);
    if (port == 0)
        *address = own_endpoint(sock);
    return result;
}

/* A server ends, with the option or without, and its successor wants its address. */
static void follow(struct narration *n, bool first)
{
    struct endpoint address = loopback_endpoint();
    const int listener = socket_with(n, first ? SO_REUSEADDR : 0);
    bind_to(n, listener, &address, first ? "" : "   without the option");
    or_fail(listen(listener, 1), "listen", "127.0.0.1");
    const int client = connected_socket(SOCK_STREAM, &address);
    const int sock = or_fail(accept(listener, NULL, NULL), "accept", NULL);
    char byte;
    narrate(n, LEFT, "listen(%d, 1), accept(%d) = %d, close(%d)", listener, listener, sock,
            listener);
    close(listener);
    narrate(n, LEFT, "close(%d)   before its client: TIME_WAIT", sock);
    close(sock);
    if (receive_some(client, &byte, 1, 0) != 0) /* the end of file: the server was the first */
        fail("recv", NULL);
    close(client);
    for (int with = 0; with <= 1; with++) {
        const int successor = socket_with(n, with ? SO_REUSEADDR : 0);
        bind_to(n, successor, &address, with ? "" : "   without");
        close(successor);
    }
}

/* Two listeners on a port, if that option allows it: how many of the clients come to each. */
static void share_port(struct narration *n, int option)
{
    struct endpoint address = loopback_endpoint();
    struct pollfd listeners[2];
    int counts[2] = {0};
    bool shared = true;
    for (int i = 0; i < 2; i++) {
        listeners[i] = (struct pollfd){.fd = socket_with(n, option), .events = POLLIN};
        shared = bind_to(n, listeners[i].fd, &address, "") == 0;
        if (shared)
            or_fail(listen(listeners[i].fd, 1), "listen", "127.0.0.1");
    }
    for (int i = 0; i < CLIENTS && shared; i++) {
        const int client = connected_socket(SOCK_STREAM, &address);
        if (!await_events(poll, listeners, 2, COMES_WITHIN_MS, NULL))
            fail_that(EXIT_FAILED, "a client came to neither listener");
        const int which = listeners[0].revents != 0 ? 0 : 1;
        close(or_fail(accept(listeners[which].fd, NULL, NULL), "accept", NULL));
        close(client);
        counts[which]++;
    }
    if (shared)
        narrate(n, LEFT, "  of %d clients the first gets %d, the second %d", CLIENTS, counts[0],
                counts[1]);
    close(listeners[0].fd);
    close(listeners[1].fd);
}

static void set_both(struct narration *n, int reuse_port)
{
    const int options[] = {SO_REUSEADDR, reuse_port}, both = SO_REUSEADDR | reuse_port, on = 1;
    const int sock = socket_with(n, 0);
    const int result = setsockopt(sock, SOL_SOCKET, both, &on, sizeof on);
    narrate(n, LEFT, "setsockopt(%d, SO_REUSEADDR | SO_REUSEPORT) = %s   %d | %d = %d", sock,
            outcome(result).text, SO_REUSEADDR, reuse_port, both);
    for (int i = 0; i < 2; i++) {
        int value = -1;
        socklen_t length = sizeof value;
        or_fail(getsockopt(sock, SOL_SOCKET, options[i], &value, &length), "getsockopt", NULL);
        narrate(n, LEFT, "getsockopt(%d, %s) = 0  value %d", sock, name_of(options[i]), value != 0);
    }
    close(sock);
}
