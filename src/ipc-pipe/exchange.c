/*
 * Two processes send each other more than a pipe holds: why a co-process needs poll.
 *
 * Whoever sends all before it receives hangs as soon as both pipes are full. With poll, each does
 * what can be done.
 */
#include "pipe.h"

#include "ipc/narration/lesson.h"

#include "ipc/common/children.h"
#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

enum { SHOWN_MS = 200 }; /* how long a wait is looked at that would never end */

static char block[4096];

/* One write of what is left; how much that was, 0 where there was no room. */
static size_t send_some(int to, size_t left)
{
    const ssize_t written = write_some(to, block, left < sizeof block ? left : sizeof block);
    if (written == -1 && errno != EAGAIN)
        fail("write", "pipe");
    return written > 0 ? (size_t)written : 0;
}

/* The mistake. In place of the write that would hang there is a look with poll. */
static void send_before_receiving(struct narration *n, enum column column, int to, size_t much)
{
    size_t sent = 0;
    uint64_t began = now();
    while (sent < much && wait_ready(to, POLLOUT, SHOWN_MS)) {
        sent += send_some(to, much - sent);
        began = now();
    }
    narrate_waited(n, column, began, "full", "write(%d) would hang: %zu sent", to, sent);
}

/* False if the other one ended before all had come back. */
static bool send_and_receive(struct narration *n, enum column column, int to, int from, size_t much)
{
    size_t sent = 0, received = 0;
    for (ssize_t got = 1; got > 0 || sent < much;) {
        struct pollfd watched[] = {{.fd = sent < much ? to : -1, .events = POLLOUT},
                                   {.fd = got > 0 ? from : -1, .events = POLLIN}};
        int ready;
        do
            ready = poll(watched, 2, -1);
        while (ready == -1 && interrupted());
        if (ready == -1)
            fail("poll", NULL);
        if ((watched[0].revents & POLLERR) != 0)
            return false;
        if (watched[0].revents != 0)
            sent += send_some(to, much - sent);
        if (watched[0].revents != 0 && sent == much)
            close(to); /* the other one's end of file */
        if (watched[1].revents != 0)
            got = read_some(from, block, sizeof block);
        if (got == -1)
            fail("read", "pipe");
        received += watched[1].revents != 0 ? (size_t)got : 0;
    }
    narrate(n, column, "sent %zu, received %zu bytes", sent, received);
    return received == much;
}

static void make_pipe(struct narration *n, int ends[2])
{
    if (pipe(ends) == -1)
        fail("pipe", NULL);
    narrate(n, LEFT, "pipe() = {%d read, %d write}", ends[READ_END], ends[WRITE_END]);
    if (fcntl(ends[WRITE_END], F_SETFL, O_NONBLOCK) == -1)
        fail("fcntl", "pipe");
}

/*
 * Those who only write leave all ends open until both have looked: who closed a read end while the
 * other still writes would have it fail with EPIPE, in place of a full pipe.
 */
void exchange(struct narration *n, size_t much, bool polls)
{
    int there[2], back[2];
    make_pipe(n, there);
    make_pipe(n, back);
    const pid_t child = narrate_fork(n, LEFT);
    const bool is_parent = child != 0;
    const enum column column = is_parent ? LEFT : RIGHT;
    const int *out = is_parent ? there : back, *in = is_parent ? back : there;
    bool whole = true;
    if (polls) {
        close(out[READ_END]);
        close(in[WRITE_END]);
        whole = send_and_receive(n, column, out[WRITE_END], in[READ_END], much);
    } else {
        send_before_receiving(n, column, out[WRITE_END], much);
    }
    if (!is_parent)
        _exit(whole ? EXIT_DONE : EXIT_PEER);
    close(in[READ_END]);
    reap_successful(child, "child");
    if (!whole)
        fail_that(EXIT_FAILED, "not everything came back");
    if (!polls) {
        close(out[READ_END]);
        close(out[WRITE_END]);
        close(in[WRITE_END]);
    }
}
