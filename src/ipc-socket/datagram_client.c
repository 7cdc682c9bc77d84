/*
 * The client's side of --udp: each read is one datagram, an empty one is the end.
 *
 * Nothing here can be sure: a datagram is lost without a word when a queue on its way is full. So
 * the client sends the end three times, and the server answers it with one of its own. A server of
 * ours shows that it is one by an empty datagram at the beginning (datagram_server.c), and then the
 * client demands that answer; of another it waits for a moment only. All that ever comes back by
 * itself is that nobody has the port any more: ECONNREFUSED, at the next call on a connected socket
 * (udp(7)).
 */
#include "socket.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum {
    ANSWER_TIME = 1000, /* milliseconds to wait for the answer to the end */
    REFUSAL_TIME = 100, /* what the refusal of the first datagram may take, too */
    ENDS_MOST = 30,     /* to a server of ours that is there but does not answer */
    SILENT_RETRIES = 10
};

/* One datagram; waits while the queue of our own machine is full. False and errno. */
bool send_datagram(int sock, const void *bytes, size_t size)
{
    for (;;) {
        end_if_signalled();
        const ssize_t sent = send(sock, bytes, size, MSG_NOSIGNAL);
        if (sent >= 0)
            return true;
        if (errno == EAGAIN || errno == ENOBUFS)
            wait_ready(sock, POLLOUT, 1);
        else if (!interrupted())
            return false;
    }
}

ssize_t receive_datagram(int sock, void *bytes, struct sockaddr_storage *address, socklen_t *length)
{
    ssize_t got;
    end_if_signalled();
    *length = sizeof *address;
    do
        got = recvfrom(sock, bytes, LARGEST_DATAGRAM, 0, (struct sockaddr *)address, length);
    while (got == -1 && interrupted());
    return got;
}

/* Prints one datagram that came back. -1 and errno as recv(2). */
static ssize_t take_datagram(struct session *session)
{
    static char bytes[LARGEST_DATAGRAM];
    struct sockaddr_storage address;
    socklen_t length;
    const ssize_t got = receive_datagram(session->socket, bytes, &address, &length);
    if (got >= 0)
        narrate(session->narration, LEFT, "recv(%d) = %zd", session->socket, got);
    if (got > 0 && !write_full(STDOUT_FILENO, bytes, (size_t)got))
        fail("write", "standard output");
    return got;
}

/* The first one tells whether anybody is there, as far as that can be told. */
static void send_first(struct session *session, const void *bytes, size_t size, bool waits,
                       uint64_t deadline)
{
    for (int tries = 0;; tries++) {
        struct pollfd watched = {.fd = session->socket, .events = POLLIN};
        int error = 0;
        socklen_t length = sizeof error;
        if (!send_datagram(session->socket, bytes, size))
            error = errno;
        else if (poll_patiently(&watched, 1, REFUSAL_TIME) && (watched.revents & POLLERR) != 0)
            getsockopt(session->socket, SOL_SOCKET, SO_ERROR, &error, &length);
        if (error == 0)
            return;
        if (error == ECONNREFUSED && waits && now() >= deadline)
            fail_that(EXIT_PEER, "no server at %s within the time given", session->server);
        errno = error;
        if (error != ECONNREFUSED || !waits)
            fail("connect", session->server);
        if (tries == SILENT_RETRIES)
            say("waiting for a server at %s", session->server);
        sleep_for(20 * MILLISECOND);
    }
}

/* Takes what comes back until the answer to the end. False and errno if that does not come. */
static bool take_answer(struct session *session, int milliseconds)
{
    while (wait_ready(session->socket, POLLIN, milliseconds)) {
        const ssize_t got = take_datagram(session);
        if (got == 0)
            return true;
        if (got == -1 && errno == ECONNREFUSED)
            return false;
    }
    errno = EAGAIN;
    return false;
}

/*
 * The end, until it is answered. Refused at once, the server had gone before it; refused later, it
 * may have ended on the one before, if it is none of ours.
 */
static void send_end(struct session *session, bool first, bool waits, uint64_t deadline)
{
    bool answered = false;
    for (int i = 0; i < DATAGRAM_ENDS || (session->confirmation.greeted && !answered); i++) {
        const bool demanded = session->confirmation.greeted && !answered;
        narrate(session->narration, LEFT, "send(%d, 0 bytes)   the end", session->socket);
        if (first)
            send_first(session, "", 0, waits, deadline);
        else if (!send_datagram(session->socket, "", 0) && (i == 0 || demanded))
            server_died(session, strerror(errno));
        first = false;
        if (answered || (!demanded && i > 0 && i < DATAGRAM_ENDS - 1))
            continue;
        answered = take_answer(session, i == 0 ? REFUSAL_TIME : ANSWER_TIME);
        if (!answered && demanded && errno != EAGAIN)
            server_died(session, strerror(errno));
        if (!answered && demanded && i == ENDS_MOST)
            server_died(session, "it has not confirmed that it took everything");
    }
}

void send_datagrams(struct session *session, bool waits, uint64_t deadline)
{
    char block[DATAGRAM_MOST];
    bool first = true;
    for (;;) {
        struct pollfd watched[] = {{.fd = session->socket, .events = POLLIN},
                                   {.fd = session->input, .events = POLLIN}};
        poll_patiently(watched, 2, -1);
        if (watched[0].revents != 0) {
            const ssize_t came = take_datagram(session);
            if (came == -1 && errno == ECONNREFUSED)
                server_died(session, strerror(errno));
            session->confirmation.greeted = session->confirmation.greeted || came == 0;
        }
        if (watched[1].revents == 0)
            continue;
        const ssize_t got = read_some(session->input, block, sizeof block);
        if (got == -1 && errno == EAGAIN) /* somebody else took it */
            continue;
        if (got == -1)
            fail("read", session->label);
        if (got == 0)
            break;
        narrate(session->narration, LEFT, "send(%d, %zd bytes)", session->socket, got);
        if (first)
            send_first(session, block, (size_t)got, waits, deadline);
        else if (!send_datagram(session->socket, block, (size_t)got))
            server_died(session, strerror(errno));
        first = false;
        progress_add(&session->transfer, (size_t)got);
    }
    send_end(session, first, waits, deadline);
}
