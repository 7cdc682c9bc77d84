/*
 * ipc-socket backlog: what a full queue of pending connections does.
 *
 * A server listens and does not accept; clients connect until that does not succeed any more, over
 * TCP and over a Unix socket. Then it accepts one, and at last it goes away.
 */
#include "socket.h"

#include "ipc/common/clock.h"
#include "ipc/rendezvous/names.h"
#include "ipc/rendezvous/undo_log.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 1, CLIENTS = 8, MOMENT = 100, LONGEST = 2000 };

/* The name, as manual pages list it. */
static const char *name_of(int error)
{
    return error == 0              ? "0"
           : error == EINPROGRESS  ? "EINPROGRESS"
           : error == EAGAIN       ? "EAGAIN"
           : error == ECONNREFUSED ? "ECONNREFUSED"
           : error == ECONNRESET   ? "ECONNRESET"
                                   : strerror(error);
}

/* What became of a connection that was in progress. */
static int outcome(int sock)
{
    int error;
    socklen_t length = sizeof error;
    if (getsockopt(sock, SOL_SOCKET, SO_ERROR, &error, &length) == -1)
        fail("getsockopt", "SO_ERROR");
    return error;
}

/* Connects without sleeping; a socket whose connection may be pending. *error: what was said. */
static int try_to_connect(const struct endpoint *server, int *error)
{
    const int sock = socket(server->address.ss_family, SOCK_STREAM, 0);
    if (sock == -1 || fcntl(sock, F_SETFL, O_NONBLOCK) == -1)
        fail("socket", NULL);
    *error = 0;
    if (connect(sock, (const struct sockaddr *)&server->address, server->length) == -1)
        *error = errno;
    if (*error == EINPROGRESS && wait_ready(sock, POLLOUT, MOMENT))
        *error = outcome(sock);
    return sock;
}

/* Listens, and has clients connect until one does not get through; returns that one's socket. */
static int fill(struct narration *n, struct endpoint *server, int *listener, int clients[CLIENTS],
                int *connected, int *error)
{
    *listener = socket(server->address.ss_family, SOCK_STREAM, 0);
    if (*listener == -1 ||
        bind(*listener, (const struct sockaddr *)&server->address, server->length) == -1)
        fail("bind", NULL);
    socklen_t length = sizeof server->address;
    if (getsockname(*listener, (struct sockaddr *)&server->address, &length) == -1)
        fail("getsockname", NULL);
    int refused;
    const int early = try_to_connect(server, &refused);
    narrate(n, LEFT, "connect() = %s\nbound, but nobody listens yet", name_of(refused));
    close(early);
    narrate(n, RIGHT, "listen(%d, %d)   and no accept()", *listener, BACKLOG);
    if (listen(*listener, BACKLOG) == -1)
        fail("listen", NULL);
    for (*connected = 0; *connected < CLIENTS; (*connected)++) {
        clients[*connected] = try_to_connect(server, error);
        if (*error != 0)
            return clients[*connected];
        narrate(n, LEFT, "connect() = 0   client %d queues", *connected + 1);
    }
    fail_that(EXIT_FAILED, "%d connections do not fill a queue of %d", CLIENTS, BACKLOG);
}

static void accept_one(struct narration *n, int listener)
{
    const int sock = accept(listener, NULL, NULL);
    if (sock == -1)
        fail("accept", NULL);
    narrate(n, RIGHT, "accept(%d) = %d   one place is free", listener, sock);
    close(sock);
}

static void over_tcp(struct narration *n)
{
    struct endpoint server = {.length = sizeof(struct sockaddr_in)};
    const struct sockaddr_in loopback = {.sin_family = AF_INET,
                                         .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    memcpy(&server.address, &loopback, sizeof loopback);
    int listener, clients[CLIENTS], connected, error;
    narrate_text(n, "TCP");
    const int late = fill(n, &server, &listener, clients, &connected, &error);
    const uint64_t began = now();
    narrate(n, LEFT, "connect() = %s\nclient %d: request dropped", name_of(error), connected + 1);
    narrate(n, RIGHT, "  a queue of %d took %d", BACKLOG, connected);
    accept_one(n, listener);
    if (wait_ready(late, POLLOUT, LONGEST))
        narrate_waited(n, LEFT, began, "request sent again", "connect() = %s   client %d",
                       name_of(outcome(late)), connected + 1);
    narrate(n, RIGHT, "close(%d)   with clients in its queue", listener);
    close(listener);
    char byte;
    wait_ready(late, POLLIN, LONGEST); /* for the reset */
    const ssize_t got = recv(late, &byte, 1, 0);
    narrate(n, LEFT, "recv() = %s   client %d", got == -1 ? name_of(errno) : "0", connected + 1);
    close(try_to_connect(&server, &error));
    narrate(n, LEFT, "connect() = %s\nnobody listens any more", name_of(error));
    for (int i = 0; i <= connected; i++)
        close(clients[i]);
}

static void over_unix(struct narration *n)
{
    char path[PATH_SIZE], own[32];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(own, sizeof own, "backlog-%ld", (long)getpid());
    if (strlen(object_path(path, "socket", own, "socket")) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        fail("bind", path);
    }
    memcpy(address.sun_path, path, strlen(path));
    note_object(A_FILE, path, 0);
    struct endpoint server = {.length = sizeof address};
    memcpy(&server.address, &address, sizeof address);
    int listener, clients[CLIENTS], connected, error;
    narrate_text(n, "Unix socket");
    const int late = fill(n, &server, &listener, clients, &connected, &error);
    narrate(n, LEFT, "connect() = %s   client %d\nwithout O_NONBLOCK it sleeps", name_of(error),
            connected + 1);
    narrate(n, RIGHT, "  a queue of %d took %d", BACKLOG, connected);
    accept_one(n, listener);
    const int result = connect(late, (const struct sockaddr *)&address, sizeof address);
    narrate(n, LEFT, "connect() = %s   client %d", name_of(result == 0 ? 0 : errno), connected + 1);
    narrate(n, RIGHT, "close(%d)   its file stays", listener);
    close(listener);
    close(try_to_connect(&server, &error));
    narrate(n, LEFT, "connect() = %s\na file that nobody listens at", name_of(error));
    for (int i = 0; i <= connected; i++)
        close(clients[i]);
}

int socket_backlog(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    print_text("Does a server whose queue is full refuse the next client?");
    struct narration *n = narration_open(STDOUT_FILENO, "clients", "server", pace);
    over_tcp(n);
    over_unix(n);
    narrate_text(n,
                 "No: a client waits while the queue is full; refused is who finds no listener.");
    return EXIT_DONE;
}
