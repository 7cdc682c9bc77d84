/* SPDX-License-Identifier: MIT
 * ipc-socket datagram: one send is one message, one receive takes one; a stream has no messages.
 *
 * Usage: ipc-socket datagram [--pace SECONDS | --step]
 *
 * The same three sends over UDP and over TCP; a datagram into a buffer that is too small; the empty
 * datagram; a datagram to nobody, which only a connected socket is told; and how messages are told
 * apart in a stream.
 */
#include "socket.h"

#include "ipc/narration/lesson.h"

static const char *const words[] = {"one", "two", "three"};
enum { WORDS = sizeof words / sizeof *words, SMALL_SIZE = 2, LARGE_SIZE = 100, COMES_MS = 1000 };

static int over_datagrams(struct narration *n);
static int over_stream(struct narration *n);
static ssize_t send_bytes(struct narration *n, int sock, const char *bytes, const char *remark);
static int receive_bytes(struct narration *n, int sock, size_t size, int flags,
                         char bytes[LARGE_SIZE], const char *remark);

int socket_datagram(const struct role *role, int argc, char **argv)
{
    struct narration *n =
        begin_lesson(role, argc, argv, "Three sends: how many receives take them?",
                     "sender (one process)", "receiver (the same)");
    const int datagrams = over_datagrams(n), receives = over_stream(n);
    narrate_answer(n,
                   "Datagrams: %d, one each. A stream: 1 to 3, whatever has come; here %d, forced.",
                   datagrams, receives);
    return EXIT_DONE;
}

static int over_datagrams(struct narration *n)
{
    char bytes[LARGE_SIZE];
    narrate_text(n, "Datagrams (SOCK_DGRAM, UDP)");
    const int receiver = bound_socket(SOCK_DGRAM);
    const struct endpoint address = own_endpoint(receiver);
    const int sender = connected_socket(SOCK_DGRAM, &address);
    narrate(n, LEFT, "connect(%d)   UDP: sends nothing", sender);
    const int other = or_fail(socket(AF_INET, SOCK_DGRAM, 0), "socket", NULL);
    int datagrams = 0;
    for (size_t i = 0; i < WORDS; i++)
        send_bytes(n, sender, words[i], "");
    send_bytes(n, sender, "", "");
    for (; datagrams < WORDS; datagrams++)
        receive_bytes(n, receiver, datagrams < 2 ? LARGE_SIZE : SMALL_SIZE, 0, bytes,
                      datagrams < 2 ? "" : "  the rest is lost");
    receive_bytes(n, receiver, LARGE_SIZE, 0, bytes, "  no end of file");
    narrate(n, RIGHT, "close(%d)   nobody has the port now", receiver);
    close(receiver);
    for (int i = 1; i <= 2; i++) { /* the refusal is an ICMP message, udp(7) */
        char digit[2] = {(char)('0' + i)};
        const ssize_t sent = sendto(other, digit, 1, 0, &address.any, address.length);
        narrate(n, LEFT, "sendto(%d, \"%s\") = %s%s", other, digit, outcome(sent).text,
                i == 1 ? "" : "\nnot connected: is never told");
        send_bytes(n, sender, digit, i == 1 ? "" : "\nfor \"1\", told late");
        wait_ready(sender, POLLERR, i == 1 ? COMES_MS : 0);
    }
    close(sender);
    close(other);
    return datagrams;
}

/* Three messages through a stream: once as if it had messages, once with their lengths in it. */
static int over_stream(struct narration *n)
{
    char bytes[LARGE_SIZE];
    int ends[2];
    narrate_text(n, "A stream (SOCK_STREAM, TCP)");
    narrate_mistake(n, "expecting each recv() to return one send()");
    connected_sockets(SOCK_STREAM, ends);
    const int sender = ends[0], receiver = ends[1];
    narrate(n, LEFT, "connect(%d)   a connection", sender);
    int total = 0, receives = 0;
    for (size_t i = 0; i < WORDS; i++)
        total += (int)send_bytes(n, sender, words[i], "");
    narrate(n, RIGHT, "setsockopt(%d, SO_RCVLOWAT, %d)\nforced: waits for all", receiver, total);
    or_fail(setsockopt(receiver, SOL_SOCKET, SO_RCVLOWAT, &total, sizeof total), "setsockopt",
            "SO_RCVLOWAT");
    for (int taken = 0; taken < total; receives++)
        taken += receive_bytes(n, receiver, LARGE_SIZE, 0, bytes, "");

    narrate_right(n, "each message says first how long it is");
    narrate(n, RIGHT, "setsockopt(%d, SO_RCVLOWAT, 1)", receiver);
    or_fail(setsockopt(receiver, SOL_SOCKET, SO_RCVLOWAT, &(int){1}, sizeof(int)), "setsockopt",
            "SO_RCVLOWAT");
    for (size_t i = 1; i < WORDS; i++) {
        snprintf(bytes, sizeof bytes, "%c%s", (int)strlen(words[i]), words[i]);
        send_bytes(n, sender, bytes, "");
    }
    for (size_t i = 1; i < WORDS; i++) {
        receive_bytes(n, receiver, 1, 0, bytes, "");
        receive_bytes(n, receiver, (size_t)bytes[0], MSG_WAITALL, bytes, "");
    }
    close(sender);
    close(receiver);
    return receives;
}

/* Told with its result: who receives is this process, too. */
static ssize_t send_bytes(struct narration *n, int sock, const char *bytes, const char *remark)
{
    const ssize_t sent = send(sock, bytes, strlen(bytes), 0);
    if (sent == -1 && errno != ECONNREFUSED)
        fail("send", NULL);
    narrate(n, LEFT, "send(%d, %s) = %s%s", sock, quoted(bytes, strlen(bytes)).text,
            outcome(sent).text, remark);
    return sent;
}

static int receive_bytes(struct narration *n, int sock, size_t size, int flags,
                         char bytes[LARGE_SIZE], const char *remark)
{
    if (!wait_ready(sock, POLLIN, COMES_MS)) /* not even on loopback is a datagram sure to come */
        fail_that(EXIT_FAILED, "recv: nothing came");
    narrate_call(n, RIGHT, "recv(%d, %zu%s)", sock, size, flags != 0 ? ", MSG_WAITALL" : "");
    const int got = or_fail((int)receive_some(sock, bytes, size, flags), "recv", NULL);
    narrate_return(n, NULL, "%d  %s%s", got, quoted(bytes, (size_t)got).text, remark);
    return got;
}
