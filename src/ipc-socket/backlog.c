/*
 * ipc-socket backlog: what a full queue of pending connections does.
 *
 * Usage: ipc-socket backlog [--pace SECONDS]
 *
 * A server listens and does not accept; clients connect until that does not succeed any more, over
 * TCP and over a Unix socket. Then it accepts one, and at last it goes away.
 */
#include "socket.h"

#include "ipc/narration/lesson.h"
#include "ipc/rendezvous/objects.h"

#include <fcntl.h>

enum { BACKLOG = 1, CLIENTS_MOST = 8, DECIDED_WITHIN_MS = 100, COMES_WITHIN_MS = 2000 };

struct queue {
    struct endpoint server;
    int listener, clients[CLIENTS_MOST];
    int connected;   /* of the clients */
    int late, error; /* the one after these, and what it was told */
};

static void over_tcp(struct narration *n);
static void over_unix(struct narration *n);
static void fill(struct narration *n, struct queue *queue);
static int try_to_connect(const struct endpoint *server, int *error);
static void accept_one(struct narration *n, const struct queue *queue);
static void try_without_listener(struct narration *n, const struct queue *queue, const char *why);
static void close_clients(const struct queue *queue);
static const char *name_of(int error);

int socket_backlog(const struct role *role, int argc, char **argv)
{
    struct narration *n =
        begin_lesson(role, argc, argv, "Does a server whose queue is full refuse the next client?",
                     "clients", "server");
    over_tcp(n);
    over_unix(n);
    narrate_text(n,
                 "No: a client waits while the queue is full; refused is who finds no listener.");
    return EXIT_DONE;
}

static void over_tcp(struct narration *n)
{
    struct queue queue = {.server = loopback_endpoint()};
    narrate_text(n, "TCP");
    fill(n, &queue);
    const int number = queue.connected + 1;
    const uint64_t began = now();
    narrate(n, LEFT, "connect() = %s\nclient %d: request dropped", name_of(queue.error), number);
    accept_one(n, &queue);
    if (wait_ready(queue.late, POLLOUT, COMES_WITHIN_MS))
        narrate_waited(n, LEFT, began, "request sent again", "connect() = %s   client %d",
                       name_of(pending_error(queue.late)), number);
    narrate(n, RIGHT, "close(%d)   with clients in its queue", queue.listener);
    close(queue.listener);
    char byte;
    wait_ready(queue.late, POLLIN, COMES_WITHIN_MS); /* for the reset */
    const ssize_t got = recv(queue.late, &byte, 1, 0);
    narrate(n, LEFT, "recv() = %s   client %d", got == -1 ? name_of(errno) : "0", number);
    try_without_listener(n, &queue, "nobody listens any more");
    close_clients(&queue);
}

static void over_unix(struct narration *n)
{
    char path[PATH_SIZE], own[32];
    snprintf(own, sizeof own, "backlog-%ld", (long)getpid());
    object_path(path, "socket", own, "socket");
    struct queue queue = {.server = local_endpoint(path, "bind")};
    note_object(A_FILE, path, 0);
    narrate_text(n, "Unix socket");
    fill(n, &queue);
    const int number = queue.connected + 1;
    narrate(n, LEFT, "connect() = %s   client %d\nwithout O_NONBLOCK it sleeps",
            name_of(queue.error), number);
    accept_one(n, &queue);
    const int result = connect(queue.late, &queue.server.any, queue.server.length);
    narrate(n, LEFT, "connect() = %s   client %d", name_of(result == 0 ? 0 : errno), number);
    narrate(n, RIGHT, "close(%d)   its file stays", queue.listener);
    close(queue.listener);
    try_without_listener(n, &queue, "a file that nobody listens at");
    close_clients(&queue);
}

/* Listens, and has clients connect until one does not get through. */
static void fill(struct narration *n, struct queue *queue)
{
    queue->listener = or_fail(socket(queue->server.any.sa_family, SOCK_STREAM, 0), "socket", NULL);
    or_fail(bind(queue->listener, &queue->server.any, queue->server.length), "bind", NULL);
    queue->server = own_endpoint(queue->listener);
    try_without_listener(n, queue, "bound, but nobody listens yet");
    narrate(n, RIGHT, "listen(%d, %d)   and no accept()", queue->listener, BACKLOG);
    or_fail(listen(queue->listener, BACKLOG), "listen", NULL);
    for (queue->connected = 0; queue->connected < CLIENTS_MOST; queue->connected++) {
        queue->late = try_to_connect(&queue->server, &queue->error);
        queue->clients[queue->connected] = queue->late;
        if (queue->error != 0)
            return;
        narrate(n, LEFT, "connect() = 0   client %d queues", queue->connected + 1);
    }
    fail_that(EXIT_FAILED, "%d connections do not fill a queue of %d", CLIENTS_MOST, BACKLOG);
}

/* Connects without sleeping; a socket whose connection may be pending. *error: what was said. */
static int try_to_connect(const struct endpoint *server, int *error)
{
    const int sock = or_fail(socket(server->any.sa_family, SOCK_STREAM, 0), "socket", NULL);
    or_fail(fcntl(sock, F_SETFL, O_NONBLOCK), "fcntl", "O_NONBLOCK");
    *error = connect(sock, &server->any, server->length) == -1 ? errno : 0;
    if (*error == EINPROGRESS && wait_ready(sock, POLLOUT, DECIDED_WITHIN_MS))
        *error = pending_error(sock);
    return sock;
}

static void accept_one(struct narration *n, const struct queue *queue)
{
    narrate(n, RIGHT, "  a queue of %d took %d", BACKLOG, queue->connected);
    const int sock = or_fail(accept(queue->listener, NULL, NULL), "accept", NULL);
    narrate(n, RIGHT, "accept(%d) = %d   one place is free", queue->listener, sock);
    close(sock);
}

static void try_without_listener(struct narration *n, const struct queue *queue, const char *why)
{
    int error;
    close(try_to_connect(&queue->server, &error));
    narrate(n, LEFT, "connect() = %s\n%s", name_of(error), why);
}

static void close_clients(const struct queue *queue)
{
    for (int i = 0; i <= queue->connected; i++)
        close(queue->clients[i]);
}

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
