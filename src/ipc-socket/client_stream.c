/* SPDX-License-Identifier: MIT
 * What a client does over a connection: sends all of the input, then shutdown(); takes the answer.
 */
#include "client_server.h"

#include "ipc/transfer/platform.h"

enum {
    FILE_PART_SIZE = 1024 * 1024, /* nothing is copied here, so as much as the socket takes */
    MUCH_INPUT = 16 * 1024        /* in a pipe: less is read */
};

void receive_answer(struct client *client)
{
    static char bytes[BLOCK_SIZE]; /* `ulimit -s` may leave no room for them on the stack */
    const ssize_t got = receive(client, bytes, sizeof bytes);
    if (got == -1 && errno == EAGAIN)
        return;
    if (got == -1)
        server_died(client, strerror(errno));
    narrate(client->where.pair.narration, LEFT, "recv(%d) = %zd%s", client->socket, got,
            got == 0 ? "  end of file" : "");
    if (got == 0 && client->greeted && !client->all_taken)
        server_died(client, "it had not confirmed that it took everything");
    print_bytes(bytes, (size_t)got);
    client->answering = got > 0;
}

static void end_sending(struct client *client)
{
    narrate(client->where.pair.narration, LEFT, "shutdown(%d, SHUT_WR)   that was all",
            client->socket);
    if (shutdown(client->socket, SHUT_WR) == -1) {
        const int error = errno, before = pending_error(client->socket); /* such as a reset */
        server_died(client, strerror(before != 0 ? before : error));
    }
    client->more_input = false;
}

/* Sends part of a file, or what a pipe holds, in the system, where a copy less is made. */
static void send_file(struct client *client)
{
    struct input *input = &client->where.pair.input;
    const bool is_pipe = input->may_wait;
    ssize_t sent;
    end_if_signalled();
    do
        sent = is_pipe ? splice_some(input->descriptor, client->socket, FILE_PART_SIZE)
                       : send_from_file(client->socket, input->descriptor, FILE_PART_SIZE);
    while (sent == -1 && interrupted());
    narrate(client->where.pair.narration, LEFT, "%s(%d, %d, %d) = %s",
            is_pipe ? "splice" : "sendfile", is_pipe ? input->descriptor : client->socket,
            is_pipe ? client->socket : input->descriptor, FILE_PART_SIZE, outcome(sent).text);
    const bool no_room = sent == -1 && errno == EAGAIN; /* or the pipe is empty: read() tells */
    client->blocked = no_room && !is_pipe;
    client->in_system = !is_pipe || sent == 0 || sent >= MUCH_INPUT;
    if (sent > 0)
        progress_add(&client->where.pair.progress, (size_t)sent);
    else if (sent == 0)
        end_sending(client);
    else if (errno == EINVAL || errno == ENOSYS)
        client->in_system = input->lends = false;
    else if (errno == EIO)
        fail("sendfile", input->label);
    else if (!no_room)
        server_died(client, strerror(errno));
}

/* Sends what the socket takes of the block that was read. */
static void send_block(struct client *client)
{
    client->blocked = false;
    while (client->from < client->to && !client->blocked) {
        const size_t size = client->to - client->from;
        end_if_signalled();
        const ssize_t sent = send(client->socket, client->block + client->from, size, MSG_NOSIGNAL);
        narrate(client->where.pair.narration, LEFT, "send(%d, %zu bytes) = %s", client->socket,
                size, outcome(sent).text);
        client->blocked = sent == -1 && errno == EAGAIN;
        if (sent == -1 && !client->blocked && !interrupted())
            server_died(client, strerror(errno));
        client->from += sent > 0 ? (size_t)sent : 0;
        progress_add(&client->where.pair.progress, sent > 0 ? (size_t)sent : 0);
    }
}

void send_input(struct client *client)
{
    if (client->in_system) {
        send_file(client);
    } else if (client->from < client->to || read_block(client, sizeof client->block)) {
        send_block(client);
        client->in_system = client->where.pair.input.lends && client->from == sizeof client->block;
    } else if (!client->more_input) {
        end_sending(client);
    }
}

void end_stream(struct client *client)
{
    /* a server that had ended its own side early may have refused the last bytes since */
    const int error = pending_error(client->socket);
    if (error != 0)
        server_died(client, strerror(error));
    if (!client->where.local)
        reset_if_killed(client->socket, false);
}

void server_died(const struct client *client, const char *why)
{
    const pid_t process = peer_process(client->socket);
    if (process != 0)
        fail_that(EXIT_PEER, "the server (pid %ld) died: %s", (long)process, why);
    fail_that(EXIT_PEER, "the server %s died: %s", client->server, why);
}
