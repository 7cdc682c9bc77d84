/* SPDX-License-Identifier: MIT
 * The server's side of one connection: recv, write out, send back; nothing here waits.
 *
 * A client has one bounded buffer. A server for many prints whole lines, so what has come of a line
 * stays in it until the rest comes; and so does what must still be echoed, which goes back at once:
 * a client that does not take its echo is not read from until it does.
 */
#include "client_server.h"

#include "ipc/transfer/platform.h"

enum {
    BLOCKS_AT_A_TIME = 16,   /* from a client that is alone */
    MOVED_SIZE = 1024 * 1024 /* at once, and only after as much has come: less is not worth it */
};

static size_t bytes_to_echo(const struct connection *c, const struct service *service)
{
    return service->echo && !c->refuses ? c->filled - c->returned : 0;
}

void client_died(struct connection *c, const struct service *service, const char *why)
{
    const pid_t process = peer_process(c->socket);
    char pid[32] = "";
    if (process != 0)
        snprintf(pid, sizeof pid, "(pid %ld)", (long)process);
    complain_that("the client %s died: %s", process != 0 ? pid : c->peer, why);
    if (service->once)
        exit(EXIT_PEER);
    c->died = c->closing = true;
}

/* Writes out what can be: with --once all of it, else whole lines, and at the end the rest. */
static void print(struct connection *c, const struct service *service, bool alone)
{
    size_t until = c->filled;
    if (!service->once && !c->at_end) {
        while (until > c->printed && c->buffer[until - 1] != '\n')
            until--;
        if (until == 0 && c->filled == c->size)
            until = c->filled; /* a line longer than the buffer comes in pieces */
    }
    const bool unfinished = c->at_end && c->filled > c->printed && c->buffer[c->filled - 1] != '\n';
    print_bytes(c->buffer + c->printed, until - c->printed);
    c->printed = until;
    if (unfinished && !service->once && !alone)
        print_bytes("\n", 1); /* the next line may be another client's */
}

/* Room for more: what was written out and needs no echo any more goes. */
static void discard(struct connection *c, const struct service *service)
{
    const bool echoes = service->echo && !c->refuses;
    const size_t done = echoes && c->returned < c->printed ? c->returned : c->printed;
    c->filled -= done;
    c->printed -= done;
    c->returned = echoes ? c->returned - done : 0;
    if (done > 0 && c->filled > 0)
        memmove(c->buffer, c->buffer + done, c->filled);
}

/* As recv() into a pipe, which holds it then: 0 where recv() is to say what is the matter. */
static ssize_t move(struct connection *c, const struct service *service)
{
    wait_ready(STDOUT_FILENO, POLLOUT, -1);
    const ssize_t moved = splice_some(c->socket, STDOUT_FILENO, MOVED_SIZE);
    if (moved == 0 || (moved == -1 && (errno == EAGAIN || errno == EINTR || errno == EPIPE ||
                                       errno == EINVAL || errno == ENOSYS || errno == ENOMEM)))
        return 0;
    if (moved == -1) /* an error of the socket, which is told only once */
        return -1;
    narrate(service->where.pair.narration, LEFT, "splice(%d, %d) = %zd", c->socket, STDOUT_FILENO,
            moved);
    progress_add(&c->progress, (size_t)moved);
    c->moved = true;
    return moved;
}

/*
 * Until whoever reads the pipe has taken what was moved there. Otherwise a client that is told that
 * everything was taken might change its file, and what is still to be read with it.
 */
static void await_reader(void)
{
    for (int milliseconds = 0; bytes_in_pipe(STDOUT_FILENO) > 0;
         milliseconds += milliseconds < 20) {
        if (wait_ready(STDOUT_FILENO, 0, milliseconds) && bytes_in_pipe(STDOUT_FILENO) > 0) {
            errno = EPIPE; /* POLLERR */
            fail("write", "standard output");
        }
    }
}

void receive_from(struct connection *c, const struct service *service, bool alone)
{
    for (int turn = alone ? BLOCKS_AT_A_TIME : 1; turn > 0 && c->filled < c->size; turn--) {
        const size_t room = c->size - c->filled;
        ssize_t got = service->into_pipe && c->progress.bytes >= MOVED_SIZE ? move(c, service) : 0;
        if (got > 0)
            continue;
        if (got == 0)
            got = receive_some(c->socket, c->buffer + c->filled, room, 0);
        if (got == -1 && errno == EAGAIN)
            return;
        narrate(service->where.pair.narration, LEFT, "recv(%d) = %s%s", c->socket,
                outcome(got).text, got == 0 ? "  end of file" : "");
        /* POLLHUP needs no asking; a marked client that lives has not closed its socket yet */
        if (got == -1 || (got == 0 && c->marked && wait_ready(c->socket, 0, 0))) {
            const char *why = got == 0 ? "it closed before it had finished" : strerror(errno);
            c->at_end = true; /* what it sent is printed all the same */
            print(c, service, alone);
            client_died(c, service, why);
            return;
        }
        c->at_end = got == 0;
        if (c->at_end && c->moved)
            await_reader();
        c->filled += (size_t)got;
        progress_add(&c->progress, (size_t)got);
        print(c, service, alone);
        discard(c, service);
        if ((size_t)got < room) /* that was all, or the end */
            return;
    }
}

bool answer(struct connection *c, const struct service *service)
{
    const size_t reply = service->reply != NULL ? strlen(service->reply) : 0;
    while (!c->closing && (bytes_to_echo(c, service) > 0 || c->at_end)) {
        const size_t echo = bytes_to_echo(c, service);
        ssize_t sent = 0;
        if (echo > 0 || (c->replied < reply && !c->refuses)) {
            const char *bytes = echo > 0 ? c->buffer + c->returned : service->reply + c->replied;
            const size_t size = echo > 0 ? echo : reply - c->replied;
            sent = send(c->socket, bytes, size, MSG_NOSIGNAL);
            narrate(service->where.pair.narration, LEFT, "send(%d, %zu bytes) = %s", c->socket,
                    size, outcome(sent).text);
        } else if (c->marked && !c->refuses && !confirm_all_taken(c->socket)) {
            sent = -1;
        } else if (c->refuses) {
            client_died(c, service, "it left before it had taken its answer");
        } else {
            c->closing = true;
        }
        /* ETOOMANYREFS: clients have yet to take the descriptors of their words, unix(7) */
        if (sent == -1 && (errno == EAGAIN || errno == ETOOMANYREFS))
            return true;
        if (sent == -1 && !interrupted()) {
            c->refuses = true; /* but what it has sent still counts */
            c->closing = c->at_end && echo == 0 && c->replied == reply;
        } else if (echo > 0 && sent > 0) {
            c->returned += (size_t)sent;
        } else if (sent > 0) {
            c->replied += (size_t)sent;
        }
    }
    discard(c, service);
    return false;
}
