/* SPDX-License-Identifier: MIT
 * ipc-socket client: sends FILE to a server and prints what comes back.
 *
 * Usage: ipc-socket client [--host HOST] [--port PORT] [-4 | -6] [--udp] [FILE]
 *        ipc-socket client --unix | --name NAME | --path FILE [FILE]
 *
 * Connects (connect.c), sends until the end of FILE, shuts down that direction, receives until the
 * end of file, and closes. client_stream.c sends and receives, with --udp datagram_client.c.
 */
#include "client_server.h"

static void exchange(struct client *client);

int socket_client(const struct role *role, int argc, char **argv)
{
    static struct client client;
    struct where *where = &client.where;
    struct pair *pair = &where->pair;
    const struct option_row options[] = {OPTIONS_WHERE(where, 1), OPTIONS_PAIR(pair), {0}};
    *where = (struct where){.port = NOT_GIVEN, .pair.check = check_where};
    begin_pair(role, argc, argv, options, PRODUCER, pair);
    client.waits = role->run == socket_producer;
    client.in_system = !pair->input.may_wait;

    connect_client(&client);
    if (where->udp) /* over which nobody is told of a client before it sends */
        say("%s, pid %ld: sends datagrams to %s", role->name, (long)getpid(), client.server);
    else
        tell_peer(role->name, client.socket, client.server);
    progress_begin(&pair->progress, role->name, pair->input.descriptor, !pair->verbose);
    exchange(&client);
    narrate(pair->narration, LEFT, "close(%d)", client.socket);
    close(client.socket);
    progress_end(&pair->progress);
    close_output();
    return EXIT_DONE;
}

/* Sending and receiving overlap. Otherwise a server that echoes and we might block each other. */
static void exchange(struct client *client)
{
    const bool udp = client->where.udp;
    client->more_input = client->answering = true;
    while (client->more_input || client->blocked || client->answering) {
        const int events = (client->answering ? POLLIN : 0) | (client->blocked ? POLLOUT : 0);
        const bool reads = client->more_input && !client->blocked;
        struct pollfd watched[] = {
            {.fd = client->socket, .events = (short)events},
            {.fd = reads ? client->where.pair.input.descriptor : -1, .events = POLLIN}};
        await_events(poll, watched, 2, udp ? -1 : LOOK_EVERY_MS, client->where.pair.narration);
        if (time_to_look() && peer_vanished(client->socket))
            server_died(client, "it has not answered for 20 s");
        const int ready = watched[0].revents;
        if (ready != 0 && client->answering)
            (udp ? receive_echo : receive_answer)(client);
        else if ((ready & (POLLHUP | POLLERR)) != 0)
            server_died(client, "it closed before it had taken everything");
        if (watched[1].revents != 0 || (ready & POLLOUT) != 0)
            (udp ? send_as_datagram : send_input)(client);
    }
    (udp ? end_datagrams : end_stream)(client);
}

bool read_block(struct client *client, size_t size)
{
    const ssize_t got = read_some(client->where.pair.input.descriptor, client->block, size);
    if (got == -1 && errno != EAGAIN)
        fail("read", client->where.pair.input.label);
    client->more_input = got != 0;
    client->from = 0;
    client->to = got > 0 ? (size_t)got : 0;
    return got > 0;
}
