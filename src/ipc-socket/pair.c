/* SPDX-License-Identifier: MIT
 * ipc-socket pair: two connected sockets for relatives, with boundaries or without.
 *
 * Usage: ipc-socket pair [--pace SECONDS | --step]
 *
 * socketpair() makes both ends at once, without an address: a child inherits its end. Each end
 * sends and receives; SOCK_SEQPACKET keeps boundaries, SOCK_STREAM does not. The end of file comes
 * when no process has the other end open.
 */
#include "socket.h"

#include "ipc/narration/lesson.h"

static const char *const words[] = {"one", "two"};
enum { WORDS = sizeof words / sizeof *words };

static void send_words(struct narration *n, const char *name, int type, int ends[2]);
static int answer(struct narration *n, int sock);

int socket_pair(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(
        role, argc, argv, "A parent and its child send each other messages: over two pipes?",
        "child", "parent");
    int ends[2];
    narrate_mistake(n, "expecting messages of SOCK_STREAM, which is a stream as a pipe is");
    send_words(n, "SOCK_STREAM", SOCK_STREAM, ends);
    pid_t child = start_child();
    if (child == 0)
        _exit(narrate_recv(n, LEFT, ends[1], NULL) > 0 ? EXIT_DONE : EXIT_FAILED);
    reap_successful(child, "child");

    narrate_right(n, "SOCK_SEQPACKET keeps their boundaries");
    send_words(n, "SOCK_SEQPACKET", SOCK_SEQPACKET, ends);
    child = start_child();
    if (child == 0) {
        narrate(n, LEFT, "close(%d)   or no end of file", ends[0]);
        close(ends[0]);
        _exit(answer(n, ends[1]));
    }
    close(ends[1]); /* otherwise it would stay open when the child dies: no end of file for us */
    narrate_recv(n, RIGHT, ends[0], NULL);
    narrate(n, RIGHT, "close(%d)", ends[0]);
    close(ends[0]);
    reap_successful(child, "child");
    narrate_answer(n, "One socketpair() goes both ways, and SOCK_SEQPACKET keeps messages apart.");
    return EXIT_DONE;
}

/* A new pair; the words are sent before the fork, so luck has no part in what is received. */
static void send_words(struct narration *n, const char *name, int type, int ends[2])
{
    or_fail(socketpair(AF_UNIX, type, 0, ends), "socketpair", name);
    narrate(n, RIGHT, "socketpair(AF_UNIX, %s)\n= {%d, %d}", name, ends[0], ends[1]);
    for (int i = 0; i < WORDS; i++)
        or_fail(narrate_send(n, RIGHT, ends[0], words[i]), "send", NULL);
}

/* Receives a message for each word, answers, and then there is an end of file. */
static int answer(struct narration *n, int sock)
{
    int received = 0;
    while (received < WORDS && narrate_recv(n, LEFT, sock, NULL) > 0)
        received++;
    const bool answered = received == WORDS && narrate_send(n, LEFT, sock, "both came") != -1;
    return answered && narrate_recv(n, LEFT, sock, NULL) == 0 ? EXIT_DONE : EXIT_FAILED;
}
