/*
 * What a client sends and receives with --udp: each read is one datagram, an empty one is the end.
 *
 * Nothing here can be sure: a datagram is lost without a word when a queue on its way is full. So
 * the client sends the end three times, and the server answers it with one of its own. A server of
 * ours shows that it is one by an empty datagram at the beginning (datagram_server.c), and then the
 * client demands that answer; it waits for that of another for a moment only. One thing comes back
 * by itself, at the next call on a connected socket: ECONNREFUSED, nobody has the port (udp(7)).
 */
#include "client_server.h"

enum {
    ANSWER_WITHIN_MS = 1000, /* the answer to the end */
    REFUSAL_WITHIN_MS = 100, /* that of the first datagram */
    ENDS_SENT = 3,
    ENDS_MOST = 30 /* to a server of ours that is there but does not answer */
};

/* Prints one datagram that came back. -1 and errno as recv(2). */
static ssize_t take_datagram(struct client *client)
{
    static char bytes[LARGEST_DATAGRAM_SIZE];
    struct endpoint server;
    const ssize_t got = receive_datagram(client->socket, bytes, &server);
    if (got >= 0)
        narrate(client->where.pair.narration, LEFT, "recv(%d) = %zd", client->socket, got);
    if (got > 0)
        print_bytes(bytes, (size_t)got);
    return got;
}

void receive_echo(struct client *client)
{
    const ssize_t got = take_datagram(client);
    if (got == -1 && errno == ECONNREFUSED)
        server_died(client, strerror(errno));
    if (got == 0)
        client->greeted = true;
}

/* Sends that much of the block, until somebody is there to take it, as far as that can be told. */
static void send_first(struct client *client, size_t size)
{
    for (int tries = 0;; tries++) {
        int error = 0;
        if (!send_datagram(client->socket, client->block, size))
            error = errno;
        else if (wait_ready(client->socket, POLLIN, REFUSAL_WITHIN_MS))
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
    progress_add(&client->where.pair.progress, client->to);
}

/* Takes what comes back until the answer to the end. False and errno if that does not come. */
static bool await_answer(struct client *client, int milliseconds)
{
    while (wait_ready(client->socket, POLLIN, milliseconds)) {
        const ssize_t got = take_datagram(client);
        if (got == 0)
            return true;
        if (got == -1 && errno == ECONNREFUSED)
            return false;
    }
    errno = EAGAIN;
    return false;
}

/*
 * Sends the end until it is answered. If it is refused at once, the server had gone before it; if
 * later, a server that is none of ours may have ended on the one before.
 */
void end_datagrams(struct client *client)
{
    const bool first = client->where.pair.progress.bytes == 0, greeted = client->greeted;
    bool answered = false;
    for (int i = 0; i < ENDS_SENT || (greeted && !answered); i++) {
        const bool demanded = greeted && !answered;
        narrate(client->where.pair.narration, LEFT, "send(%d, 0 bytes)   the end", client->socket);
        if (first && i == 0)
            send_first(client, 0);
        else if (!send_datagram(client->socket, "", 0) && (i == 0 || demanded))
            server_died(client, strerror(errno));
        if (answered || (!demanded && i > 0 && i < ENDS_SENT - 1))
            continue;
        answered = await_answer(client, i == 0 ? REFUSAL_WITHIN_MS : ANSWER_WITHIN_MS);
        if (!answered && demanded && errno != EAGAIN)
            server_died(client, strerror(errno));
        if (!answered && demanded && i == ENDS_MOST)
            server_died(client, "it has not confirmed that it took everything");
    }
}
