/* SPDX-License-Identifier: MIT
 * The server's side of --udp: it prints each datagram; an empty one is its sender's end.
 *
 * A server that sends nothing else greets each sender by an empty datagram. So a client knows that
 * this is a server of ours; it then says at its end how many bytes it sent, and demands the answer,
 * how many have come: UDP loses what finds no room, and tells nobody. A server that echoes or
 * replies greets nobody and answers the end by an empty datagram: a foreign client would take
 * anything else for its echo or reply.
 *
 * With --once only the first sender counts, and the socket is connected to it: then the system
 * itself keeps others out, and tells when nobody has the sender's port any more. It tells that only
 * to a socket that sends. So the server sends an empty datagram to a sender that has been silent
 * for a while, unless some process here is known to be that sender.
 */
#include "client_server.h"

enum { SENDERS_REMEMBERED = 1024, SILENCE_MS = 500 };

struct sender {
    struct endpoint endpoint;
    uint64_t bytes; /* that came from it */
    bool ended;
};

/* Whether a process of this machine has that address: then nobody else can bind it. */
static bool lives_here(const struct endpoint *endpoint)
{
    const int sock = socket(endpoint->any.sa_family, SOCK_DGRAM, 0);
    if (sock == -1)
        return false;
    const bool taken = bind(sock, &endpoint->any, endpoint->length) == -1 && errno == EADDRINUSE;
    close(sock);
    return taken;
}

/* Ends the process if nothing can come any more. */
static void await_datagram(int sock, const struct sender *only, bool gone, int milliseconds,
                           struct narration *n)
{
    struct pollfd watched = {.fd = sock, .events = POLLIN};
    char text[ADDRESS_TEXT_SIZE];
    while (!await_events(poll, &watched, 1, milliseconds, n)) {
        if (gone)
            fail_that(EXIT_PEER, "the client %s died: its end did not come",
                      address_text(&only->endpoint, text));
        if (only == NULL)
            fail_that(EXIT_PEER, "no client came within the time given");
        if (!lives_here(&only->endpoint)) /* if it died this is refused, which the next call says */
            send_datagram(sock, "", 0);
    }
}

/* The sender at that address; the table is a ring, so the oldest makes room for a new one. */
static struct sender *find_sender(const struct endpoint *endpoint)
{
    static struct sender senders[SENDERS_REMEMBERED];
    static size_t next;
    for (size_t i = 0; i < SENDERS_REMEMBERED; i++)
        if (senders[i].endpoint.length == endpoint->length &&
            memcmp(&senders[i].endpoint, endpoint, endpoint->length) == 0)
            return &senders[i];
    struct sender *sender = &senders[next++ % SENDERS_REMEMBERED];
    *sender = (struct sender){.endpoint = *endpoint};
    return sender;
}

static bool greets(const struct service *service)
{
    return !service->echo && (service->reply == NULL || *service->reply == '\0');
}

/* If it is refused, or finds no room: it is a datagram, so it may be lost. */
static void answer_sender(int sock, const struct sender *to, const char *bytes, size_t size)
{
    sendto(sock, bytes, size, MSG_NOSIGNAL, &to->endpoint.any, to->endpoint.length);
}

/*
 * Prints and answers one datagram. True if it is its sender's end. To one of our clients, which may
 * have said how many bytes it sent, the answer is how many came, each time: the last may be lost.
 */
static bool serve(int sock, struct sender *sender, const char *bytes, size_t size,
                  const struct service *service)
{
    uint64_t sent = sender->bytes;
    const bool counts = read_count(bytes, size, &sent);
    if (counts || size == 0) {
        char count[COUNT_SIZE];
        write_count(count, sender->bytes);
        if (!sender->ended && service->reply != NULL)
            answer_sender(sock, sender, service->reply, strlen(service->reply));
        if (counts || greets(service))
            answer_sender(sock, sender, count, sizeof count);
        else if (!sender->ended)
            answer_sender(sock, sender, "", 0);
        if (!sender->ended)
            tell_lost(sent, sender->bytes, service->once);
        sender->ended = true;
        return true;
    }
    if (sender->ended) /* another client comes from that address */
        *sender = (struct sender){.endpoint = sender->endpoint};
    if (greets(service) && sender->bytes == 0)
        answer_sender(sock, sender, "", 0);
    sender->bytes += size;
    print_bytes(bytes, size);
    if (service->echo)
        answer_sender(sock, sender, bytes, size);
    return false;
}

void serve_datagrams(int sock, const struct service *service)
{
    static char bytes[LARGEST_DATAGRAM_SIZE];
    char from[ADDRESS_TEXT_SIZE];
    const struct sender *only = NULL; /* with --once: the first sender */
    bool came = false, gone = false;  /* gone: nobody has the only sender's port any more */
    struct progress progress;
    progress_begin(&progress, service->role, -1, service->once && !service->where.pair.verbose);
    for (bool ended = false; !ended || !service->once;) {
        const int limit = gone           ? 0 /* what it had sent before counts still */
                          : only != NULL ? SILENCE_MS
                          : came         ? -1
                                         : milliseconds_until(service->where.pair.deadline);
        await_datagram(sock, only, gone, limit, service->where.pair.narration);
        struct endpoint endpoint = {.length = sizeof endpoint.storage};
        const ssize_t got = recvfrom(sock, bytes, sizeof bytes, 0, &endpoint.any, &endpoint.length);
        if (got == -1 && errno == ECONNREFUSED)
            gone = only != NULL;
        else if (got == -1 && errno != EAGAIN && !interrupted())
            fail("recvfrom", NULL);
        if (got == -1)
            continue;
        struct sender *sender = find_sender(&endpoint);
        if (!came)
            say("%s, pid %ld: datagrams come from %s", service->role, (long)getpid(),
                address_text(&endpoint, from));
        came = true;
        if (only == NULL && service->once) {
            only = sender;
            progress.began = now();
            or_fail(connect(sock, &endpoint.any, endpoint.length), "connect", NULL);
        } else if (service->once && sender != only) {
            continue; /* it came before connect() shut all others out */
        }
        narrate(service->where.pair.narration, LEFT, "recvfrom(%d) = %zd", sock, got);
        ended = serve(sock, sender, bytes, (size_t)got, service);
        progress_add(&progress, ended ? 0 : (size_t)got);
    }
    progress_end(&progress);
}
