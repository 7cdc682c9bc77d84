/*
 * ipc-socket demo: the textbook client and server over TCP, each call of both sides.
 *
 * socket, bind, listen, accept, recv, send, close on the one side; socket, connect, send, recv,
 * close on the other.
 */
#include "socket.h"

#include "ipc/children.h"
#include "ipc/cleanup.h"
#include "ipc/clock.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *own_address(int sock, char text[ADDRESS_TEXT])
{
    struct sockaddr_storage address = {0};
    socklen_t length = sizeof address;
    if (getsockname(sock, (struct sockaddr *)&address, &length) == -1)
        fail("getsockname", NULL);
    return address_text(&address, length, text);
}

static const char *peer_address(int sock, char text[ADDRESS_TEXT])
{
    struct sockaddr_storage address = {0};
    socklen_t length = sizeof address;
    if (getpeername(sock, (struct sockaddr *)&address, &length) == -1)
        fail("getpeername", NULL);
    return address_text(&address, length, text);
}

/* A short text over loopback comes in one piece; a program that relies on it is broken: `datagram`
 */
static void receive_text(struct narration *n, enum column column, int sock, const char *why)
{
    char text[100];
    const uint64_t began = now();
    const ssize_t got = read_some(sock, text, sizeof text);
    if (got == -1)
        fail("recv", NULL);
    narrate_waited(n, column, began, why, "recv(%d) = %zd  %s", sock, got,
                   got == 0 ? "end of file" : quoted(text, (size_t)got).text);
}

static void send_text(struct narration *n, enum column column, int sock, const char *text)
{
    narrate(n, column, "send(%d, %s)", sock, quoted(text, strlen(text)).text);
    if (!write_full(sock, text, strlen(text)))
        fail("send", NULL);
}

static _Noreturn void client(struct narration *n, const struct sockaddr_in *server)
{
    char text[ADDRESS_TEXT];
    const int sock = socket(AF_INET, SOCK_STREAM, 0);
    if (sock == -1)
        fail("socket", NULL);
    narrate(n, RIGHT, "socket(AF_INET, SOCK_STREAM) = %d", sock);
    sleep_for(40 * MILLISECOND); /* let the server wait, so that one sees it */
    narrate(n, RIGHT, "connect(%d, 127.0.0.1:%u)", sock, (unsigned)ntohs(server->sin_port));
    int result;
    do
        result = connect(sock, (const struct sockaddr *)server, sizeof *server);
    while (result == -1 && interrupted());
    if (result == -1)
        fail("connect", "127.0.0.1");
    narrate(n, RIGHT, "getsockname(%d) = %s", sock, own_address(sock, text));
    narrate(n, RIGHT, "  a free port that the system picked");
    sleep_for(30 * MILLISECOND);
    send_text(n, RIGHT, sock, "Hello from client");
    receive_text(n, RIGHT, sock, "no answer yet");
    narrate(n, RIGHT, "close(%d)", sock);
    close(sock);
    exit(EXIT_DONE);
}

int socket_demo(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    struct narration *n = narration_open(STDOUT_FILENO, "server (parent)", "client (child)", pace);

    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener == -1)
        fail("socket", NULL);
    narrate(n, LEFT, "socket(AF_INET, SOCK_STREAM) = %d", listener);
    narrate(n, LEFT, "bind(%d, 127.0.0.1:0)", listener);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(0), /* a real server has a port that it tells */
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(listener, (const struct sockaddr *)&address, sizeof address) == -1)
        fail("bind", "127.0.0.1:0");
    socklen_t length = sizeof address;
    if (getsockname(listener, (struct sockaddr *)&address, &length) == -1)
        fail("getsockname", NULL);
    const unsigned port = ntohs(address.sin_port);
    unsigned char wire[sizeof address.sin_port];
    memcpy(wire, &address.sin_port, sizeof wire);
    narrate(n, LEFT, "getsockname(%d) = 127.0.0.1:%u", listener, port);
    narrate(n, LEFT, "  port 0 got a free one");
    narrate(n, LEFT, "htons(%u) = %u", port, (unsigned)address.sin_port);
    narrate(n, LEFT, "  bytes %02x %02x, the high one first", wire[0], wire[1]);
    narrate(n, LEFT, "listen(%d, 1)   a passive socket", listener);
    if (listen(listener, 1) == -1)
        fail("listen", NULL);
    narrate_text(n, "         look from a second terminal: ss -tanp 'sport = :%u'", port);

    const pid_t child = narrate_fork(n);
    if (child == 0) {
        close(listener);
        client(n, &address);
    }

    struct sockaddr_in peer = {0};
    int sock;
    length = sizeof peer;
    const uint64_t began = now();
    do
        sock = accept(listener, (struct sockaddr *)&peer, &length);
    while (sock == -1 && interrupted());
    if (sock == -1)
        fail("accept", NULL);
    narrate_waited(n, LEFT, began, "no client", "accept(%d) = %d", listener, sock);
    char text[ADDRESS_TEXT];
    narrate(n, LEFT, "  %d is this client's, %d listens", sock, listener);
    narrate(n, LEFT, "getsockname(%d) = %s", sock, own_address(sock, text));
    narrate(n, LEFT, "getpeername(%d) = %s", sock, peer_address(sock, text));
    receive_text(n, LEFT, sock, "nothing sent");
    sleep_for(30 * MILLISECOND);
    send_text(n, LEFT, sock, "Hello from server");
    receive_text(n, LEFT, sock, "not closed yet");
    narrate(n, LEFT, "close(%d)   this client's", sock);
    close(sock);
    narrate(n, LEFT, "close(%d)   no listener any more", listener);
    close(listener);
    char words[STATUS_WORDS_SIZE];
    const int status = reap_child(child);
    narrate(n, LEFT, "waitpid(%ld) = %s", (long)child, status_in_words(status, words));
    return exit_status_of(status) == EXIT_DONE ? EXIT_DONE : EXIT_FAILED;
}
