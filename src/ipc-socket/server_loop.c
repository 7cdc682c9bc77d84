/*
 * The server's clients: accept, poll, close; many in one process, none of which holds up another.
 *
 * poll() tells which of them can go on, and the server waits for none in particular: sockets are
 * non-blocking, and each client has a buffer of its own (connection.c).
 */
#include "client_server.h"

#include <fcntl.h>
#include <inttypes.h>

enum { PAUSE_MS = 100 }; /* until accept() is tried again after it ran out of something */

static struct {
    struct connection **all;
    struct pollfd *watched; /* the first is for the listening socket */
    size_t count, room;
    bool full; /* descriptors or memory are out: nobody is accepted for now */
} clients;

/* Room for one more client in both arrays; false when memory is out. */
static bool make_room(void)
{
    if (clients.count < clients.room)
        return true;
    const size_t room = 2 * clients.room + 16;
    struct connection **all = realloc(clients.all, room * sizeof(struct connection *));
    if (all != NULL)
        clients.all = all;
    struct pollfd *watched = realloc(clients.watched, (room + 1) * sizeof *watched);
    if (watched != NULL)
        clients.watched = watched;
    if (all == NULL || watched == NULL)
        return false;
    clients.room = room;
    return true;
}

static void watch(int listener, const struct service *service)
{
    clients.watched[0] = (struct pollfd){.fd = clients.full ? -1 : listener, .events = POLLIN};
    for (size_t i = 0; i < clients.count; i++) {
        const struct connection *c = clients.all[i];
        const bool readable = !c->at_end && c->filled < BLOCK_SIZE;
        const bool writable = c->at_end || bytes_to_echo(c, service) > 0;
        clients.watched[i + 1] = (struct pollfd){
            .fd = c->socket, .events = (short)((readable ? POLLIN : 0) | (writable ? POLLOUT : 0))};
    }
}

/* After accept() failed: whether that one has gone wrong already, so that the next may do. */
static bool only_one_failed(int error)
{
    static bool said;
    const bool is_lost = error == ECONNABORTED || error == EPROTO || error == ENETDOWN ||
                         error == ENETUNREACH || error == EHOSTUNREACH;
    if (error == EMFILE && clients.count == 0)
        fail("accept", NULL); /* none of ours will become free */
    if (error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM) {
        if (!said)
            complain_that("accept: %s\n  new clients wait until others have ended; see `ulimit -n`",
                          strerror(error));
        said = clients.full = true;
    } else if (error != EAGAIN && error != EINTR && !is_lost) {
        errno = error;
        fail("accept", NULL);
    }
    return is_lost;
}

/* Accepts a client. False if none waits, or none can be accepted for now. */
static bool admit(int listener, const struct service *service)
{
    struct endpoint client = {.length = sizeof client.storage};
    struct connection *c = make_room() ? malloc(sizeof *c) : NULL;
    if (c == NULL)
        return only_one_failed(ENOMEM);
    const int sock = accept(listener, &client.any, &client.length);
    if (sock == -1) {
        const int error = errno;
        free(c);
        return only_one_failed(error);
    }
    or_fail(fcntl(sock, F_SETFL, O_NONBLOCK), "fcntl", "O_NONBLOCK");
    memset(c, 0, offsetof(struct connection, buffer));
    c->socket = sock;
    progress_begin(&c->progress, service->role, -1, service->once && !service->where.pair.verbose);
    address_text(&client, c->peer);
    c->marked = greet_client(sock, &client);
    if (client.any.sa_family != AF_UNIX)
        reset_if_killed(sock, true);
    clients.all[clients.count++] = c;
    narrate(service->where.pair.narration, LEFT, "accept(%d) = %d   %s", listener, sock, c->peer);
    return true;
}

/* Closes connection i; the last of the array takes its place. */
static void dismiss(size_t i, const struct service *service)
{
    struct connection *c = clients.all[i];
    if (!c->died)
        reset_if_killed(c->socket, false);
    narrate(service->where.pair.narration, LEFT, "close(%d)   %s", c->socket, c->peer);
    close(c->socket);
    if (service->once)
        progress_end(&c->progress);
    else if (!c->died)
        say("%s%s%" PRIu64 " bytes", c->peer,
            *c->peer != '\0' ? ": " : "a client: ", c->progress.bytes);
    free(c);
    clients.all[i] = clients.all[--clients.count];
    clients.watched[i + 1] = clients.watched[clients.count + 1];
}

/* Does for connection i what poll() has said can be done. look: it is time to, for its client. */
static void serve(size_t i, const struct service *service, bool look)
{
    struct connection *c = clients.all[i];
    const short ready = clients.watched[i + 1].revents;
    if (look && peer_vanished(c->socket))
        client_died(c, service, "it has not answered for 20 s");
    if (ready != 0 && !c->at_end && c->filled < BLOCK_SIZE)
        receive_from(c, service, clients.count == 1);
    if (ready != 0 || c->at_end)
        answer(c, service);
    if (c->closing) {
        dismiss(i, service);
        clients.full = false;
    }
}

void serve_connections(int listener, const struct service *service)
{
    bool came = false; /* a client */
    if (!make_room())
        fail("realloc", NULL);
    while (!came || !service->once || clients.count > 0) {
        watch(listener, service);
        const int limit = clients.full        ? PAUSE_MS
                          : clients.count > 0 ? LOOK_EVERY_MS
                          : came              ? -1
                                              : milliseconds_until(service->where.pair.deadline);
        if (!await_events(clients.watched, clients.count + 1, limit,
                          service->where.pair.narration)) {
            if (!came && now() >= service->where.pair.deadline)
                fail_that(EXIT_PEER, "no client came within the time given");
            clients.full = false;
        }
        const bool look = time_to_look();
        for (size_t i = clients.count; i-- > 0;)
            serve(i, service, look);
        if (clients.watched[0].revents == 0)
            continue;
        while (admit(listener, service) && !service->once)
            ;
        came = came || clients.count > 0;
        if (came && service->once) {
            close_server(listener);
            listener = -1;
        }
    }
}
