/* SPDX-License-Identifier: MIT
 * ipc-socket halfclose: a connection is two streams, and each can end by itself.
 *
 * Usage: ipc-socket halfclose [--pace SECONDS | --step]
 *
 * The server answers when it has read the end of file. The client first asks without ending its
 * side, so that both wait; then it ends it with shutdown(SHUT_WR) and still gets the answer; at
 * last it uses close(), and the answer finds nobody.
 */
#include "socket.h"

#include "ipc/narration/lesson.h"

enum { CONNECTIONS = 2, HANG_MS = 300, REFUSAL_WITHIN_MS = 1000, DEATH_WITHIN_MS = 200 };

static _Noreturn void server(struct narration *n, int listener);
static int ask(struct narration *n, const struct endpoint *address);
static _Noreturn void end_client(const char *call);

int socket_halfclose(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(
        role, argc, argv, "How does a client say \"that was all\", and still get its answer?",
        "client", "server (counts, then answers)");
    const int listener = bound_socket(SOCK_STREAM);
    or_fail(listen(listener, 1), "listen", "127.0.0.1:0");
    const struct endpoint address = own_endpoint(listener);
    const pid_t child = start_child();
    if (child == 0)
        server(n, listener);
    close(listener); /* otherwise a client of a server that died would wait for ever */

    narrate_mistake(n, "asking, and waiting for the answer at once (for ever; here %d ms)",
                    HANG_MS);
    int sock = ask(n, &address);
    narrate(n, LEFT, "setsockopt(%d, SO_RCVTIMEO)", sock);
    set_timeout(sock, SO_RCVTIMEO, HANG_MS);
    if (narrate_recv(n, LEFT, sock, "both wait") != -1)
        errno = ECONNRESET; /* end of file before ours: the server has died */
    if (errno != EAGAIN)
        end_client("recv");
    narrate_right(n, "shutdown(SHUT_WR) ends one direction, the other stays open");
    narrate(n, LEFT, "shutdown(%d, SHUT_WR)", sock);
    if (shutdown(sock, SHUT_WR) == -1)
        end_client("shutdown");
    for (ssize_t got; (got = narrate_recv(n, LEFT, sock, NULL)) != 0;)
        if (got == -1 && errno != EAGAIN)
            end_client("recv");
    narrate(n, LEFT, "close(%d)", sock);
    close(sock);

    narrate_mistake(n, "close() instead, which ends both directions");
    sock = ask(n, &address);
    narrate(n, LEFT, "close(%d)", sock);
    close(sock);
    reap_successful(child, "server");
    narrate_answer(n, "By shutdown(SHUT_WR): end of file there, and the way back stays open.");
    return EXIT_DONE;
}

static int ask(struct narration *n, const struct endpoint *address)
{
    const int sock = or_fail(socket(AF_INET, SOCK_STREAM, 0), "socket", NULL);
    narrate(n, LEFT, "connect(%d)", sock);
    if (connect(sock, &address->any, address->length) == -1)
        end_client("connect");
    if (narrate_send(n, LEFT, sock, "how long?") == -1)
        end_client("send");
    return sock;
}

/* A call of the client's failed: perhaps because the server has died, which then is said. */
static _Noreturn void end_client(const char *call)
{
    const int error = errno;
    watch_children();
    sleep_for(DEATH_WITHIN_MS * MILLISECOND); /* its sockets are closed before it has died */
    errno = error;
    fail(call, "127.0.0.1");
}

/* Serves each connection: counts until the end of file, then answers; the last in vain. */
static _Noreturn void server(struct narration *n, int listener)
{
    for (int i = 0; i < CONNECTIONS; i++) {
        int sock;
        do
            sock = accept(listener, NULL, NULL);
        while (sock == -1 && interrupted());
        or_fail(sock, "accept", NULL);
        char answer[32];
        size_t count = 0;
        for (ssize_t got = 1; got > 0; count += (size_t)got)
            got = or_fail((int)narrate_recv(n, RIGHT, sock, count > 0 ? "no end of file" : NULL),
                          "recv", NULL);
        snprintf(answer, sizeof answer, "%zu bytes", count);
        or_fail(narrate_send(n, RIGHT, sock, answer), "send", NULL);
        if (i == CONNECTIONS - 1) {
            narrate_call(n, RIGHT, "poll(%d, 0, %d)", sock, REFUSAL_WITHIN_MS);
            const bool refused = wait_ready(sock, 0, REFUSAL_WITHIN_MS); /* POLLERR: unasked */
            narrate_return(n, "no reset yet", "%d  POLLERR: a reset", refused);
            const ssize_t sent = send(sock, answer, strlen(answer), 0);
            narrate(n, RIGHT, "send(%d, %s) = %s", sock, quoted(answer, strlen(answer)).text,
                    outcome(sent).text);
            narrate_text(n, "SIGPIPE is ignored here; by default it would have killed the server");
        }
        narrate(n, RIGHT, "close(%d)", sock);
        close(sock);
    }
    _exit(EXIT_DONE);
}
