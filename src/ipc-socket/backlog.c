/* SPDX-License-Identifier: MIT
 * ipc-socket backlog: what a full queue of pending connections does, on Linux.
 *
 * Usage: ipc-socket backlog [--pace SECONDS | --step]
 *
 * A server listens and does not accept; clients connect until one does not get through, over TCP
 * and over a Unix socket. Then it accepts one, which makes room, and goes away. A connect() that
 * sleeps is bounded by SO_SNDTIMEO, socket(7).
 */
#include "socket.h"

#include "ipc/narration/lesson.h"
#include "ipc/rendezvous/objects.h"

enum { BACKLOG = 1, DECIDED_WITHIN_MS = 300, COMES_WITHIN_MS = 2000 };

struct queue {
    struct endpoint server;
    int listener, count; /* of those in its queue */
    int first, late;     /* clients: in the queue, and the one for which it is full */
};

static void over_tcp(struct narration *n);
static void over_unix(struct narration *n);
static void fill(struct narration *n, struct queue *queue);
static int accept_one(struct narration *n, const struct queue *queue);
static int new_client(const struct queue *queue);
static int connect_to(struct narration *n, const struct queue *queue, int sock, const char *why,
                      const char *remark);

int socket_backlog(const struct role *role, int argc, char **argv)
{
    struct narration *n =
        begin_lesson(role, argc, argv, "Does a server whose queue is full refuse the next client?",
                     "clients (one process)", "server (the same)");
    over_tcp(n);
    over_unix(n);
    narrate_answer(n,
                   "Not on Linux: the client waits for room. Refused means that nobody listens.");
    return EXIT_DONE;
}

static void over_tcp(struct narration *n)
{
    struct queue queue = {.server = loopback_endpoint()};
    narrate_text(n, "TCP; SO_SNDTIMEO ends a connect() that would sleep on");
    fill(n, &queue);
    or_fail(narrate_send(n, LEFT, queue.first, "hello"), "send", NULL); /* recv() waits for it */
    const int sock = accept_one(n, &queue);
    if (narrate_recv(n, RIGHT, sock, NULL) < 1)
        fail("recv", NULL);
    narrate(n, RIGHT, "  sent before it was accepted");
    set_timeout(queue.late, SO_SNDTIMEO, COMES_WITHIN_MS);
    connect_to(n, &queue, queue.late, "asked again", "");
    narrate(n, RIGHT, "close(%d)", queue.listener);
    close(queue.listener);
    connect_to(n, &queue, new_client(&queue), NULL, "");
}

static void over_unix(struct narration *n)
{
    char path[PATH_SIZE], own[32];
    snprintf(own, sizeof own, "backlog-%ld", (long)getpid());
    object_path(path, "socket", own, "socket");
    struct queue queue = {.server = local_endpoint(path, "bind")};
    note_object(A_FILE, path);
    narrate_text(n, "Unix socket; SO_SNDTIMEO again, and O_NONBLOCK");
    fill(n, &queue);
    narrate(n, LEFT, "fcntl(%d, F_SETFL, O_NONBLOCK)", queue.late);
    or_fail(fcntl(queue.late, F_SETFL, O_NONBLOCK), "fcntl", "O_NONBLOCK");
    connect_to(n, &queue, queue.late, NULL, "  now");
    accept_one(n, &queue);
    connect_to(n, &queue, queue.late, NULL, "");
    narrate(n, RIGHT, "close(%d)   its file stays", queue.listener);
    close(queue.listener);
    connect_to(n, &queue, new_client(&queue), NULL, "");
}

/* Listens, and has clients connect until one does not get through. */
static void fill(struct narration *n, struct queue *queue)
{
    queue->listener = or_fail(socket(queue->server.any.sa_family, SOCK_STREAM, 0), "socket", NULL);
    or_fail(bind(queue->listener, &queue->server.any, queue->server.length), "bind", NULL);
    queue->server = own_endpoint(queue->listener);
    connect_to(n, queue, new_client(queue), NULL, "\nnobody listens yet");
    narrate(n, RIGHT, "listen(%d, %d)   and no accept()", queue->listener, BACKLOG);
    or_fail(listen(queue->listener, BACKLOG), "listen", NULL);
    queue->late = new_client(queue);
    for (; connect_to(n, queue, queue->late, "it was full", "") == 0; queue->count++) {
        queue->first = queue->count == 0 ? queue->late : queue->first;
        queue->late = new_client(queue);
    }
    if (queue->count == 0 || (errno != EINPROGRESS && errno != EAGAIN))
        fail("connect", NULL);
}

/* What is accepted stays open, and does not count any more. */
static int accept_one(struct narration *n, const struct queue *queue)
{
    const int sock = or_fail(accept(queue->listener, NULL, NULL), "accept", NULL);
    narrate(n, RIGHT, "accept(%d) = %d   a queue of %d had %d\n%d counts no more", queue->listener,
            sock, BACKLOG, queue->count, sock);
    return sock;
}

static int new_client(const struct queue *queue)
{
    const int sock = or_fail(socket(queue->server.any.sa_family, SOCK_STREAM, 0), "socket", NULL);
    set_timeout(sock, SO_SNDTIMEO, DECIDED_WITHIN_MS);
    return sock;
}

/* connect(2), told; its result. */
static int connect_to(struct narration *n, const struct queue *queue, int sock, const char *why,
                      const char *remark)
{
    int result;
    narrate_call(n, LEFT, "connect(%d)", sock);
    do
        result = connect(sock, &queue->server.any, queue->server.length);
    while (result == -1 && interrupted());
    narrate_return(n, why, "%s%s", outcome(result).text, remark);
    return result;
}
