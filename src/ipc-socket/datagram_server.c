/*
 * The server's side of --udp: prints each datagram; an empty one is its sender's end, which is
 * answered by an empty one.
 *
 * A server that sends nothing else greets each sender, by an empty datagram again: so a client
 * knows that this is a server of ours, whose answer it can demand. Others would take such a
 * greeting for their echo or reply, so of these a server sends no more than was asked for.
 *
 * With --once only the first sender counts, and the socket is connected to it: then the system
 * itself keeps others out, and tells when nobody has the sender's port any more. It tells that only
 * to who sends, so a sender that has been silent for a while, and that no process here is known to
 * be, gets an empty datagram.
 */
#include "socket.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum {
    SENDERS = 1024, /* remembered at a time */
    SILENCE = 500   /* milliseconds */
};

struct sender {
    struct sockaddr_storage address;
    socklen_t length;
    bool greeted, ended;
};

/* The sender at that address; the table is a ring, so the oldest makes room for a new one. */
static struct sender *find_sender(const struct sockaddr_storage *address, socklen_t length)
{
    static struct sender senders[SENDERS];
    static size_t next;
    for (size_t i = 0; i < SENDERS; i++)
        if (senders[i].length == length && memcmp(&senders[i].address, address, length) == 0)
            return &senders[i];
    struct sender *sender = &senders[next++ % SENDERS];
    *sender = (struct sender){.address = *address, .length = length};
    return sender;
}

/* Whether a process of this machine has that address: then nobody else can bind it. */
static bool lives_here(const struct sender *sender)
{
    const int sock = socket(sender->address.ss_family, SOCK_DGRAM, 0);
    if (sock == -1)
        return false;
    const bool taken =
        bind(sock, (const struct sockaddr *)&sender->address, sender->length) == -1 &&
        errno == EADDRINUSE;
    close(sock);
    return taken;
}

static void answer(int sock, const struct sender *to, const char *bytes, size_t size)
{
    /* refused or no room: it is a datagram, so it may be lost */
    ssize_t ignored =
        sendto(sock, bytes, size, MSG_NOSIGNAL, (const struct sockaddr *)&to->address, to->length);
    (void)ignored;
}

/* Prints and answers one datagram. True when it was its sender's end, for the first time. */
static bool serve(int sock, struct sender *sender, const char *bytes, size_t size,
                  const struct service *service)
{
    const bool greets = !service->echo && service->reply == NULL;
    if (size > 0 && greets && !sender->greeted) {
        sender->greeted = true;
        answer(sock, sender, "", 0);
    }
    if (!write_full(STDOUT_FILENO, bytes, size))
        fail("write", "standard output");
    if (size > 0) {
        sender->ended = false;
        if (service->echo)
            answer(sock, sender, bytes, size);
        return false;
    }
    if (sender->ended)
        return false;
    sender->ended = true;
    sender->greeted = false; /* who comes from there next is another one */
    if (service->reply != NULL)
        answer(sock, sender, service->reply, strlen(service->reply));
    answer(sock, sender, "", 0);
    return true;
}

int serve_datagrams(int sock, const struct service *service)
{
    static char bytes[LARGEST_DATAGRAM];
    const struct sender *only = NULL; /* with --once: the first sender */
    bool came = false, gone = false;
    struct progress transfer;
    progress_begin(&transfer, service->role, -1, service->once);
    for (bool ended = false; !ended || !service->once;) {
        struct pollfd watched = {.fd = sock, .events = POLLIN};
        const int limit = gone           ? 0 /* what it had sent before counts still */
                          : only != NULL ? SILENCE
                          : came         ? -1
                                         : milliseconds_until(service->deadline);
        if (!poll_patiently(&watched, 1, limit)) {
            if (gone) {
                char text[ADDRESS_TEXT];
                fail_that(EXIT_PEER, "the client %s died: its end did not come",
                          address_text(&only->address, only->length, text));
            }
            if (only == NULL)
                fail_that(EXIT_PEER, "no client came within the time given");
            if (!lives_here(only)) /* if it died this is refused, which the next call says */
                send_datagram(sock, "", 0);
            continue;
        }
        struct sockaddr_storage address = {0};
        socklen_t length;
        const ssize_t got = receive_datagram(sock, bytes, &address, &length);
        if (got == -1 && errno == ECONNREFUSED)
            gone = only != NULL;
        else if (got == -1 && errno != EAGAIN)
            fail("recvfrom", NULL);
        if (got == -1)
            continue;
        struct sender *sender = find_sender(&address, length);
        came = true;
        if (only == NULL && service->once) {
            only = sender;
            transfer.began = now();
            if (connect(sock, (const struct sockaddr *)&address, length) == -1)
                fail("connect", NULL);
        } else if (service->once && sender != only) {
            continue; /* it came before connect() shut all others out */
        }
        narrate(service->narration, LEFT, "recvfrom(%d) = %zd", sock, got);
        progress_add(&transfer, (size_t)got);
        ended = serve(sock, sender, bytes, (size_t)got, service);
    }
    progress_end(&transfer);
    if (!close_written(STDOUT_FILENO))
        fail("close", "standard output");
    return EXIT_DONE;
}
