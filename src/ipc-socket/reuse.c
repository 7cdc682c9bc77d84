/*
 * ipc-socket reuse: when the address of a server that has just ended can be bound again.
 *
 * The side that closes a connection first keeps its address in TIME_WAIT for a while. bind() there,
 * with and without SO_REUSEADDR; two servers on one port, with SO_REUSEPORT; and what the sum of
 * the two options sets.
 */
#include "platform.h"
#include "socket.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { CLIENTS = 100, LONGEST = 1000 };

static const char *outcome(int result)
{
    return result == 0 ? "0" : errno == EADDRINUSE ? "EADDRINUSE" : strerror(errno);
}

/* A socket with an option set; 0 for none. */
static int socket_with(int option)
{
    const int on = 1, sock = socket(AF_INET, SOCK_STREAM, 0);
    if (sock == -1)
        fail("socket", NULL);
    if (option != 0 && setsockopt(sock, SOL_SOCKET, option, &on, sizeof on) == -1)
        fail("setsockopt", NULL);
    return sock;
}

static int bind_to(int sock, const struct sockaddr_in *address)
{
    return bind(sock, (const struct sockaddr *)address, sizeof *address);
}

/* A listening socket with that option; port 0 in address becomes the one that it got. */
static int listen_with(int option, struct sockaddr_in *address)
{
    const int sock = socket_with(option);
    socklen_t length = sizeof *address;
    if (bind_to(sock, address) == -1 || listen(sock, CLIENTS) == -1 ||
        getsockname(sock, (struct sockaddr *)address, &length) == -1)
        fail("bind", "127.0.0.1");
    return sock;
}

static int connect_to(const struct sockaddr_in *address)
{
    const int sock = socket_with(0);
    if (connect(sock, (const struct sockaddr *)address, sizeof *address) == -1)
        fail("connect", "127.0.0.1");
    return sock;
}

/* A server with that option serves one client, closes first, and ends; its address is returned. */
static struct sockaddr_in leave_in_time_wait(int option)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int listener = listen_with(option, &address);
    const int client = connect_to(&address);
    const int sock = accept(listener, NULL, NULL);
    char byte;
    if (sock == -1)
        fail("accept", NULL);
    close(listener);
    close(sock);
    if (read_some(client, &byte, 1) != 0) /* the server's end of file: it was the first */
        fail("recv", NULL);
    close(client);
    return address;
}

static void try_again(struct narration *n, const char *first, int first_option)
{
    const struct sockaddr_in address = leave_in_time_wait(first_option);
    const unsigned port = ntohs(address.sin_port);
    narrate(n, LEFT, "A server on port %u, %s SO_REUSEADDR, closes first and ends.", port, first);
    const int options[] = {0, SO_REUSEADDR};
    for (int i = 0; i < 2; i++) {
        const int sock = socket_with(options[i]);
        narrate(n, LEFT, "  bind(%u) %-22s = %s", port, options[i] == 0 ? "" : "with SO_REUSEADDR",
                outcome(bind_to(sock, &address)));
        close(sock);
    }
    narrate(n, LEFT, "  %s",
            first_option == 0 ? "It helps only where the first server had set it, too:"
                              : "so a server sets it always, before bind().");
}

/* Two listeners on a port: how many of the clients come to each. */
static void share_port(struct narration *n, int reuse_port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int first = listen_with(SO_REUSEADDR, &address);
    int second = socket_with(SO_REUSEADDR);
    narrate(n, LEFT, "bind(%u) beside a listener, both with SO_REUSEADDR = %s",
            (unsigned)ntohs(address.sin_port), outcome(bind_to(second, &address)));
    close(first);
    close(second);

    address.sin_port = 0;
    first = listen_with(reuse_port, &address);
    second = listen_with(reuse_port, &address);
    narrate(n, LEFT, "bind(%u) beside a listener, both with SO_REUSEPORT = 0",
            (unsigned)ntohs(address.sin_port));
    int clients[CLIENTS], counts[2] = {0};
    for (int i = 0; i < CLIENTS; i++)
        clients[i] = connect_to(&address);
    while (counts[0] + counts[1] < CLIENTS) {
        struct pollfd watched[] = {{.fd = first, .events = POLLIN},
                                   {.fd = second, .events = POLLIN}};
        if (!poll_patiently(watched, 2, LONGEST))
            break;
        for (int i = 0; i < 2; i++)
            if (watched[i].revents != 0) {
                close(accept(watched[i].fd, NULL, NULL));
                counts[i]++;
            }
    }
    narrate(n, LEFT, "  of %d clients the first gets %d, the second %d", CLIENTS, counts[0],
            counts[1]);
    for (int i = 0; i < CLIENTS; i++)
        close(clients[i]);
    close(first);
    close(second);
}

static int value_of(int sock, int option)
{
    int value = -1;
    socklen_t length = sizeof value;
    if (getsockopt(sock, SOL_SOCKET, option, &value, &length) == -1)
        fail("getsockopt", NULL);
    return value != 0;
}

int socket_reuse(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    const int reuse_port = reuse_port_option(); /* not in POSIX */
    if (reuse_port == 0)
        fail_that(EXIT_FAILED, "this system has no SO_REUSEPORT");
    print_text("A server has ended: who can have its port, and does `A | B` set two options?");
    struct narration *n = narration_open(STDOUT_FILENO, "one process, many sockets", NULL, pace);
    narrate_text(n, "In TIME_WAIT");
    try_again(n, "without", 0);
    try_again(n, "with", SO_REUSEADDR);
    narrate_text(n, "While another listens");
    share_port(n, reuse_port);
    narrate_text(n, "Both at once?");
    const int both = SO_REUSEADDR | reuse_port, on = 1, sock = socket_with(0);
    const int result = setsockopt(sock, SOL_SOCKET, both, &on, sizeof on);
    narrate(n, LEFT, "SO_REUSEADDR is option %d, SO_REUSEPORT is option %d: %d | %d = %d",
            SO_REUSEADDR, reuse_port, SO_REUSEADDR, reuse_port, both);
    narrate(n, LEFT, "setsockopt(SO_REUSEADDR | SO_REUSEPORT) = %s", outcome(result));
    narrate(n, LEFT, "  getsockopt: SO_REUSEADDR %d, SO_REUSEPORT %d", value_of(sock, SO_REUSEADDR),
            value_of(sock, reuse_port));
    close(sock);
    narrate_text(n, "SO_REUSEADDR ends the wait, _REUSEPORT shares; `|` sets option %d alone.",
                 both);
    return EXIT_DONE;
}
