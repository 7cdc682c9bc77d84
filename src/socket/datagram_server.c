/*
 * The server's side of --udp: prints each datagram; an empty one is its sender's end, which is
 * answered by an empty one.
 *
 * With --once only the first sender counts, and the socket is connected to it: then the system
 * itself keeps others out, and tells when nobody has the sender's port any more. It tells that only
 * to who sends, so a sender that is silent for a while gets an empty datagram.
 */
#include "socket.h"

#include "ipc/cleanup.h"
#include "ipc/clock.h"

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
    bool ended;
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

static void answer(int sock, const struct sender *to, const char *bytes, size_t size)
{
    /* refused or no room: it is a datagram, so it may be lost */
    ssize_t ignored =
        sendto(sock, bytes, size, MSG_NOSIGNAL, (const struct sockaddr *)&to->address, to->length);
    (void)ignored;
}

int serve_datagrams(int sock, const struct service *service)
{
    static char bytes[LARGEST_DATAGRAM];
    const struct sender *only = NULL; /* with --once: the first sender */
    struct transfer transfer;
    transfer_begin(&transfer, service->role, -1, service->once && !isatty(STDOUT_FILENO));
    for (;;) {
        struct pollfd watched = {.fd = sock, .events = POLLIN};
        const bool probing = only != NULL && !service->echo && service->reply == NULL;
        const int limit = probing              ? SILENCE
                          : transfer.bytes > 0 ? -1
                                               : milliseconds_until(service->deadline);
        if (!poll_patiently(&watched, 1, limit)) {
            if (!probing)
                fail_that(EXIT_PEER, "no client came within the time given");
            send_datagram(sock, bytes,
                          0); /* if it died this is refused, which the next call says */
            continue;
        }
        struct sockaddr_storage address = {0};
        socklen_t length;
        const ssize_t got = receive_datagram(sock, bytes, &address, &length);
        if (got == -1 && errno == ECONNREFUSED && only != NULL) {
            char text[ADDRESS_TEXT];
            transfer_clear(&transfer);
            fail_that(EXIT_PEER, "the client %s died: its end did not come",
                      address_text(&only->address, only->length, text));
        }
        if (got == -1 && (errno == EAGAIN || errno == ECONNREFUSED))
            continue;
        if (got == -1)
            fail("recvfrom", NULL);
        struct sender *sender = find_sender(&address, length);
        if (only == NULL && service->once) {
            only = sender;
            transfer.began = now();
            if (connect(sock, (const struct sockaddr *)&address, length) == -1)
                fail("connect", NULL);
        } else if (service->once && sender != only) {
            continue; /* it came before connect() shut all others out */
        }
        narrate(service->narration, LEFT, "recvfrom(%d) = %zd", sock, got);
        if (!write_full(STDOUT_FILENO, bytes, (size_t)got))
            fail("write", "standard output");
        transfer_add(&transfer, (size_t)got);
        if (got > 0) {
            sender->ended = false;
            if (service->echo)
                answer(sock, sender, bytes, (size_t)got);
        } else if (!sender->ended) {
            sender->ended = true;
            if (service->reply != NULL)
                answer(sock, sender, service->reply, strlen(service->reply));
            answer(sock, sender, "", 0);
            if (service->once)
                break;
        }
    }
    transfer_end(&transfer);
    if (!close_written(STDOUT_FILENO))
        fail("close", "standard output");
    return EXIT_DONE;
}
