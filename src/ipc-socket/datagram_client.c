/* SPDX-License-Identifier: MIT
 * What a client sends and receives with --udp: each read is one datagram, an empty one is the end.
 *
 * A datagram is lost without a word when a queue on its way is full. So the client sends the end
 * three times unless it is answered. From a server of ours, which greeted it (datagram_server.c),
 * it demands that answer; it waits for that of another server, any empty datagram, for a moment
 * only. One thing comes back by itself, at the next call on a connected socket: ECONNREFUSED,
 * nobody has the port (udp(7)).
 */
#include "client_server.h"

enum {
    ANSWER_WITHIN_MS = 1000, /* the answer to the end */
    REFUSAL_WITHIN_MS = 100, /* that of the first datagram */
    ENDS_SENT = 3,
    ENDS_MOST = 30 /* to a server of ours that is there but does not answer */
};

/* Greeting, answer to the end, or bytes that came back, which are printed; -1 as recv(2). */
static ssize_t take_datagram(struct client *client)
{
    static char bytes[LARGEST_DATAGRAM_SIZE];
    uint64_t received;
    const uint64_t sent = client->where.pair.progress.bytes;
    const ssize_t got = receive_some(client->socket, bytes, sizeof bytes, 0);
    if (got >= 0)
        narrate(client->where.pair.narration, LEFT, "recv(%d) = %zd", client->socket, got);
    if (got == 0 && sent > 0 && !client->returned) {
        client->greeted = true;
    } else if (got == 0) { /* a server that echoes or replies, or a foreign one */
        client->all_taken = !client->more_input;
    } else if (got > 0 && !client->more_input && read_count(bytes, (size_t)got, &received)) {
        tell_lost(sent, received, true);
        client->all_taken = true;
    } else if (got > 0) {
        client->returned = true;
        print_bytes(bytes, (size_t)got);
    }
    return got;
}

void receive_echo(struct client *client)
{
    if (take_datagram(client) == -1 && errno == ECONNREFUSED)
        server_died(client, strerror(errno));
}

/* Sends that much of the block, until somebody is there to take it, as far as that can be told. */
static void send_first(struct client *client, size_t size)
{
    /* a producer's server is ours, as a rule, and greets it as soon as it gets a processor */
    const int limit = client->waits ? ANSWER_WITHIN_MS : REFUSAL_WITHIN_MS;
    for (int tries = 0;; tries++) {
        int error = 0;
        if (!send_datagram(client->socket, client->block, size))
            error = errno;
        else if (wait_ready(client->socket, POLLIN, limit))
            error = pending_error(client->socket);
        if (error == 0)
            return;
        wait_to_retry(client, error, tries);
    }
}

void send_as_datagram(struct client *client)
{
    const bool first = client->where.pair.progress.bytes == 0;
    const bool came = read_block(client, OWN_DATAGRAM_SIZE);
    client->answering = client->more_input; /* end_datagrams() takes what comes after that */
    if (!came)
        return;
    narrate(client->where.pair.narration, LEFT, "send(%d, %zu bytes)", client->socket, client->to);
    if (first)
        send_first(client, client->to);
    else if (!send_datagram(client->socket, client->block, client->to))
        server_died(client, strerror(errno));
    client->several = !first;
    progress_add(&client->where.pair.progress, client->to);
}

/*
 * Takes what comes back until the answer to the end. False if nobody has the server's port any
 * more, which overtakes what was sent from there before.
 */
static bool await_answer(struct client *client, int milliseconds)
{
    bool refused = false;
    while (!client->all_taken && wait_ready(client->socket, POLLIN, refused ? 0 : milliseconds))
        if (take_datagram(client) == -1 && errno == ECONNREFUSED)
            refused = true;
    return !refused;
}

/*
 * Sends the end until it is answered. If it is refused at once, the server had gone before it; if
 * later, a server that is none of ours may have ended on the one before.
 */
void end_datagrams(struct client *client)
{
    const uint64_t sent = client->where.pair.progress.bytes;
    for (int i = 0; !client->all_taken && (i < ENDS_SENT || client->greeted); i++) {
        char count[COUNT_SIZE];
        const size_t size = client->greeted ? sizeof count : 0;
        write_count(count, sent);
        narrate(client->where.pair.narration, LEFT, "send(%d, %zu bytes)   the end", client->socket,
                size);
        if (sent == 0 && i == 0)
            send_first(client, 0);
        else if (!send_datagram(client->socket, count, size) && i == 0 && !client->greeted)
            server_died(client, strerror(errno));
        const bool there = (!client->greeted && i == 1) ||
                           await_answer(client, i == 0 ? REFUSAL_WITHIN_MS : ANSWER_WITHIN_MS);
        /* one of ours that died before it greeted; a foreign one may take one datagram, and go */
        const bool has_gone = !there && (client->greeted || (i == 0 && client->several));
        if (!client->all_taken && (has_gone || (client->greeted && i >= ENDS_MOST)))
            server_died(client, "it has not confirmed that it took everything");
    }
}
