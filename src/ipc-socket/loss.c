/* SPDX-License-Identifier: MIT
 * ipc-socket loss: a datagram that was sent need not arrive, not even on the same machine.
 *
 * Usage: ipc-socket loss [--pace SECONDS | --step]
 *
 * Nobody empties a small buffer while a thousand datagrams are sent: those that do not fit are
 * thrown away, and no call says so. Then each is acknowledged, or sent again, but not for ever.
 */
#include "socket.h"

#include "ipc/narration/lesson.h"

enum { UNHEARD = 1000, HEARD = 100, SENT_AGAIN_MOST = 20, BUFFER_SIZE = 16384 };
enum { LATEST_MS = 50, PATIENCE_MS = 100 };

struct datagram { /* or its acknowledgement; number 0 is the end */
    int number;
    char padding[60];
};

static int overrun(struct narration *n, int sender, int receiver);
static bool send_heard(struct narration *n, int sock);
static _Noreturn void acknowledge(struct narration *n, int sock);

int socket_loss(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(
        role, argc, argv, "UDP on one machine, and every send() succeeds: is everything received?",
        "sender", "receiver");
    int ends[2];
    connected_sockets(SOCK_DGRAM, ends);
    narrate_mistake(n, "believing that what send() took will be received");
    const int received = overrun(n, ends[0], ends[1]);
    narrate_right(n, "acknowledge each; no answer: send again (#1001 is ignored, as if lost)");
    const pid_t child = start_child();
    if (child == 0)
        acknowledge(n, ends[1]);
    close(ends[1]); /* otherwise nothing would be refused when the child has died */
    const bool heard = send_heard(n, ends[0]);
    reap_successful(child, "receiver");
    if (!heard)
        fail_that(EXIT_FAILED, "no acknowledgement came in time");
    narrate_answer(n, "%d were, %d had no room. Acknowledged, %d of %d; a stream does that itself.",
                   received, UNHEARD - received, HEARD, HEARD);
    return EXIT_DONE;
}

static int send_number(int sock, int number)
{
    const struct datagram datagram = {.number = number};
    return (int)send(sock, &datagram, sizeof datagram, 0);
}

/* What came, or -1 and errno. */
static int receive_number(int sock, int flags)
{
    struct datagram datagram;
    return receive_some(sock, &datagram, sizeof datagram, flags) == -1 ? -1 : datagram.number;
}

/* How many of the datagrams were received, after all had been sent. */
static int overrun(struct narration *n, int sender, int receiver)
{
    const int size = BUFFER_SIZE;
    narrate(n, RIGHT, "setsockopt(%d, SO_RCVBUF, %d)", receiver, size);
    or_fail(setsockopt(receiver, SOL_SOCKET, SO_RCVBUF, &size, sizeof size), "setsockopt", NULL);
    narrate(n, LEFT, "send(%d, %zu bytes), %d times", sender, sizeof(struct datagram), UNHEARD);
    for (int number = 1; number <= UNHEARD; number++)
        or_fail(send_number(sender, number), "send", NULL);
    int received = 0;
    while (wait_ready(receiver, POLLIN, LATEST_MS))
        received += or_fail(receive_number(receiver, MSG_DONTWAIT), "recv", NULL) > 0;
    if (receive_number(receiver, MSG_DONTWAIT) != -1 || errno != EAGAIN)
        fail("recv", NULL);
    narrate(n, RIGHT, "recv(%d, MSG_DONTWAIT), %d times", receiver, received);
    narrate(n, RIGHT, "recv(%d, MSG_DONTWAIT) = -1  EAGAIN", receiver);
    return received;
}

/* Each number until it is acknowledged. False if that takes too long, or nobody is there. */
static bool send_heard(struct narration *n, int sock)
{
    narrate(n, LEFT, "setsockopt(%d, SO_RCVTIMEO)", sock);
    set_timeout(sock, SO_RCVTIMEO, PATIENCE_MS);
    int heard = 0, again = 0, more = 0;
    while (heard < HEARD && again < SENT_AGAIN_MOST) {
        struct narration *told = heard == 0 ? n : NULL;
        const int number = UNHEARD + 1 + heard;
        int answer = 0;
        more += told == NULL;
        narrate(told, LEFT, "send(%d, #%d)", sock, number);
        if (send_number(sock, number) == -1)
            return false;
        narrate_call(told, LEFT, "recv(%d)", sock);
        while (answer != -1 && answer != number) /* one that was sent twice is answered twice */
            answer = receive_number(sock, 0);
        if (answer == -1)
            narrate_return(told, NULL, "-1  %s", error_name(errno));
        else
            narrate_return(told, NULL, "%zu  #%d", sizeof(struct datagram), answer);
        if (answer == -1 && errno != EAGAIN)
            return false;
        heard += answer == number;
        again += answer == -1;
    }
    narrate(n, LEFT, "send(%d), recv(%d), %d times each", sock, sock, more);
    return send_number(sock, 0) != -1 && heard == HEARD;
}

/* Answers each number with itself, but the first one only when it comes again. */
static _Noreturn void acknowledge(struct narration *n, int sock)
{
    const uint64_t limit = narration_time(n) + 2 * SECOND;
    int number = 1, turn = 0;
    for (; number != 0; turn++) {
        struct narration *told = turn < 2 ? n : NULL;
        narrate_call(told, RIGHT, "recv(%d)", sock);
        while (!wait_ready(sock, POLLIN, PATIENCE_MS))
            if (narration_time(n) >= limit)
                fail_that(EXIT_FAILED, "no datagram came in time");
        number = or_fail(receive_number(sock, 0), "recv", NULL);
        narrate_return(told, NULL, "%zu  #%d%s", sizeof(struct datagram), number,
                       turn == 0 ? ": ignored" : "");
        if (turn == 0 || number == 0)
            continue;
        narrate(told, RIGHT, "send(%d, #%d)", sock, number);
        or_fail(send_number(sock, number), "send", NULL);
    }
    narrate(n, RIGHT, "recv(%d), send(%d), %d times each", sock, sock, turn - 3);
    _exit(EXIT_DONE);
}
