/*
 * The server's clients: accept, poll, close; many in one process, none of which holds up another.
 *
 * poll() says who can go on, and nobody is waited for: sockets are non-blocking, and each client
 * has a buffer of its own (conversation.c).
 */
#include "socket.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PAUSE = 100 }; /* milliseconds until accept() is tried again after it ran out of something */

static struct {
    struct connection **all;
    struct pollfd *watched; /* the first is for the listening socket */
    size_t count, room;
} clients;

/* Room for one more in both arrays, and its connection; NULL when memory is out. */
static struct connection *new_connection(void)
{
    if (clients.count == clients.room) {
        const size_t room = clients.room == 0 ? 16 : 2 * clients.room;
        struct connection **all = realloc(clients.all, room * sizeof(struct connection *));
        if (all == NULL)
            return NULL;
        clients.all = all;
        struct pollfd *watched = realloc(clients.watched, (room + 1) * sizeof *watched);
        if (watched == NULL)
            return NULL;
        clients.watched = watched;
        clients.room = room;
    }
    return malloc(sizeof(struct connection));
}

/* What accept() says of a connection that has gone wrong already: it is the client's matter. */
static bool is_lost(int error)
{
    return error == ECONNABORTED || error == EPROTO || error == ENETDOWN || error == ENETUNREACH ||
           error == EHOSTUNREACH;
}

/* Accepts one who waits. False if nobody did, or with *full when descriptors or memory are out. */
static bool admit(int listener, const struct service *service, bool *full)
{
    static bool said;
    struct sockaddr_storage address = {0};
    socklen_t length = sizeof address;
    struct connection *c = new_connection();
    const int sock = c != NULL ? accept(listener, (struct sockaddr *)&address, &length) : -1;
    if (sock == -1) {
        const int error = c != NULL ? errno : ENOMEM;
        free(c);
        if (error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM) {
            if (!said)
                complain_that("accept: %s\n  new clients wait until others have ended; see "
                              "`ulimit -n`",
                              strerror(error));
            said = true;
            *full = true;
        } else if (error != EAGAIN && error != EINTR && !is_lost(error)) {
            errno = error;
            fail("accept", NULL);
        }
        return is_lost(error); /* that one has gone: look at the next */
    }
    if (fcntl(sock, F_SETFL, O_NONBLOCK) == -1)
        fail("fcntl", "O_NONBLOCK");
    c->socket = sock;
    c->at_end = c->deaf = c->died = c->closing = false;
    c->filled = c->printed = c->returned = c->replied = 0;
    progress_begin(&c->transfer, service->role, -1, service->once);
    address_text(&address, length, c->peer);
    c->marked = greet_client(sock, &address, length);
    if (address.ss_family != AF_UNIX)
        reset_if_killed(sock, true);
    clients.all[clients.count++] = c;
    narrate(service->narration, LEFT, "accept(%d) = %d   %s", listener, sock, c->peer);
    return true;
}

/* Closes connection i; the last of the array takes its place. */
static void dismiss(size_t i, const struct service *service)
{
    struct connection *c = clients.all[i];
    if (!c->died)
        reset_if_killed(c->socket, false);
    narrate(service->narration, LEFT, "close(%d)   %s", c->socket, c->peer);
    close(c->socket);
    if (service->once)
        progress_end(&c->transfer);
    else if (!c->died)
        say("%s%s%" PRIu64 " bytes", c->peer,
            *c->peer != '\0' ? ": " : "a client: ", c->transfer.bytes);
    free(c);
    clients.all[i] = clients.all[--clients.count];
    clients.watched[i + 1] = clients.watched[clients.count + 1];
}

int serve_connections(int listener, const struct service *service)
{
    bool full = false, came = false;
    while (!came || !service->once || clients.count > 0) {
        if (clients.watched == NULL) {
            free(new_connection()); /* the arrays */
            if (clients.watched == NULL)
                fail("realloc", NULL);
        }
        clients.watched[0] = (struct pollfd){.fd = full ? -1 : listener, .events = POLLIN};
        for (size_t i = 0; i < clients.count; i++) {
            const struct connection *c = clients.all[i];
            const bool readable = !c->at_end && c->filled < BLOCK;
            const bool writable = c->at_end || echo_waiting(c, service) > 0;
            clients.watched[i + 1] = (struct pollfd){
                .fd = c->socket,
                .events = (short)((readable ? POLLIN : 0) | (writable ? POLLOUT : 0))};
        }
        const int limit = full ? PAUSE : came ? -1 : milliseconds_until(service->deadline);
        if (!poll_patiently(clients.watched, clients.count + 1, limit)) {
            if (!full)
                fail_that(EXIT_PEER, "no client came within the time given");
            full = false;
            continue;
        }
        for (size_t i = clients.count; i-- > 0;) {
            struct connection *c = clients.all[i];
            const short ready = clients.watched[i + 1].revents;
            if (ready != 0 && !c->at_end && c->filled < BLOCK)
                take(c, service, clients.count == 1);
            if (ready != 0 || c->at_end)
                give(c, service);
            if (c->closing) {
                dismiss(i, service);
                full = false;
            }
        }
        if (clients.watched[0].revents != 0) {
            while (admit(listener, service, &full) && !service->once)
                ;
            if (clients.count > 0 && !came && service->once) {
                close_server(listener);
                listener = -1;
            }
            came = came || clients.count > 0;
        }
    }
    if (!close_written(STDOUT_FILENO))
        fail("close", "standard output");
    return EXIT_DONE;
}
