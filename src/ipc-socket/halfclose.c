/*
 * ipc-socket halfclose: a connection is two streams, and each can end by itself.
 *
 * The server answers when it has read the end of file. The client first asks without ending its
 * side, so that both wait; then it ends it with shutdown(SHUT_WR) and still gets the answer; at
 * last it uses close(), and the answer finds nobody.
 */
#include "socket.h"

#include "ipc/common/children.h"
#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CONNECTIONS = 2, HANG = 300 };

static ssize_t receive_text(int sock, char *text, size_t size)
{
    ssize_t got;
    do
        got = recv(sock, text, size, 0);
    while (got == -1 && interrupted());
    return got;
}

static void answer(struct narration *n, int sock, size_t count)
{
    char text[64];
    snprintf(text, sizeof text, "%zu bytes", count);
    narrate(n, RIGHT, "send(%d, %s)", sock, quoted(text, strlen(text)).text);
    if (send(sock, text, strlen(text), 0) == -1)
        fail("send", NULL);
}

/* Counts until the end of file, answers; on the second connection finds out what became of it. */
static _Noreturn void server(struct narration *n, int listener)
{
    for (int i = 0; i < CONNECTIONS; i++) {
        int sock;
        do
            sock = accept(listener, NULL, NULL);
        while (sock == -1 && interrupted());
        if (sock == -1)
            fail("accept", NULL);
        size_t count = 0;
        ssize_t got;
        do {
            char text[100];
            const uint64_t began = now();
            got = receive_text(sock, text, sizeof text);
            if (got == -1)
                fail("recv", NULL);
            narrate_waited(n, RIGHT, began, "no end of file", "recv(%d) = %zd%s", sock, got,
                           got == 0 ? "  end of file" : "");
            count += (size_t)got;
        } while (got > 0);
        answer(n, sock, count);
        if (i == CONNECTIONS - 1) {
            struct pollfd watched = {.fd = sock};
            int error = 0;
            socklen_t length = sizeof error;
            poll(&watched, 1, 1000); /* for what comes back: POLLERR needs no asking */
            if (getsockopt(sock, SOL_SOCKET, SO_ERROR, &error, &length) == -1)
                fail("getsockopt", "SO_ERROR");
            narrate(n, RIGHT, "SO_ERROR: %s   nobody took it", strerror(error));
        }
        close(sock);
    }
    exit(EXIT_DONE);
}

static void check_server(pid_t server_process, int status)
{
    if (status != 0)
        fail_that(WIFSIGNALED(status) ? EXIT_PEER : EXIT_FAILED, "the server (pid %ld) has ended",
                  (long)server_process);
}

/* A call of the client's failed: perhaps because the server has ended. */
static _Noreturn void end_client(const char *call, pid_t server_process)
{
    if (errno == ECONNREFUSED || errno == ECONNRESET || errno == EPIPE || errno == ENOTCONN)
        check_server(server_process, reap_child(server_process));
    fail(call, "127.0.0.1");
}

static int ask(struct narration *n, const struct sockaddr_in *address, pid_t server_process)
{
    const int sock = socket(AF_INET, SOCK_STREAM, 0);
    if (sock == -1)
        fail("socket", NULL);
    narrate(n, LEFT, "connect(%d)", sock);
    if (connect(sock, (const struct sockaddr *)address, sizeof *address) == -1)
        end_client("connect", server_process);
    narrate(n, LEFT, "send(%d, \"how long?\")", sock);
    if (send(sock, "how long?", strlen("how long?"), 0) == -1)
        end_client("send", server_process);
    return sock;
}

int socket_halfclose(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    print_text("How does a client say \"that was all\", and still get its answer?");
    struct narration *n = narration_open(STDOUT_FILENO, "client", "server (counts bytes)", pace);

    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener == -1 || bind(listener, (const struct sockaddr *)&address, length) == -1 ||
        listen(listener, 1) == -1 ||
        getsockname(listener, (struct sockaddr *)&address, &length) == -1)
        fail("listen", "127.0.0.1:0");
    const pid_t child = start_child();
    if (child == -1)
        fail("fork", NULL);
    if (child == 0)
        server(n, listener);
    close(listener);

    narrate_text(n, "-> the mistake: asking, and waiting for the answer at once");
    int sock = ask(n, &address, child);
    const uint64_t began = now();
    if (!wait_ready(sock, POLLIN, HANG))
        narrate_waited(n, LEFT, began, "both wait", "poll(%d) = 0", sock);
    narrate_text(n, "-> right: shutdown() ends one direction, the other stays open");
    narrate(n, LEFT, "shutdown(%d, SHUT_WR)", sock);
    if (shutdown(sock, SHUT_WR) == -1)
        end_client("shutdown", child);
    for (ssize_t got = 1; got > 0;) {
        char text[100];
        got = receive_text(sock, text, sizeof text);
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
    check_server(child, reap_child(child));
    narrate_text(n, "shutdown(SHUT_WR) sends the end of file and leaves the way back open.");
    return EXIT_DONE;
}
