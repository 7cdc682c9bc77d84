/*
 * ipc-socket client: sends FILE to a server and prints what comes back.
 *
 * socket, connect, send until the end of FILE, shutdown(SHUT_WR), recv until the end of file,
 * close. What is between connect and close stands in exchange.c, for datagrams in
 * datagram_client.c.
 */
#include "socket.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RETRY = 20 * MILLISECOND, SILENT_RETRIES = 10 };

/* A connection from a port to itself: what a client gets that tries a free local port for long. */
static bool connected_to_itself(int sock)
{
    struct sockaddr_storage own = {0}, peer = {0};
    socklen_t own_length = sizeof own, peer_length = sizeof peer;
    return getsockname(sock, (struct sockaddr *)&own, &own_length) == 0 &&
           getpeername(sock, (struct sockaddr *)&peer, &peer_length) == 0 &&
           own.ss_family != AF_UNIX && own_length == peer_length &&
           memcmp(&own, &peer, own_length) == 0;
}

/* One try: a connected socket, or -1 and errno. */
static int connect_once(const struct where *where, const struct endpoint *server, uint64_t deadline,
                        const char *text, struct narration *n)
{
    const int sock = socket(server->address.ss_family, where->udp ? SOCK_DGRAM : SOCK_STREAM, 0);
    if (sock == -1)
        fail("socket", text);
    narrate(n, LEFT, "socket() = %d", sock);
    prepare_socket(sock, where);
    if (where->local)
        mark_client(sock);
    else if (!where->udp)
        reset_if_killed(sock, true);
    narrate(n, LEFT, "connect(%d, %s)", sock, text);
    int result = connect(sock, (const struct sockaddr *)&server->address, server->length);
    int error = errno;
    if (result == -1 && (error == EINPROGRESS || error == EINTR)) {
        /* the system goes on connecting; writable means decided, either way: connect(2) */
        struct pollfd watched = {.fd = sock, .events = POLLOUT};
        socklen_t length = sizeof error;
        if (!poll_patiently(&watched, 1, milliseconds_until(deadline)))
            error = ETIMEDOUT;
        else if (getsockopt(sock, SOL_SOCKET, SO_ERROR, &error, &length) == -1)
            fail("getsockopt", "SO_ERROR");
        result = error == 0 ? 0 : -1;
    }
    if (result == 0 && !where->udp && connected_to_itself(sock)) {
        result = -1;
        error = ECONNREFUSED;
    }
    if (result == 0)
        return sock;
    narrate(n, LEFT, "connect(%d) = -1  %s", sock, strerror(error));
    close(sock);
    errno = error;
    return -1;
}

/* What is at a path but is no socket never becomes a server, whoever waits for it. */
static void check_kind(const char *path)
{
    struct stat status;
    if (lstat(path, &status) == 0 && !S_ISSOCK(status.st_mode))
        fail_that(EXIT_FAILED, "connect \"%s\": it exists and is not a socket", path);
}

/* Connects; text becomes the server's address. A producer tries until its server is there. */
static int connect_to(const struct where *where, bool waits, uint64_t deadline,
                      char text[ADDRESS_TEXT], struct narration *n)
{
    struct endpoint endpoints[ENDPOINTS_MOST];
    const size_t count = resolve(where, "connect", endpoints);
    for (int tries = 0;; tries++) {
        size_t told = 0; /* of several addresses: the first at which a server may yet come */
        int error = 0;
        for (size_t i = 0; i < count; i++) {
            address_text(&endpoints[i].address, endpoints[i].length, text);
            const int sock =
                connect_once(where, &endpoints[i], deadline, text, tries == 0 ? n : NULL);
            if (sock != -1)
                return sock;
            if (i == 0 || (error != ECONNREFUSED && errno == ECONNREFUSED)) {
                told = i;
                error = errno;
            }
        }
        address_text(&endpoints[told].address, endpoints[told].length, text);
        errno = error;
        /* a Unix listener whose queue is full says EAGAIN: somebody is there, so anyone waits */
        const bool absent = errno == ECONNREFUSED || errno == ENOENT;
        if (where->local && absent)
            check_kind(text);
        if (now() >= deadline && (errno == EAGAIN || errno == ETIMEDOUT || (waits && absent)))
            fail_that(EXIT_PEER, "no server at %s within the time given", text);
        if (errno != EAGAIN && !(waits && (absent || errno == ETIMEDOUT)))
            fail("connect", text);
        if (tries == SILENT_RETRIES)
            say("waiting for a server at %s", text);
        sleep_for(RETRY); /* nothing in the system tells when somebody begins to listen */
    }
}

int run_client(const struct role *role, int argc, char **argv, bool waits)
{
    struct where where = WHERE_DEFAULT;
    double timeout = NOT_GIVEN;
    bool verbose = false;
    const struct option_row options[] = {OPTIONS_WHERE(&where, 1),
                                         OPTION_TIMEOUT(&timeout),
                                         OPTION_QUIET,
                                         OPTION_VERBOSE(&verbose),
                                         {0}};
    const struct operands operands = parse_arguments(role, argc, argv, options, 1);
    check_where(role, &where);
    const uint64_t spin = nanoseconds_of(timeout);
    const uint64_t deadline = spin == UINT64_MAX ? UINT64_MAX : now() + spin;

    static struct session session;
    session.narration = verbose ? narration_open(STDERR_FILENO, role->name, NULL, 0) : NULL;
    session.input = open_input(operands.words[0], &session.label);
    session.socket = connect_to(&where, waits, deadline, session.server, session.narration);
    progress_begin(&session.transfer, role->name, session.input, true);
    if (where.udp)
        send_datagrams(&session, waits, deadline);
    else
        exchange(&session);
    if (!where.local && !where.udp)
        reset_if_killed(session.socket, false);
    narrate(session.narration, LEFT, "close(%d)", session.socket);
    close(session.socket);
    progress_end(&session.transfer);
    if (!close_written(STDOUT_FILENO))
        fail("close", "standard output");
    return EXIT_DONE;
}

int socket_client(const struct role *role, int argc, char **argv)
{
    return run_client(role, argc, argv, false);
}
