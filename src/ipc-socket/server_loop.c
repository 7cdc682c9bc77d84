/* SPDX-License-Identifier: MIT
 * The server's clients: accept, wait, close; many in one process, none of which holds up another.
 *
 * The kernel tells which of them can go on (platform.h), and the server waits for none in
 * particular: sockets are non-blocking, and each client has a buffer of its own (connection.c).
 */
#include "client_server.h"

#include <inttypes.h>

enum {
    PAUSE_MS = 100, /* until accept() is tried again after it ran out of something */
    READY_MOST = 64 /* clients in one turn */
};

static struct {
    struct connection **all; /* each at the place of its socket's number; NULL: none */
    size_t room, count;
    bool full; /* descriptors or memory are out: nobody is accepted for now */
    bool told; /* that the first has come */
} clients;

/* Room for a client with that socket; false when memory is out. */
static bool make_room(int sock)
{
    const size_t needed = (size_t)sock + 1;
    if (needed > clients.room) {
        struct connection **all = realloc(clients.all, needed * sizeof(struct connection *));
        if (all == NULL)
            return false;
        while (clients.room < needed)
            all[clients.room++] = NULL;
        clients.all = all;
    }
    return watch_socket(sock, POLLIN);
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
    const size_t size = service->once ? ONLY_CLIENT_SIZE : BLOCK_SIZE;
    struct connection *c = malloc(sizeof *c + size);
    if (c == NULL)
        return only_one_failed(ENOMEM);
    const int sock = accept(listener, &client.any, &client.length);
    if (sock == -1 || !make_room(sock)) {
        const int error = sock == -1 ? errno : ENOMEM;
        if (sock != -1)
            close(sock);
        free(c);
        return only_one_failed(error);
    }
    or_fail(fcntl(sock, F_SETFL, O_NONBLOCK), "fcntl", "O_NONBLOCK");
    *c = (struct connection){.socket = sock, .events = POLLIN, .size = size};
    progress_begin(&c->progress, service->role, -1, service->once && !service->where.pair.verbose);
    address_text(&client, c->peer);
    c->marked = greet_client(sock, &client);
    if (client.any.sa_family != AF_UNIX)
        reset_if_killed(sock, true);
    clients.all[sock] = c;
    clients.count++;
    if (!clients.told)
        tell_peer(service->role, sock, c->peer);
    clients.told = true;
    narrate(service->where.pair.narration, LEFT, "accept(%d) = %d   %s", listener, sock, c->peer);
    return true;
}

static void dismiss(struct connection *c, const struct service *service)
{
    if (!c->died)
        reset_if_killed(c->socket, false);
    narrate(service->where.pair.narration, LEFT, "close(%d)   %s", c->socket, c->peer);
    forget_socket(c->socket);
    close(c->socket);
    if (service->once)
        progress_end(&c->progress);
    else if (!c->died)
        say("%s%s%" PRIu64 " bytes", c->peer,
            *c->peer != '\0' ? ": " : "a client: ", c->progress.bytes);
    clients.all[c->socket] = NULL;
    clients.count--;
    clients.full = false;
    free(c);
}

/* Does for a client what can be done now, and says for what it is to be watched from now on. */
static void serve(struct connection *c, const struct service *service)
{
    if (!c->at_end && c->filled < c->size)
        receive_from(c, service, clients.count == 1);
    const bool writable = answer(c, service);
    if (c->closing) {
        dismiss(c, service);
        return;
    }
    const bool readable = !c->at_end && c->filled < c->size;
    const short events = (short)((readable ? POLLIN : 0) | (writable ? POLLOUT : 0));
    if (events != c->events)
        watch_socket(c->socket, events); /* there is room already */
    c->events = events;
}

static void look_for_vanished(const struct service *service)
{
    for (size_t i = 0; i < clients.room; i++) {
        struct connection *c = clients.all[i];
        if (c != NULL && peer_vanished(c->socket)) {
            client_died(c, service, "it has not answered for 20 s");
            dismiss(c, service);
        }
    }
}

void serve_connections(int listener, const struct service *service)
{
    bool came = false, paused = false; /* a client; accepting them */
    if (!watch_socket(listener, POLLIN))
        fail("realloc", NULL);
    while (!came || !service->once || clients.count > 0) {
        struct pollfd ready[READY_MOST];
        const int limit = clients.full        ? PAUSE_MS
                          : clients.count > 0 ? LOOK_EVERY_MS
                          : came              ? -1
                                              : milliseconds_until(service->where.pair.deadline);
        if (listener != -1 && clients.full != paused)
            watch_socket(listener, clients.full ? 0 : POLLIN);
        paused = clients.full;
        const int count =
            await_events(await_watched, ready, READY_MOST, limit, service->where.pair.narration);
        if (count == 0 && !came && now() >= service->where.pair.deadline)
            fail_that(EXIT_PEER, "no client came within the time given");
        clients.full = clients.full && count > 0;
        for (int i = 0; i < count; i++) {
            if (ready[i].fd != listener) {
                serve(clients.all[ready[i].fd], service);
                continue;
            }
            while (admit(listener, service) && !service->once)
                ;
            came = came || clients.count > 0;
            if (came && service->once) {
                forget_socket(listener);
                close_server(listener);
                listener = -1;
            }
        }
        if (time_to_look())
            look_for_vanished(service);
    }
}
