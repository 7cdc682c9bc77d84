/*
 * ipc-socket reuse: when the address of a server that has just ended can be bound again.
 *
 * Usage: ipc-socket reuse [--pace SECONDS]
 *
 * The side that closes a connection first keeps its address in TIME_WAIT for a while. bind() there,
 * with and without SO_REUSEADDR; two servers on one port, with SO_REUSEPORT; and what the sum of
 * the two options sets.
 */
#include "platform.h"
#include "socket.h"

#include "ipc/narration/lesson.h"

enum { CLIENTS = 100, COMES_WITHIN_MS = 1000 };

static void try_again(struct narration *n, const char *first, int first_option);
static void share_port(struct narration *n, int reuse_port);
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
    narrate_text(n, "In TIME_WAIT");
    try_again(n, "without", 0);
    try_again(n, "with", SO_REUSEADDR);
    narrate_text(n, "While another listens");
    share_port(n, reuse_port);
    narrate_text(n, "Both at once?");
    set_both(n, reuse_port);
    narrate_text(n, "SO_REUSEADDR ends the wait, _REUSEPORT shares; `|` sets option %d alone.",
                 SO_REUSEADDR | reuse_port);
    return EXIT_DONE;
}

static const char *outcome(int result)
{
    return result == 0 ? "0" : errno == EADDRINUSE ? "EADDRINUSE" : strerror(errno);
}

/* A socket with an option set; 0 for none. */
static int socket_with(int option)
{
    const int on = 1, sock = or_fail(socket(AF_INET, SOCK_STREAM, 0), "socket", NULL);
    if (option != 0)
        or_fail(setsockopt(sock, SOL_SOCKET, option, &on, sizeof on), "setsockopt", NULL);
    return sock;
}

/* A listening socket with that option; port 0 in address becomes the one that it got. */
static int listen_with(int option, struct endpoint *address)
{
    const int sock = socket_with(option);
    or_fail(bind(sock, &address->any, address->length), "bind", "127.0.0.1");
    or_fail(listen(sock, CLIENTS), "listen", "127.0.0.1");
    *address = own_endpoint(sock);
    return sock;
}

/* A server with that option serves one client, closes first, and ends; its address is returned. */
static struct endpoint leave_in_time_wait(int option)
{
    struct endpoint address = loopback_endpoint();
    const int listener = listen_with(option, &address);
    const int client = connected_socket(SOCK_STREAM, &address);
    const int sock = or_fail(accept(listener, NULL, NULL), "accept", NULL);
    char byte;
    close(listener);
    close(sock);
    if (read_some(client, &byte, 1) != 0) /* the server's end of file: it was the first */
        fail("recv", NULL);
    close(client);
    return address;
}

static void try_again(struct narration *n, const char *first, int first_option)
{
    const struct endpoint address = leave_in_time_wait(first_option);
    const unsigned port = ntohs(address.ipv4.sin_port);
    narrate(n, LEFT, "A server on port %u, %s SO_REUSEADDR, closes first and ends.", port, first);
    const int options[] = {0, SO_REUSEADDR};
    for (int i = 0; i < 2; i++) {
        const int sock = socket_with(options[i]);
        narrate(n, LEFT, "  bind(%u) %-22s = %s", port, options[i] == 0 ? "" : "with SO_REUSEADDR",
                outcome(bind(sock, &address.any, address.length)));
        close(sock);
    }
    narrate(n, LEFT, "  %s",
            first_option == 0 ? "It helps only where the first server had set it, too:"
                              : "so a server sets it always, before bind().");
}

/* Two listeners on a port: how many of the clients come to each. */
static void share_port(struct narration *n, int reuse_port)
{
    struct endpoint address = loopback_endpoint();
    int listeners[2] = {listen_with(SO_REUSEADDR, &address), socket_with(SO_REUSEADDR)};
    narrate(n, LEFT, "bind(%u) beside a listener, both with SO_REUSEADDR = %s",
            (unsigned)ntohs(address.ipv4.sin_port),
            outcome(bind(listeners[1], &address.any, address.length)));
    close(listeners[0]);
    close(listeners[1]);

    address = loopback_endpoint();
    listeners[0] = listen_with(reuse_port, &address);
    listeners[1] = listen_with(reuse_port, &address);
    narrate(n, LEFT, "bind(%u) beside a listener, both with SO_REUSEPORT = 0",
            (unsigned)ntohs(address.ipv4.sin_port));
    int clients[CLIENTS], counts[2] = {0};
    for (int i = 0; i < CLIENTS; i++)
        clients[i] = connected_socket(SOCK_STREAM, &address);
    struct pollfd watched[] = {{.fd = listeners[0], .events = POLLIN},
                               {.fd = listeners[1], .events = POLLIN}};
    while (counts[0] + counts[1] < CLIENTS && await_events(watched, 2, COMES_WITHIN_MS))
        for (int i = 0; i < 2; i++)
            if (watched[i].revents != 0) {
                close(accept(listeners[i], NULL, NULL));
                counts[i]++;
            }
    narrate(n, LEFT, "  of %d clients the first gets %d, the second %d", CLIENTS, counts[0],
            counts[1]);
    for (int i = 0; i < CLIENTS; i++)
        close(clients[i]);
    close(listeners[0]);
    close(listeners[1]);
}

static int is_set(int sock, int option)
{
    int value = -1;
    socklen_t length = sizeof value;
    or_fail(getsockopt(sock, SOL_SOCKET, option, &value, &length), "getsockopt", NULL);
    return value != 0;
}

static void set_both(struct narration *n, int reuse_port)
{
    const int both = SO_REUSEADDR | reuse_port, on = 1, sock = socket_with(0);
    const int result = setsockopt(sock, SOL_SOCKET, both, &on, sizeof on);
    narrate(n, LEFT, "SO_REUSEADDR is option %d, SO_REUSEPORT is option %d: %d | %d = %d",
            SO_REUSEADDR, reuse_port, SO_REUSEADDR, reuse_port, both);
    narrate(n, LEFT, "setsockopt(SO_REUSEADDR | SO_REUSEPORT) = %s", outcome(result));
    narrate(n, LEFT, "  getsockopt: SO_REUSEADDR %d, SO_REUSEPORT %d", is_set(sock, SO_REUSEADDR),
            is_set(sock, reuse_port));
    close(sock);
}
