/*
 * ipc-socket datagram: one send is one message, and one receive takes one; a stream has no
 * messages.
 *
 * Usage: ipc-socket datagram [--pace SECONDS]
 *
 * The same three sends over UDP and over TCP; a datagram into a buffer that is too small; the empty
 * datagram; a datagram to nobody; and how messages are told apart in a stream.
 */
#include "socket.h"

#include "ipc/narration/lesson.h"

static const char *const words[] = {"one", "two", "three"};
enum { WORDS = sizeof words / sizeof *words, SMALL_SIZE = 2, LARGE_SIZE = 100, COMES_MS = 1000 };

static void send_bytes(struct narration *n, int sock, const char *bytes, size_t size);
static int receive_bytes(struct narration *n, int sock, size_t size, int flags,
                         char bytes[LARGE_SIZE], const char *remark);
static int over_stream(struct narration *n);

int socket_datagram(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(
        role, argc, argv, "Three sends: how many receives take them?", "sender", "receiver");
    char bytes[LARGE_SIZE];
    narrate_text(n, "Datagrams (SOCK_DGRAM, UDP)");
    const int receiver = bound_socket(SOCK_DGRAM);
    const struct endpoint address = own_endpoint(receiver);
    const int sender = connected_socket(SOCK_DGRAM, &address);
    for (size_t i = 0; i < WORDS; i++)
        send_bytes(n, sender, words[i], strlen(words[i]));
    int datagrams = 0;
    for (size_t i = 0; i < WORDS; i++, datagrams++)
        receive_bytes(n, receiver, LARGE_SIZE, 0, bytes, "");
    send_bytes(n, sender, words[2], strlen(words[2]));
    send_bytes(n, sender, "", 0);
    receive_bytes(n, receiver, SMALL_SIZE, 0, bytes, "  the rest is lost");
    receive_bytes(n, receiver, LARGE_SIZE, 0, bytes, "  empty, and no end of file");
    narrate(n, RIGHT, "close(%d)   nobody has the port now", receiver);
    close(receiver);
    send_bytes(n, sender, words[0], strlen(words[0]));
    narrate(n, LEFT, "  no error: it is on its way");
    wait_ready(sender, POLLIN, COMES_MS); /* for the refusal: an ICMP message, udp(7) */
    send_bytes(n, sender, words[1], strlen(words[1]));
    narrate(n, LEFT, "  the answer to the one before");
    close(sender);

    narrate_text(n, "A stream (SOCK_STREAM, TCP)");
    const int receives = over_stream(n);
    narrate_text(n, "%d sends: %d receives of datagrams, %d of a stream, which has no boundaries.",
                 WORDS, datagrams, receives);
    return EXIT_DONE;
}

static void send_bytes(struct narration *n, int sock, const char *bytes, size_t size)
{
    narrate(n, LEFT, "send(%d, %s)", sock, quoted(bytes, size).text);
    if (send(sock, bytes, size, 0) != -1)
        return;
    if (errno != ECONNREFUSED)
        fail("send", NULL);
    narrate(n, LEFT, "send(%d) = -1  %s", sock, strerror(errno));
}

/* Receives at most size bytes; with MSG_WAITALL exactly as many. */
static int receive_bytes(struct narration *n, int sock, size_t size, int flags,
                         char bytes[LARGE_SIZE], const char *remark)
{
    if (!wait_ready(sock, POLLIN, COMES_MS)) /* not even on loopback is a datagram sure to come */
        fail_that(EXIT_FAILED, "recv: nothing came");
    const int got = or_fail((int)receive_some(sock, bytes, size, flags), "recv", NULL);
    narrate(n, RIGHT, "recv(%d, %zu%s) = %d  %s%s", sock, size, flags != 0 ? ", MSG_WAITALL" : "",
            got, quoted(bytes, (size_t)got).text, remark);
    return got;
}

/* From now on nothing is to be had before so many bytes have come, however busy the machine. */
static void await_bytes(int sock, int count)
{
    or_fail(setsockopt(sock, SOL_SOCKET, SO_RCVLOWAT, &count, sizeof count), "setsockopt",
            "SO_RCVLOWAT");
}

/* Three messages through a stream: once as if it had messages, once with their lengths in it. */
static int over_stream(struct narration *n)
{
    char bytes[LARGE_SIZE];
    const int listener = bound_socket(SOCK_STREAM);
    or_fail(listen(listener, 1), "listen", NULL);
    const struct endpoint address = own_endpoint(listener);
    const int sender = connected_socket(SOCK_STREAM, &address);
    const int receiver = or_fail(accept(listener, NULL, NULL), "accept", NULL);
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
        taken += receive_bytes(n, receiver, LARGE_SIZE, 0, bytes, "");
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
    receive_bytes(n, receiver, LARGE_SIZE, 0, bytes, "  only now: end of file");
    close(receiver);
    close(listener);
    return receives;
}
