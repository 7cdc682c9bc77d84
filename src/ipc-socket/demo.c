/*
 * ipc-socket demo: the textbook client and server over TCP, each call of both sides.
 *
 * Usage: ipc-socket demo [--pace SECONDS]
 *
 * The server (the parent) calls socket, bind, listen, accept, recv, send, close; the client (the
 * child) calls socket, connect, send, recv, close.
 */
#include "socket.h"

#include "ipc/narration/lesson.h"

#include <arpa/inet.h>

static bool serve(struct narration *n, int listener);
static _Noreturn void client(struct narration *n, const struct sockaddr_in *server);

int socket_demo(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(role, argc, argv, NULL, "server (parent)", "client (child)");
    const int listener = or_fail(socket(AF_INET, SOCK_STREAM, 0), "socket", NULL);
    narrate(n, LEFT, "socket(AF_INET, SOCK_STREAM) = %d", listener);
    narrate(n, LEFT, "bind(%d, 127.0.0.1:0)", listener);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(0), /* a real server has a port that it tells */
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    or_fail(bind(listener, (const struct sockaddr *)&address, length), "bind", "127.0.0.1:0");
    or_fail(getsockname(listener, (struct sockaddr *)&address, &length), "getsockname", NULL);
    const unsigned port = ntohs(address.sin_port);
    unsigned char wire[sizeof address.sin_port];
    memcpy(wire, &address.sin_port, sizeof wire);
    narrate(n, LEFT, "getsockname(%d) = 127.0.0.1:%u\nport 0 got a free one", listener, port);
    narrate(n, LEFT, "htons(%u) = %u\nbytes %02x %02x, high byte first", port,
            (unsigned)address.sin_port, wire[0], wire[1]);
    narrate(n, LEFT, "listen(%d, 1)   a passive socket", listener);
    or_fail(listen(listener, 1), "listen", NULL);
    narrate_text(n, "to look from a second terminal: ss -tanp 'sport = :%u'", port);

    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        close(listener);
        client(n, &address);
    }
    watch_children(); /* otherwise accept() would wait for ever for a client that has died */
    const bool served = serve(n, listener);
    narrate(n, LEFT, "close(%d)   the listener", listener);
    close(listener);
    char words[STATUS_WORDS_SIZE];
    const int status = reap_child(child);
    narrate(n, LEFT, "waitpid(%ld) = %s", (long)child, status_in_words(status, words));
    end_as_child(child, "client", status);
    return served ? EXIT_DONE : EXIT_FAILED;
}

static const char *address_of(int sock, bool own_end, char text[ADDRESS_TEXT_SIZE])
{
    struct endpoint end = {.length = sizeof end.storage};
    if ((own_end ? getsockname : getpeername)(sock, &end.any, &end.length) == -1)
        fail(own_end ? "getsockname" : "getpeername", NULL);
    return address_text(&end, text);
}

static bool send_text(struct narration *n, enum column column, int sock, const char *text)
{
    const size_t size = strlen(text);
    sleep_for(30 * MILLISECOND); /* let the other side wait, so that one sees it */
    narrate(n, column, "send(%d, %s)", sock, quoted(text, size).text);
    const uint64_t began = now();
    ssize_t sent;
    do
        sent = send(sock, text, size, 0);
    while (sent == -1 && interrupted());
    narrate_sent(n, column, began, "its buffer was full", "send", sent, size);
    return sent == (ssize_t)size;
}

/* A short text over loopback comes in one piece; to rely on that is a mistake: see `datagram`. */
static bool receive_text(struct narration *n, enum column column, int sock, const char *why)
{
    char text[100];
    const uint64_t began = now();
    ssize_t got;
    do
        got = recv(sock, text, sizeof text, 0);
    while (got == -1 && interrupted());
    narrate_waited(n, column, began, why, "recv(%d) = %zd  %s", sock, got,
                   got == -1  ? strerror(errno)
                   : got == 0 ? "end of file"
                              : quoted(text, (size_t)got).text);
    return got != -1;
}

/* Serves one client: false if that failed. */
static bool serve(struct narration *n, int listener)
{
    const uint64_t began = now();
    int sock;
    do
        sock = accept(listener, NULL, NULL);
    while (sock == -1 && interrupted());
    or_fail(sock, "accept", NULL);
    narrate_waited(n, LEFT, began, "no client", "accept(%d) = %d\n%d is this client's, %d listens",
                   listener, sock, sock, listener);
    char text[ADDRESS_TEXT_SIZE];
    narrate(n, LEFT, "getsockname(%d) = %s", sock, address_of(sock, true, text));
    narrate(n, LEFT, "getpeername(%d) = %s", sock, address_of(sock, false, text));
    const bool served = receive_text(n, LEFT, sock, "nothing sent") &&
                        send_text(n, LEFT, sock, "Hello from server") &&
                        receive_text(n, LEFT, sock, "not closed yet");
    narrate(n, LEFT, "close(%d)   this client's", sock);
    close(sock);
    return served;
}

static _Noreturn void client(struct narration *n, const struct sockaddr_in *server)
{
    char text[ADDRESS_TEXT_SIZE];
    const int sock = or_fail(socket(AF_INET, SOCK_STREAM, 0), "socket", NULL);
    narrate(n, RIGHT, "socket(AF_INET, SOCK_STREAM) = %d", sock);
    sleep_for(40 * MILLISECOND); /* so that the server waits for a client, too */
    narrate(n, RIGHT, "connect(%d, 127.0.0.1:%u)", sock, (unsigned)ntohs(server->sin_port));
    int result;
    do
        result = connect(sock, (const struct sockaddr *)server, sizeof *server);
    while (result == -1 && interrupted());
    or_fail(result, "connect", "127.0.0.1");
    narrate(n, RIGHT, "getsockname(%d) = %s\na free port that the system picked", sock,
            address_of(sock, true, text));
    const bool greeted = send_text(n, RIGHT, sock, "Hello from client") &&
                         receive_text(n, RIGHT, sock, "no answer yet");
    narrate(n, RIGHT, "close(%d)", sock);
    close(sock);
    exit(greeted ? EXIT_DONE : EXIT_FAILED);
}
