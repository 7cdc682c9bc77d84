/*
 * The client's side of a connection: send until the input ends, shutdown, recv until the end of
 * file.
 *
 * Sending and receiving overlap, so that a server that echoes everything never finds both sides
 * waiting for the other to take something.
 */
#include "platform.h"
#include "socket.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"

#include "ipc/transfer/platform.h"
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_PART = 1024 * 1024 }; /* nothing is copied here, so as much as the socket takes */

void server_died(struct session *session, const char *why)
{
    const pid_t process = peer_process(session->socket);
    if (process != 0)
        fail_that(EXIT_PEER, "the server (pid %ld) died: %s", (long)process, why);
    fail_that(EXIT_PEER, "the server %s died: %s", session->server, why);
}

/* Writes out what has come. False at the end of file. */
static bool take_answer(struct session *session)
{
    char bytes[BLOCK];
    const ssize_t got = receive(session->socket, bytes, sizeof bytes, &session->confirmation);
    if (got == -1 && errno == EAGAIN)
        return true;
    if (got == -1)
        server_died(session, strerror(errno));
    narrate(session->narration, LEFT, "recv(%d) = %zd%s", session->socket, got,
            got == 0 ? "  end of file" : "");
    if (got == 0 && session->confirmation.greeted && !session->confirmation.all_taken)
        server_died(session, "it had not confirmed that it took everything");
    if (!write_full(STDOUT_FILENO, bytes, (size_t)got))
        fail("write", "standard output");
    return got > 0;
}

static void end_sending(struct session *session)
{
    narrate(session->narration, LEFT, "shutdown(%d, SHUT_WR)   that was all", session->socket);
    if (shutdown(session->socket, SHUT_WR) == -1)
        server_died(session, strerror(errno));
    session->more_input = false;
}

/* Sends part of a file in the system, where a copy less is made. */
static void send_file(struct session *session)
{
    narrate(session->narration, LEFT, "sendfile(%d, %d, %d)", session->socket, session->input,
            FILE_PART);
    ssize_t sent;
    end_if_signalled();
    do
        sent = send_from_file(session->socket, session->input, FILE_PART);
    while (sent == -1 && interrupted());
    narrate_sent(session->narration, LEFT, now(), "", "sendfile", sent, FILE_PART);
    session->blocked = sent == -1 && errno == EAGAIN;
    if (sent > 0)
        progress_add(&session->transfer, (size_t)sent);
    else if (sent == 0)
        end_sending(session);
    else if (errno == EINVAL || errno == ENOSYS)
        session->in_system = false;
    else if (errno == EIO)
        fail("sendfile", session->label);
    else if (!session->blocked)
        server_died(session, strerror(errno));
}

/* Reads a block, unless one waits still, and sends what the socket takes of it. */
static void send_block(struct session *session)
{
    if (session->from == session->to) {
        const ssize_t got = read_some(session->input, session->block, sizeof session->block);
        if (got == -1 && errno != EAGAIN)
            fail("read", session->label);
        if (got == 0)
            end_sending(session);
        session->from = 0;
        session->to = got > 0 ? (size_t)got : 0;
    }
    session->blocked = false;
    while (session->from < session->to && !session->blocked) {
        const size_t size = session->to - session->from;
        narrate(session->narration, LEFT, "send(%d, %zu bytes)", session->socket, size);
        end_if_signalled();
        const ssize_t sent =
            send(session->socket, session->block + session->from, size, MSG_NOSIGNAL);
        narrate_sent(session->narration, LEFT, now(), "", "send", sent, size);
        session->blocked = sent == -1 && errno == EAGAIN;
        if (sent == -1 && !session->blocked && !interrupted())
            server_died(session, strerror(errno));
        session->from += sent > 0 ? (size_t)sent : 0;
        progress_add(&session->transfer, sent > 0 ? (size_t)sent : 0);
    }
}

void exchange(struct session *session)
{
    struct stat status;
    bool answering = true;
    session->more_input = true;
    session->in_system = fstat(session->input, &status) == 0 && S_ISREG(status.st_mode);
    while (session->more_input || session->blocked || answering) {
        struct pollfd watched[] = {
            {.fd = session->socket,
             .events = (short)((answering ? POLLIN : 0) | (session->blocked ? POLLOUT : 0))},
            {.fd = session->more_input && !session->blocked ? session->input : -1,
             .events = POLLIN}};
        poll_patiently(watched, 2, -1);
        if (watched[0].revents != 0 && answering)
            answering = take_answer(session);
        else if ((watched[0].revents & (POLLHUP | POLLERR)) != 0 &&
                 (session->more_input || session->blocked))
            server_died(session, "it closed before it had taken everything");
        if (watched[1].revents != 0 || (watched[0].revents & POLLOUT) != 0) {
            if (session->in_system)
                send_file(session);
            else
                send_block(session);
        }
    }
    /* a server that had ended its own side early may have refused the last bytes since */
    int error = 0;
    socklen_t length = sizeof error;
    if (getsockopt(session->socket, SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error != 0)
        server_died(session, strerror(error));
}
