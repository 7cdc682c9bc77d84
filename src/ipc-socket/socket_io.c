/* SPDX-License-Identifier: MIT
 * Waiting for sockets, and what client and server do alike with datagrams.
 */
#include "client_server.h"

#include <inttypes.h>
#include <limits.h>

enum { LOOK_AGAIN_MS = 1 };

int pending_error(int sock)
{
    int error = 0;
    socklen_t length = sizeof error;
    or_fail(getsockopt(sock, SOL_SOCKET, SO_ERROR, &error, &length), "getsockopt", "SO_ERROR");
    return error;
}

ssize_t receive_some(int sock, void *bytes, size_t size, int flags)
{
    ssize_t got;
    end_if_signalled();
    do
        got = recv(sock, bytes, size, flags);
    while (got == -1 && interrupted());
    return got;
}

/*
 * The kernel wakes us, whatever happens to the peer: the end of a connection is an event, too. A
 * signal between the look and poll() comes again a second later (cleanup.h).
 */
int await_events(poll_call *call, struct pollfd *watched, size_t count, int milliseconds,
                 struct narration *n)
{
    const char *name = call == poll ? "poll" : watching_call;
    uint64_t spin = 0;
    int ready;
    end_if_signalled();
    do
        ready = call(watched, (nfds_t)count, 0);
    while ((ready == 0 && milliseconds != 0 && keep_spinning(&spin)) ||
           (ready == -1 && interrupted()));
    if (ready == 0 && milliseconds != 0) {
        narrate_call(n, LEFT, "%s()", name);
        do
            ready = call(watched, (nfds_t)count, milliseconds);
        while (ready == -1 && interrupted());
        narrate_return(n, "none was ready", "%d", ready);
    }
    return or_fail(ready, name, NULL);
}

int milliseconds_until(uint64_t deadline)
{
    if (deadline == UINT64_MAX)
        return -1;
    const uint64_t time = now(), left = deadline > time ? deadline - time + MILLISECOND - 1 : 0;
    return left / MILLISECOND < INT_MAX ? (int)(left / MILLISECOND) : INT_MAX;
}

bool time_to_look(void)
{
    static uint64_t next;
    const uint64_t time = now();
    if (time < next)
        return false;
    next = time + LOOK_EVERY_MS * MILLISECOND;
    return true;
}

/* Waits while the queue of our own machine is full. */
bool send_datagram(int sock, const void *bytes, size_t size)
{
    for (;;) {
        end_if_signalled();
        const ssize_t sent = send(sock, bytes, size, MSG_NOSIGNAL);
        if (sent >= 0)
            return true;
        if (errno == EAGAIN || errno == ENOBUFS)
            wait_ready(sock, POLLOUT, LOOK_AGAIN_MS);
        else if (!interrupted())
            return false;
    }
}

/* It begins with ASCII's end of transmission, which nobody types. */
void write_count(char text[COUNT_SIZE], uint64_t count)
{
    snprintf(text, COUNT_SIZE, "\x04ipc-socket %19" PRIu64, count);
}

bool read_count(const char *bytes, size_t size, uint64_t *count)
{
    return size == COUNT_SIZE && bytes[size - 1] == '\0' &&
           sscanf(bytes, "\x04ipc-socket %" SCNu64, count) == 1;
}

void tell_lost(uint64_t sent, uint64_t received, bool ends)
{
    if (sent == received)
        return;
    complain_that("UDP lost %" PRId64 " of %" PRIu64 " bytes", (int64_t)(sent - received), sent);
    if (ends)
        exit(EXIT_FAILED);
}
