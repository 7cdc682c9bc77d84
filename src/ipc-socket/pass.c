/*
 * ipc-socket pass: an open descriptor handed to another process.
 *
 * A descriptor's number means nothing elsewhere; sent with SCM_RIGHTS over a Unix socket it becomes
 * a new number in the receiver for the same open file, offset included (unix(7)).
 */
#include "socket.h"

#include "ipc/narration/lesson.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

union control { /* aligned for its header */
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
};

static bool send_descriptor(int sock, int descriptor)
{
    char byte = 0; /* on a stream, descriptors travel beside at least one byte */
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

static int receive_descriptor(int sock)
{
    char byte;
    union control control;
    struct msghdr message = {.msg_iov = &(struct iovec){.iov_base = &byte, .iov_len = 1},
                             .msg_iovlen = 1,
                             .msg_control = control.space,
                             .msg_controllen = sizeof control.space};
    ssize_t got;
    do
        got = recvmsg(sock, &message, 0);
    while (got == -1 && interrupted());
    const struct cmsghdr *header = got == 1 ? CMSG_FIRSTHDR(&message) : NULL;
    if (header == NULL || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
        fail_that(EXIT_FAILED, "recvmsg: no descriptor came");
    int descriptor;
    memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
    return descriptor;
}

static void await_receiver(pid_t child)
{
    const int status = reap_child(child);
    if (status != 0)
        fail_that(WIFSIGNALED(status) ? EXIT_PEER : EXIT_FAILED, "the receiver (pid %ld) has ended",
                  (long)child);
}

static _Noreturn void receiver(struct narration *n, int sock)
{
    char text[32];
    int number;
    ssize_t got;
    do
        got = recv(sock, &number, sizeof number, MSG_WAITALL);
    while (got == -1 && interrupted());
    if (got != sizeof number)
        fail_that(EXIT_FAILED, "recv: no number came");
    narrate(n, RIGHT, "recv(%d) = the number %d", sock, number);
    got = read(number, text, sizeof text);
    narrate(n, RIGHT, "read(%d) = %zd  %s", number, got, got == -1 ? strerror(errno) : "?");

    if (!write_full(sock, "", 1)) /* go on */
        fail("send", NULL);
    const int descriptor = receive_descriptor(sock);
    struct stat status;
    if (fstat(descriptor, &status) == -1)
        fail("fstat", NULL);
    narrate(n, RIGHT, "recvmsg(%d) = descriptor %d", sock, descriptor);
    narrate(n, RIGHT, "fstat(%d): inode %lu", descriptor, (unsigned long)status.st_ino);
    got = read_some(descriptor, text, 3);
    narrate(n, RIGHT, "read(%d, 3) = %zd  %s", descriptor, got,
            quoted(text, got > 0 ? (size_t)got : 0).text);
    close(descriptor);
    exit(got == 3 ? EXIT_DONE : EXIT_FAILED);
}

int socket_pass(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    print_text("Can a process hand a file that it has open to another that runs already?");
    struct narration *n =
        narration_open(STDOUT_FILENO, "sender (parent)", "receiver (child)", pace);
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == -1)
        fail("socketpair", NULL);
    narrate(n, LEFT, "socketpair(AF_UNIX) = {%d, %d}", pair[0], pair[1]);
    const pid_t child = narrate_fork(n, LEFT);
    if (child == 0) {
        close(pair[0]);
        receiver(n, pair[1]);
    }
    close(pair[1]);

    FILE *file = tmpfile(); /* after the fork: the child does not inherit it */
    if (file == NULL)
        fail("tmpfile", NULL);
    const int descriptor = fcntl(fileno(file), F_DUPFD, pair[1] + 3); /* not in use there */
    char text[32];
    struct stat status;
    if (!write_full(descriptor, "abcdefghi", 9) || lseek(descriptor, 0, SEEK_SET) == -1 ||
        fstat(descriptor, &status) == -1)
        fail("write", "a temporary file");
    narrate(n, LEFT, "open() = %d   \"abcdefghi\"", descriptor);
    narrate(n, LEFT, "fstat(%d): inode %lu", descriptor, (unsigned long)status.st_ino);
    ssize_t got = read_some(descriptor, text, 3);
    narrate(n, LEFT, "read(%d, 3) = %zd  %s", descriptor, got,
            quoted(text, got > 0 ? (size_t)got : 0).text);

    narrate_text(n, "-> the mistake: sending its number");
    narrate(n, LEFT, "send(%d, the number %d)", pair[0], descriptor);
    bool taken = send(pair[0], &descriptor, sizeof descriptor, 0) == sizeof descriptor &&
                 read_some(pair[0], text, 1) == 1; /* it goes on */
    if (taken) {
        narrate_text(n, "-> right: sending the descriptor itself");
        narrate(n, LEFT, "sendmsg(%d, SCM_RIGHTS %d)", pair[0], descriptor);
        taken = send_descriptor(pair[0], descriptor);
    }
    await_receiver(child);
    if (!taken)
        fail_that(EXIT_FAILED, "the receiver took nothing");
    got = read_some(descriptor, text, 3);
    narrate(n, LEFT, "read(%d, 3) = %zd  %s", descriptor, got,
            quoted(text, got > 0 ? (size_t)got : 0).text);
    narrate(n, LEFT, "  one offset for both numbers");
    close(descriptor);
    fclose(file);
    narrate_text(n, "Yes: SCM_RIGHTS gives the receiver a new number for the same open file.");
    return EXIT_DONE;
}
