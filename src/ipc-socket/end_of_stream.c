/*
 * How an orderly end is told from a death, without a byte in the stream that a foreign program at
 * the other end would see.
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
 * the server learns from accept(): ours take one that begins with a mark (in Linux' abstract
 * namespace, unix(7): it is no file and goes with the socket; elsewhere there is no mark and every
 * peer is a foreign one). Of a marked client the server demands that at the end of file it still
 * holds its socket open, waiting to be confirmed: poll() would say POLLHUP if it had died. And to a
 * marked client the server may speak: its words, one after accept() and one at the end, are single
 * bytes each accompanied by a descriptor, which is what sets them apart from data. A client that
 * was greeted and reads the end of file without the second word knows that the server has died.
 */
#include "pair.h"

#include <fcntl.h>

static const char client_mark[] = "ipc-socket client ";
enum { GREETING = 0x05, ALL_TAKEN = 0x06 }; /* ASCII's enquiry and acknowledge */

void reset_if_killed(int socket, bool on)
{
    const struct linger linger = {.l_onoff = on, .l_linger = 0};
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

void mark_client(int socket)
{
    char name[64];
    snprintf(name, sizeof name, "%s%ld %llu", client_mark, (long)getpid(),
             (unsigned long long)now());
    bind_abstract(socket, name); /* should it fail we count as foreign, and lose only certainty */
}

/* A word travels as one byte with a descriptor, of which only its being there matters. */
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
    if (client->any.sa_family != AF_UNIX || client->length <= before + strlen(client_mark) ||
        memcmp(client->local.sun_path + 1, client_mark, strlen(client_mark)) != 0)
        return false;
    send_word(socket, GREETING); /* one that died already cannot be greeted, and is noticed later */
    return true;
}

bool client_still_there(int socket)
{
    return !wait_ready(socket, 0, 0); /* POLLHUP needs no asking */
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
