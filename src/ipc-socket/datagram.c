/*
 * ipc-socket datagram: one send is one message, and one receive takes one; a stream has no
 * messages.
 *
 * The same three sends over UDP and over TCP; a datagram into a buffer that is too small; the empty
 * datagram; a datagram to nobody; and how messages are told apart in a stream.
 */
#include "socket.h"

#include "ipc/common/cleanup.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const words[] = {"one", "two", "three"};
enum { WORDS = sizeof words / sizeof *words, LITTLE = 2, ROOM = 100, LONGEST = 1000 };

/* A socket on a free port of loopback, and its address. */
static int bound(int type, struct sockaddr_in *address)
{
    *address =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof *address;
    const int sock = socket(AF_INET, type, 0);
    if (sock == -1 || bind(sock, (const struct sockaddr *)address, length) == -1 ||
        getsockname(sock, (struct sockaddr *)address, &length) == -1)
        fail("bind", "127.0.0.1:0");
    return sock;
}

static int connected(int type, const struct sockaddr_in *address)
{
    const int sock = socket(AF_INET, type, 0);
    if (sock == -1 || connect(sock, (const struct sockaddr *)address, sizeof *address) == -1)
        fail("connect", "127.0.0.1");
    return sock;
}

static void send_bytes(struct narration *n, int sock, const char *bytes, size_t size)
{
    narrate(n, LEFT, "send(%d, %s)", sock, quoted(bytes, size).text);
    const ssize_t sent = send(sock, bytes, size, 0);
    if (sent == -1)
        narrate(n, LEFT, "send(%d) = -1  %s", sock, strerror(errno));
}

/* Receives at most ROOM bytes; with MSG_WAITALL exactly room. */
static int receive_bytes(struct narration *n, int sock, size_t room, int flags, char bytes[ROOM],
                         const char *remark)
{
    ssize_t got;
    if (!wait_ready(sock, POLLIN, LONGEST)) /* not even on loopback is a datagram sure to come */
        fail_that(EXIT_FAILED, "recv: nothing came");
    do
        got = recv(sock, bytes, room, flags);
    while (got == -1 && interrupted());
    if (got == -1)
        fail("recv", NULL);
    narrate(n, RIGHT, "recv(%d, %zu%s) = %zd  %s%s", sock, room, flags != 0 ? ", MSG_WAITALL" : "",
            got, quoted(bytes, (size_t)got).text, remark);
    return (int)got;
}

/* From now on nothing is to be had before so many bytes have come, however busy the machine. */
static void await_bytes(int sock, int count)
{
    if (setsockopt(sock, SOL_SOCKET, SO_RCVLOWAT, &count, sizeof count) == -1)
        fail("setsockopt", "SO_RCVLOWAT");
}

/* Three messages through a stream: once as if it had messages, once with their lengths in it. */
static int over_stream(struct narration *n)
{
    struct sockaddr_in address;
    char bytes[ROOM];
    const int listener = bound(SOCK_STREAM, &address);
    if (listen(listener, 1) == -1)
        fail("listen", NULL);
    const int sender = connected(SOCK_STREAM, &address);
    const int receiver = accept(listener, NULL, NULL);
    if (receiver == -1)
        fail("accept", NULL);
    narrate_text(n, "-> the mistake: one receive for each send");
    int total = 0, receives = 0;
    for (size_t i = 0; i < WORDS; i++) {
        send_bytes(n, sender, words[i], strlen(words[i]));
        total += (int)strlen(words[i]);
    }
    send_bytes(n, sender, "", 0);
    narrate(n, LEFT, "  leaves no trace in a stream");
    await_bytes(receiver, total);
    for (int taken = 0; taken < total; receives++)
        taken += receive_bytes(n, receiver, ROOM, 0, bytes, "");
    await_bytes(receiver, 1);

    narrate_text(n, "-> right: each message says first how long it is");
    for (size_t i = 0; i < WORDS; i++) {
        const size_t length = strlen(words[i]);
        bytes[0] = (char)length;
        memcpy(bytes + 1, words[i], length);
        send_bytes(n, sender, bytes, length + 1);
    }
    for (size_t i = 0; i < WORDS; i++) {
        receive_bytes(n, receiver, 1, 0, bytes, "");
        receive_bytes(n, receiver, (size_t)bytes[0], MSG_WAITALL, bytes, "");
    }
    narrate(n, LEFT, "close(%d)", sender);
    close(sender);
    receive_bytes(n, receiver, ROOM, 0, bytes, "  only now: end of file");
    close(receiver);
    close(listener);
    return receives;
}

int socket_datagram(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    print_text("Three sends: how many receives take them?");
    struct narration *n = narration_open(STDOUT_FILENO, "sender", "receiver", pace);
    struct sockaddr_in address;
    char bytes[ROOM];

    narrate_text(n, "Datagrams (SOCK_DGRAM, UDP)");
    const int receiver = bound(SOCK_DGRAM, &address);
    const int sender = connected(SOCK_DGRAM, &address);
    for (size_t i = 0; i < WORDS; i++)
        send_bytes(n, sender, words[i], strlen(words[i]));
    int datagrams = 0;
    for (size_t i = 0; i < WORDS; i++, datagrams++)
        receive_bytes(n, receiver, ROOM, 0, bytes, "");
    send_bytes(n, sender, words[2], strlen(words[2]));
    send_bytes(n, sender, "", 0);
    receive_bytes(n, receiver, LITTLE, 0, bytes, "  the rest is lost");
    receive_bytes(n, receiver, ROOM, 0, bytes, "  empty, and no end of file");
    narrate(n, RIGHT, "close(%d)   nobody has the port now", receiver);
    close(receiver);
    send_bytes(n, sender, words[0], strlen(words[0]));
    narrate(n, LEFT, "  no error: it is on its way");
    wait_ready(sender, POLLIN, 1000); /* for the refusal: an ICMP message, udp(7) */
    send_bytes(n, sender, words[1], strlen(words[1]));
    narrate(n, LEFT, "  the answer to the one before");
    close(sender);

    narrate_text(n, "A stream (SOCK_STREAM, TCP)");
    const int receives = over_stream(n);
    narrate_text(n, "%d sends: %d receives of datagrams, %d of a stream, which has no boundaries.",
                 WORDS, datagrams, receives);
    return EXIT_DONE;
}
