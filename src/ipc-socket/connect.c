/* SPDX-License-Identifier: MIT
 * How a client finds its server: it tries each address of the name, a producer again and again.
 */
#include "client_server.h"

enum { SILENT_RETRIES = 14, RETRY_AFTER_MS = 20 /* at the most; at first sooner */ };

/* A connection from a port to itself: a client that tries a free local port for long may get it. */
static bool is_connected_to_itself(int sock)
{
    const struct endpoint own = own_endpoint(sock);
    struct endpoint peer = {.length = sizeof peer.storage};
    return own.any.sa_family != AF_UNIX && getpeername(sock, &peer.any, &peer.length) == 0 &&
           own.length == peer.length && memcmp(&own, &peer, own.length) == 0;
}

/* One try: a connected socket, or -1 and errno. */
static int connect_once(struct client *client, const struct endpoint *server, struct narration *n)
{
    const struct where *where = &client->where;
    const char *text = address_text(server, client->server);
    const int sock = open_socket(where, server, n);
    if (where->local)
        mark_client(sock);
    else if (!where->udp)
        reset_if_killed(sock, true);
    const int result = connect(sock, &server->any, server->length);
    int error = result == -1 ? errno : 0;
    narrate(n, LEFT, "connect(%d, %s) = %s", sock, text, outcome(result).text);
    if (error == EINPROGRESS || error == EINTR) {
        /* the system goes on connecting; writable means decided, either way: connect(2) */
        const int limit = milliseconds_until(where->pair.deadline);
        narrate_call(n, LEFT, "poll(%d, POLLOUT)", sock);
        error = wait_ready(sock, POLLOUT, limit) ? pending_error(sock) : ETIMEDOUT;
        narrate_return(n, "no answer yet", "%d  %s", error != ETIMEDOUT,
                       error == 0 ? "connected" : error_name(error));
    }
    if (error == 0 && !where->udp && is_connected_to_itself(sock))
        error = ECONNREFUSED;
    if (error == 0)
        return sock;
    close(sock);
    errno = error;
    return -1;
}

void wait_to_retry(const struct client *client, int error, int tries)
{
    const struct where *const where = &client->where;
    const bool absent = error == ECONNREFUSED || error == ENOENT;
    /* a Unix listener whose queue is full says EAGAIN: somebody is there, so any client waits */
    const bool may_pass = error == EAGAIN || (client->waits && (absent || error == ETIMEDOUT));
    if (now() >= client->where.pair.deadline && (may_pass || error == ETIMEDOUT))
        fail_that(EXIT_PEER, "no server at %s within the time given", client->server);
    if (error == ECONNRESET) /* it had accepted us, and its socket was closed before we saw that */
        server_died(client, strerror(error));
    errno = error;
    if (!may_pass)
        fail("connect", client->server);
    if (tries == SILENT_RETRIES)
        say("waiting for a server at %s", client->server);
    if (tries == SILENT_RETRIES && client->waits)
        tell_what_to_type(where, "producer", where->port != NOT_GIVEN ? where->port : USUAL_PORT);
    /* nothing in the system tells when somebody begins to listen */
    sleep_for((tries < 5 ? 1U << tries : RETRY_AFTER_MS) * MILLISECOND);
}

void connect_client(struct client *client)
{
    struct endpoint endpoints[ENDPOINTS_MOST];
    const size_t count = resolve(&client->where, "connect", endpoints);
    for (int tries = 0;; tries++) {
        size_t told = 0; /* of several addresses: the first at which a server may yet come */
        int error = 0;
        for (size_t i = 0; i < count; i++) {
            client->socket = connect_once(client, &endpoints[i],
                                          tries == 0 ? client->where.pair.narration : NULL);
            if (client->socket != -1)
                return;
            if (i == 0 || (error != ECONNREFUSED && errno == ECONNREFUSED)) {
                told = i;
                error = errno;
            }
        }
        address_text(&endpoints[told], client->server);
        struct stat status; /* what is no socket, or a link to nowhere, never becomes a server */
        if (client->where.local && (error == ECONNREFUSED || error == ENOENT) &&
            lstat(client->server, &status) == 0 && !S_ISSOCK(status.st_mode))
            fail_that(EXIT_FAILED, "connect \"%s\": it exists and is not a socket", client->server);
        wait_to_retry(client, error, tries);
    }
}
