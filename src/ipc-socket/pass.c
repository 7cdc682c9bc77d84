/* SPDX-License-Identifier: MIT
 * ipc-socket pass: an open descriptor handed to another process.
 *
 * Usage: ipc-socket pass [--pace SECONDS | --step]
 *
 * A descriptor's number means nothing elsewhere; sent with SCM_RIGHTS over a Unix socket it becomes
 * a new number in the receiver for the same open file, offset included (unix(7)).
 */
#include "socket.h"

#include "ipc/narration/lesson.h"

static int open_file(struct narration *n, int least);
static ssize_t read_3(struct narration *n, enum column column, int descriptor);
static _Noreturn void receiver(struct narration *n, int sock, const struct gate *tried);

int socket_pass(const struct role *role, int argc, char **argv)
{
    struct narration *n =
        begin_lesson(role, argc, argv,
                     "Can a process hand a file that it has open to another that runs already?",
                     "sender (parent)", "receiver (child)");
    int pair[2];
    or_fail(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), "socketpair", NULL);
    narrate(n, LEFT, "socketpair(AF_UNIX, SOCK_STREAM)\n= {%d, %d}", pair[0], pair[1]);
    struct gate tried = new_gate(); /* the number, in vain */
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        close(pair[0]);
        receiver(n, pair[1], &tried);
    }
    close(pair[1]); /* after the fork the file is opened: the child does not inherit it */
    const int descriptor = open_file(n, pair[1] + 3);
    read_3(n, LEFT, descriptor);

    narrate_mistake(n, "sending its number");
    narrate(n, LEFT, "send(%d, the number %d)", pair[0], descriptor);
    bool taken =
        send(pair[0], &descriptor, sizeof descriptor, 0) == sizeof descriptor && pass_gate(&tried);
    if (taken) {
        narrate_right(n, "sending the descriptor itself");
        narrate(n, LEFT, "sendmsg(%d, SCM_RIGHTS: %d)", pair[0], descriptor);
        taken = send_descriptor(pair[0], 0, descriptor);
    }
    close(pair[0]); /* otherwise a receiver to which nothing was sent would wait for ever */
    reap_successful(child, "receiver");
    if (!taken)
        fail_that(EXIT_FAILED, "the receiver took nothing");
    read_3(n, LEFT, descriptor);
    narrate(n, LEFT, "  one offset for both numbers");
    narrate_answer(n, "Yes: SCM_RIGHTS gives the receiver a new number for the same open file.");
    return EXIT_DONE;
}

/* A temporary file with something in it; its descriptor is that number or larger. */
static int open_file(struct narration *n, int least)
{
    FILE *file = tmpfile();
    if (file == NULL)
        fail("tmpfile", NULL);
    const int descriptor = or_fail(fcntl(fileno(file), F_DUPFD, least), "fcntl", "F_DUPFD");
    if (!write_full(descriptor, "abcdefghi", 9) || lseek(descriptor, 0, SEEK_SET) == -1)
        fail("write", "a temporary file");
    narrate(n, LEFT, "tmpfile(): %d   \"abcdefghi\"", fileno(file));
    narrate(n, LEFT, "fcntl(%d, F_DUPFD, %d) = %d\nthe child has no such number", fileno(file),
            least, descriptor);
    fclose(file);
    return descriptor;
}

static ssize_t read_3(struct narration *n, enum column column, int descriptor)
{
    char text[3];
    const ssize_t got = read_some(descriptor, text, sizeof text);
    narrate(n, column, "read(%d, 3) = %s%s%s", descriptor, outcome(got).text, got > 0 ? "  " : "",
            got > 0 ? quoted(text, (size_t)got).text : "");
    return got;
}

union control { /* aligned for its header */
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
};

/* On a stream, descriptors travel beside at least one byte. */
bool send_descriptor(int sock, char byte, int descriptor)
{
    union control control = {.space = {0}};
    control.header = (struct cmsghdr){
        .cmsg_len = CMSG_LEN(sizeof descriptor), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    memcpy(CMSG_DATA(&control.header), &descriptor, sizeof descriptor);
    const struct msghdr message = {.msg_iov = &(struct iovec){.iov_base = &byte, .iov_len = 1},
                                   .msg_iovlen = 1,
                                   .msg_control = control.space,
                                   .msg_controllen = sizeof control.space};
    return sendmsg(sock, &message, 0) == 1;
}

ssize_t receive_descriptor(int sock, void *bytes, size_t size, int *descriptor)
{
    union control control;
    struct msghdr message = {.msg_iov = &(struct iovec){.iov_base = bytes, .iov_len = size},
                             .msg_iovlen = 1,
                             .msg_control = control.space,
                             .msg_controllen = CMSG_LEN(sizeof(int))}; /* room for a single one */
    ssize_t got;
    *descriptor = -1;
    end_if_signalled();
    do
        got = recvmsg(sock, &message, 0);
    while (got == -1 && interrupted());
    const struct cmsghdr *header = got > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    if (header != NULL && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
        memcpy(descriptor, CMSG_DATA(header), sizeof *descriptor);
    return got;
}

static _Noreturn void receiver(struct narration *n, int sock, const struct gate *tried)
{
    char byte;
    int number, descriptor;
    narrate_call(n, RIGHT, "recv(%d, MSG_WAITALL)", sock);
    if (receive_some(sock, &number, sizeof number, MSG_WAITALL) != sizeof number)
        fail_that(EXIT_FAILED, "recv: no number came");
    narrate_return(n, "nothing sent", "%zu  the number %d", sizeof number, number);
    read_3(n, RIGHT, number);
    open_gate(tried, 1);

    narrate_call(n, RIGHT, "recvmsg(%d)", sock);
    const ssize_t got = receive_descriptor(sock, &byte, 1, &descriptor);
    if (descriptor == -1)
        fail_that(EXIT_FAILED, "recvmsg: no descriptor came");
    narrate_return(n, "nothing sent", "%zd  SCM_RIGHTS: %d", got, descriptor);
    _exit(read_3(n, RIGHT, descriptor) == 3 ? EXIT_DONE : EXIT_FAILED);
}
