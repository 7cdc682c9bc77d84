/*
 * How an orderly end is told from a death, without a byte in the stream that a foreign program at
 * the other end would see.
 *
 * The orderly end, both sides: the client sends all, then shutdown(SHUT_WR); the server reads the
 * end of file, writes everything out, answers, closes; the client reads that end of file. To the
 * kernel a killed process is one that closes its sockets, so by itself a death would look the same.
 *
 * TCP: with SO_LINGER on and a time of 0, close() sends a reset instead of the end (socket(7)).
 * Both sides set it at the beginning and undo it after the last confirmation: so a death in between
 * is ECONNRESET at the peer.
 *
 * Unix stream sockets know no such option. But there a client can have an address of its own, which
 * the server learns from accept(): ours take one that begins with a mark (in Linux' abstract
 * namespace, unix(7): it is no file and goes with the socket; elsewhere there is no mark and every
 * peer is a foreign one). Of a marked client the server demands that at the end of file it still
 * holds its socket open, waiting to be confirmed: poll() would say POLLHUP if it had died. And to a
 * marked client the server may speak: its words, one after accept() and one at the end, are single
 * bytes each accompanied by a descriptor, which is what sets them apart from data. A client that
 * was greeted and reads the end of file without the second word knows that the server has died.
 */
#include "platform.h"
#include "socket.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

static const char client_mark[] = "ipc-socket client ";
enum { GREETING = 0x05, ALL_TAKEN = 0x06 }; /* ASCII's enquiry and acknowledge */

void reset_if_killed(int socket, bool on)
{
    const struct linger linger = {.l_onoff = on, .l_linger = 0};
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

void mark_client(int socket)
{
    char name[64];
    snprintf(name, sizeof name, "%s%ld %llu", client_mark, (long)getpid(),
             (unsigned long long)now());
    bind_abstract(socket, name); /* should it fail we count as foreign, and lose only certainty */
}

/* A word travels as one byte with a descriptor, of which only its being there matters. */
static bool send_word(int socket, char word)
{
    static int null = -1;
    if (null == -1 && (null = open("/dev/null", O_RDONLY | O_CLOEXEC)) == -1)
        return false;
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control = {.space = {0}};
    control.header = (struct cmsghdr){
        .cmsg_len = CMSG_LEN(sizeof null), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    memcpy(CMSG_DATA(&control.header), &null, sizeof null);
    const struct msghdr message = {.msg_iov = &(struct iovec){.iov_base = &word, .iov_len = 1},
                                   .msg_iovlen = 1,
                                   .msg_control = control.space,
                                   .msg_controllen = sizeof control.space};
    return sendmsg(socket, &message, MSG_NOSIGNAL) == 1;
}

bool greet_client(int socket, const struct sockaddr_storage *address, socklen_t length)
{
    const size_t before = offsetof(struct sockaddr_un, sun_path) + 1; /* abstract: '\0' first */
    if (address->ss_family != AF_UNIX || length <= before + strlen(client_mark) ||
        memcmp((const char *)address + before, client_mark, strlen(client_mark)) != 0)
        return false;
    send_word(socket, GREETING); /* one that died already cannot be greeted, and is noticed later */
    return true;
}

bool client_still_there(int socket)
{
    struct pollfd watched = {.fd = socket}; /* POLLHUP needs no asking */
    int ready;
    do
        ready = poll(&watched, 1, 0);
    while (ready == -1 && interrupted());
    return ready == 0;
}

bool confirm_all_taken(int socket)
{
    return send_word(socket, ALL_TAKEN);
}

ssize_t receive(int socket, void *bytes, size_t size, struct confirmation *confirmation)
{
    for (;;) {
        union {
            struct cmsghdr header;
            char space[CMSG_SPACE(sizeof(int))];
        } control;
        struct msghdr message = {.msg_iov = &(struct iovec){.iov_base = bytes, .iov_len = size},
                                 .msg_iovlen = 1,
                                 .msg_control = control.space,
                                 .msg_controllen = sizeof control.space};
        ssize_t got;
        end_if_signalled();
        do
            got = recvmsg(socket, &message, 0);
        while (got == -1 && interrupted());
        if (got <= 0 || message.msg_controllen == 0)
            return got;

        const struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        if (header == NULL || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
            return got;
        for (size_t at = CMSG_LEN(0); at + sizeof(int) <= header->cmsg_len; at += sizeof(int)) {
            int passed; /* a foreign server may have sent several */
            memcpy(&passed, (const char *)header + at, sizeof passed);
            close(passed);
        }
        /* what comes with a descriptor ends a recvmsg(): the word is the last byte (unix(7)) */
        const char word = ((const char *)bytes)[got - 1];
        if (word == GREETING)
            confirmation->greeted = true;
        else if (word == ALL_TAKEN)
            confirmation->all_taken = true;
        else
            return got; /* a foreign server's descriptor, of no use here, and its data */
        if (got > 1)
            return got - 1;
    }
}
