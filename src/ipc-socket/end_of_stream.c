/* SPDX-License-Identifier: MIT
 * How an orderly end is told from a death, by no byte in the stream that a foreign peer would see.
 *
 * The orderly end, both sides: the client sends all, then shutdown(SHUT_WR); the server reads the
 * end of file, writes everything out, answers, closes; the client reads that end of file. To the
 * kernel a killed process is one that closes its sockets, so by itself a death would look the same.
 *
 * TCP: with SO_LINGER on and a time of 0, close() sends a reset instead of the end (socket(7)).
 * Both sides set it at the beginning and undo it after the last confirmation: so a death in between
 * is ECONNRESET at the peer.
 *
 * Unix stream sockets know no such option. But there a client can have an address of its own, which
 * the server learns from accept(): ours take one with a mark. In Linux' abstract namespace
 * (unix(7)) it is no file and goes with the socket; elsewhere it is a file, which is removed at
 * once: the name of the socket stays. A marked client still holds its socket open at the end of
 * file, as it waits to be confirmed: if it had died, poll() would say POLLHUP. The server may speak
 * to a marked client: its words, one after accept() and one at the end, are single bytes, each with
 * a descriptor beside it, which sets them apart from data. A client that was greeted and reads the
 * end of file without the second word knows that the server has died.
 */
#include "client_server.h"

static const char client_mark[] = "ipc-socket client ", client_file[] = "/socket-client.";
enum { GREETING = 0x05, ALL_TAKEN = 0x06 }; /* ASCII's enquiry and acknowledge */

void reset_if_killed(int socket, bool on)
{
    const struct linger linger = {.l_onoff = on, .l_linger = 0};
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

/* If that fails, the client counts as a foreign one, and the server is less certain of its end. */
static void bind_removed_file(int socket)
{
    char own[32], path[PATH_SIZE];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(own, sizeof own, "client.%ld", (long)getpid());
    object_path(path, "socket", own, "mark");
    if (strlen(path) >= sizeof address.sun_path)
        return;
    memcpy(address.sun_path, path, strlen(path));
    const size_t file = note_object(A_FILE, path);
    (void)bind(socket, (const struct sockaddr *)&address, sizeof address);
    remove_object(file);
}

void mark_client(int socket)
{
    char name[64];
    snprintf(name, sizeof name, "%s%ld %llu", client_mark, (long)getpid(),
             (unsigned long long)now());
    if (!bind_abstract(socket, name))
        bind_removed_file(socket);
}

/* A word is one byte beside a descriptor; which descriptor that is does not matter. */
static bool send_word(int socket, char word)
{
    static int null = -1;
    if (null == -1 && (null = open("/dev/null", O_RDONLY | O_CLOEXEC)) == -1)
        return false;
    return send_descriptor(socket, word, null);
}

bool greet_client(int socket, const struct endpoint *client)
{
    const size_t before = offsetof(struct sockaddr_un, sun_path) + 1; /* abstract: '\0' first */
    if (client->any.sa_family != AF_UNIX || client->length <= before)
        return false; /* none, or one without a name */
    const char *name = client->local.sun_path;
    if (*name == '\0' ? client->length <= before + strlen(client_mark) ||
                            memcmp(name + 1, client_mark, strlen(client_mark)) != 0
                      : strstr(name, client_file) == NULL)
        return false;
    send_word(socket, GREETING); /* one that died already cannot be greeted, and is noticed later */
    return true;
}

bool confirm_all_taken(int socket)
{
    return send_word(socket, ALL_TAKEN);
}

/* What comes with a descriptor ends a recvmsg(): the word is the last byte (unix(7)). */
ssize_t receive(struct client *client, void *bytes, size_t size)
{
    for (;;) {
        int passed;
        const ssize_t got = receive_descriptor(client->socket, bytes, size, &passed);
        if (passed == -1)
            return got;
        close(passed);
        const char word = ((const char *)bytes)[got - 1];
        if (word == GREETING)
            client->greeted = true;
        else if (word == ALL_TAKEN)
            client->all_taken = true;
        else
            return got; /* a foreign server's descriptor, of no use here, and its data */
        if (got > 1)
            return got - 1;
    }
}
