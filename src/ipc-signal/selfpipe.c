/*
 * ipc-signal selfpipe: how a program waits for a signal and for other things at once.
 *
 * Usage: ipc-signal selfpipe [--pace SECONDS]
 *
 * A handler may do little: write() is among it, printf() and malloc() are not (signal-safety(7)). A
 * program that looks at a flag before it waits looks too early: it sleeps through a signal that
 * comes between the look and the wait. A byte in a pipe to oneself stays until poll() sees it.
 */
#include "signal.h"

#include "ipc/narration/lesson.h"

#include <fcntl.h>
#include <poll.h>

enum { SHOWN_MS = 300 };

static volatile sig_atomic_t flag;
static int self_pipe[2] = {-1, -1};

static bool wait_for_both(struct narration *n, int input);
static void on_signal(int number);

int signal_selfpipe(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(
        role, argc, argv, "How does one wait for input and for a signal at the same time?",
        "one process", NULL);
    int input[2];
    if (pipe(input) == -1) /* an input on which nothing comes */
        fail("pipe", NULL);
    if (sigaction(SIGUSR1, &(struct sigaction){.sa_handler = on_signal}, NULL) == -1)
        fail("sigaction", "SIGUSR1");
    narrate_text(n, "-> the mistake: look at a flag, then wait");
    narrate(n, LEFT, "flag == %d: nothing came, so wait", (int)flag);
    narrate(n, LEFT, "SIGUSR1 comes now   handler: flag = 1");
    raise(SIGUSR1); /* stands for bad luck: the wait begins with the signal already handled */
    struct pollfd watched = {.fd = input[0], .events = POLLIN};
    const uint64_t began = now();
    int ready;
    do
        ready = poll(&watched, 1, SHOWN_MS);
    while (ready == -1 && interrupted());
    narrate_waited(n, LEFT, began, "and would sleep on, with flag == 1", "poll(input) = %d", ready);
    narrate_text(n, "-> right: the handler writes a byte into a pipe that poll() watches, too");
    if (!wait_for_both(n, input[0]))
        fail_that(EXIT_FAILED, "the byte of the handler did not come");
    narrate_text(n,
                 "With a pipe to oneself: the byte stays until poll() sees it, a flag does not.");
    return EXIT_DONE;
}

static bool wait_for_both(struct narration *n, int input)
{
    or_fail(pipe(self_pipe), "pipe", NULL);
    for (int end = 0; end < 2; end++)
        or_fail(fcntl(self_pipe[end], F_SETFL, O_NONBLOCK), "fcntl", "pipe");
    narrate(n, LEFT, "pipe() = {%d, %d}, both O_NONBLOCK", self_pipe[0], self_pipe[1]);
    narrate(n, LEFT, "SIGUSR1 comes now   handler: write(%d)", self_pipe[1]);
    raise(SIGUSR1);
    struct pollfd watched[] = {{.fd = input, .events = POLLIN},
                               {.fd = self_pipe[0], .events = POLLIN}};
    const uint64_t began = now();
    int ready;
    do
        ready = poll(watched, 2, SHOWN_MS);
    while (ready == -1 && interrupted());
    narrate_waited(n, LEFT, began, "", "poll(input, %d) = %d   at once", self_pipe[0], ready);
    unsigned char byte = 0;
    const ssize_t got = read(self_pipe[0], &byte, 1);
    char name[SIGNAL_NAME_SIZE];
    narrate(n, LEFT, "read(%d) = %zd  %s   printf() is safe here", self_pipe[0], got,
            signal_name(byte, name));
    return ready == 1 && got == 1 && byte == SIGUSR1;
}

static void on_signal(int number)
{
    const int saved = errno; /* write() may change it under the program's feet */
    flag = 1;
    const unsigned char byte = (unsigned char)number;
    if (self_pipe[1] != -1 && write(self_pipe[1], &byte, 1) == -1) {
        /* full: then there is something to read anyway */
    }
    errno = saved;
}
