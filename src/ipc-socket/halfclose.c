/*
 * ipc-socket halfclose: a connection is two streams, and each can end by itself.
 *
 * Usage: ipc-socket halfclose [--pace SECONDS]
 *
 * The server answers when it has read the end of file. The client first asks without ending its
 * side, so that both wait; then it ends it with shutdown(SHUT_WR) and still gets the answer; at
 * last it uses close(), and the answer finds nobody.
 */
#include "socket.h"

#include "ipc/narration/lesson.h"

enum { CONNECTIONS = 2, HANG_MS = 300, REFUSAL_WITHIN_MS = 1000 };

static _Noreturn void server(struct narration *n, int listener);
static int ask(struct narration *n, const struct endpoint *address, pid_t child);
static _Noreturn void end_client(const char *call, pid_t child);

int socket_halfclose(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(
        role, argc, argv, "How does a client say \"that was all\", and still get its answer?",
        "client", "server (counts bytes)");
    const int listener = bound_socket(SOCK_STREAM);
    or_fail(listen(listener, 1), "listen", "127.0.0.1:0");
    const struct endpoint address = own_endpoint(listener);
    const pid_t child = start_child();
    if (child == 0)
        server(n, listener);
    close(listener); /* otherwise a client of a server that died would wait for ever */

    narrate_text(n, "-> the mistake: asking, and waiting for the answer at once");
    int sock = ask(n, &address, child);
    const uint64_t began = now();
    if (!wait_ready(sock, POLLIN, HANG_MS))
        narrate_waited(n, LEFT, began, "both wait", "poll(%d) = 0", sock);
    narrate_text(n, "-> right: shutdown() ends one direction, the other stays open");
    narrate(n, LEFT, "shutdown(%d, SHUT_WR)", sock);
    if (shutdown(sock, SHUT_WR) == -1)
        end_client("shutdown", child);
    for (ssize_t got = 1; got > 0;) {
        char text[100];
        got = receive_some(sock, text, sizeof text, 0);
        if (got == -1)
            end_client("recv", child);
        narrate(n, LEFT, "recv(%d) = %zd  %s", sock, got,
                got > 0 ? quoted(text, (size_t)got).text : "end of file");
    }
    close(sock);

    narrate_text(n, "-> wrong again: close() ends both directions");
    sock = ask(n, &address, child);
    narrate(n, LEFT, "close(%d)", sock);
    close(sock);
    reap_successful(child, "server");
    narrate_text(n, "shutdown(SHUT_WR) sends the end of file and leaves the way back open.");
    return EXIT_DONE;
}

static int ask(struct narration *n, const struct endpoint *address, pid_t child)
{
    const int sock = or_fail(socket(AF_INET, SOCK_STREAM, 0), "socket", NULL);
    narrate(n, LEFT, "connect(%d)", sock);
    if (connect(sock, &address->any, address->length) == -1)
        end_client("connect", child);
    narrate(n, LEFT, "send(%d, \"how long?\")", sock);
    if (send(sock, "how long?", strlen("how long?"), 0) == -1)
        end_client("send", child);
    return sock;
}

/* A call of the client's failed: perhaps because the server has ended. */
static _Noreturn void end_client(const char *call, pid_t child)
{
    const int error = errno;
    if (error == ECONNREFUSED || error == ECONNRESET || error == EPIPE || error == ENOTCONN)
        reap_successful(child, "server");
    errno = error;
    fail(call, "127.0.0.1");
}

/* Counts until the end of file, then answers. */
static void serve(struct narration *n, int sock)
{
    char text[100];
    size_t count = 0;
    for (ssize_t got = 1; got > 0; count += (size_t)got) {
        const uint64_t began = now();
        got = receive_some(sock, text, sizeof text, 0);
        or_fail((int)got, "recv", NULL);
        narrate_waited(n, RIGHT, began, "no end of file", "recv(%d) = %zd%s", sock, got,
                       got == 0 ? "  end of file" : "");
    }
    snprintf(text, sizeof text, "%zu bytes", count);
    narrate(n, RIGHT, "send(%d, %s)", sock, quoted(text, strlen(text)).text);
    or_fail((int)send(sock, text, strlen(text), 0), "send", NULL);
}

/* Serves each connection; of the last one it finds out what became of the answer. */
static _Noreturn void server(struct narration *n, int listener)
{
    for (int i = 0; i < CONNECTIONS; i++) {
        int sock;
        do
            sock = accept(listener, NULL, NULL);
        while (sock == -1 && interrupted());
        or_fail(sock, "accept", NULL);
        serve(n, sock);
        if (i == CONNECTIONS - 1) {
            wait_ready(sock, 0, REFUSAL_WITHIN_MS); /* POLLERR needs no asking */
            narrate(n, RIGHT, "SO_ERROR: %s   nobody took it", strerror(pending_error(sock)));
        }
        close(sock);
    }
    exit(EXIT_DONE);
}
