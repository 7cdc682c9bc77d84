/* SPDX-License-Identifier: MIT
 * ipc-signal selfpipe: how a program waits for a signal and for other things at once.
 *
 * Usage: ipc-signal selfpipe [--pace SECONDS | --step]
 *
 * A program that looks at a flag before it waits looks too early: it sleeps through a signal that
 * comes between the look and the wait. The flag stays, but poll() cannot see it; a byte in a pipe
 * to oneself it can. A handler may call write(): signal-safety(7).
 */
#include "signal.h"

#include "ipc/narration/lesson.h"

#include <fcntl.h>
#include <poll.h>

enum { SHOWN_MS = 300 };

static volatile sig_atomic_t flag, written;
static int self_pipe[2] = {-1, -1};

static bool wait_for_both(struct narration *n, struct pollfd watched[2]);
static void on_signal(int number);

int signal_selfpipe(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(
        role, argc, argv, "How does one wait for input and for a signal at the same time?",
        "one process", NULL);
    int input[2], ready;
    or_fail(pipe(input), "pipe", NULL);
    narrate(n, LEFT, "pipe() = {%d, %d}   the input: nothing comes", input[0], input[1]);
    narrate(n, LEFT, "sigaction(SIGUSR1, on_signal)");
    sigaction(SIGUSR1, &(struct sigaction){.sa_handler = on_signal}, NULL);
    narrate_mistake(n, "looking at a flag, then waiting");
    narrate(n, LEFT, "flag is %d: no signal came, so wait", (int)flag);
    narrate(n, LEFT, "raise(SIGUSR1)   staged: bad luck has it come here");
    raise(SIGUSR1);
    narrate(n, LEFT, "  in the handler: flag = 1");
    struct pollfd watched[2] = {{.fd = input[0], .events = POLLIN}};
    narrate_call(n, LEFT, "poll({%d POLLIN}, %d ms)", input[0], SHOWN_MS);
    while ((ready = poll(watched, 1, SHOWN_MS)) == -1 && interrupted())
        ;
    narrate_return(n, "without that limit for ever", "%d", ready);
    narrate(n, LEFT, "flag is %d: it stayed, but poll() sees descriptors alone", (int)flag);
    narrate_right(n, "the handler also writes a byte into a pipe that poll() watches");
    if (!wait_for_both(n, watched))
        fail_that(EXIT_FAILED, "the byte of the handler did not come");
    narrate_text(n, "a handler may call write(), but not printf(): ipc-signal unsafe tells more");
    narrate_answer(n, "By a pipe to oneself: poll() sees a byte in it, and cannot see a flag.");
    return EXIT_DONE;
}

static bool wait_for_both(struct narration *n, struct pollfd watched[2])
{
    or_fail(pipe(self_pipe), "pipe", NULL);
    narrate(n, LEFT, "pipe() = {%d, %d}   to oneself", self_pipe[0], self_pipe[1]);
    for (int end = 0; end < 2; end++) {
        narrate(n, LEFT, "fcntl(%d, F_SETFL, O_NONBLOCK)%s", self_pipe[end],
                end == 1 ? "   so a full pipe stops no handler" : "");
        or_fail(fcntl(self_pipe[end], F_SETFL, O_NONBLOCK), "fcntl", "pipe");
    }
    narrate(n, LEFT, "raise(SIGUSR1)   staged again");
    raise(SIGUSR1);
    narrate(n, LEFT, "  in the handler: flag = 1, write(%d, 1 byte) = %d", self_pipe[1],
            (int)written);
    watched[1] = (struct pollfd){.fd = self_pipe[0], .events = POLLIN};
    int ready;
    narrate_call(n, LEFT, "poll({%d POLLIN, %d POLLIN}, %d ms)", watched[0].fd, watched[1].fd,
                 SHOWN_MS);
    while ((ready = poll(watched, 2, SHOWN_MS)) == -1 && interrupted())
        ;
    narrate_return(n, NULL, "%d", ready);
    char byte = 0, name[SIGNAL_NAME_SIZE];
    const ssize_t got = read(self_pipe[0], &byte, 1);
    narrate(n, LEFT, "read(%d) = %zd  %s: no handler any more, printf() is safe here", self_pipe[0],
            got, signal_name(byte, name));
    return ready == 1 && got == 1 && byte == SIGUSR1;
}

static void on_signal(int number)
{
    const int saved = errno; /* write() may change it under the program's feet */
    const char byte = (char)number;
    flag = 1;
    if (self_pipe[1] != -1)
        written = (int)write(self_pipe[1], &byte, 1); /* -1, full: there is something to read */
    errno = saved;
}
