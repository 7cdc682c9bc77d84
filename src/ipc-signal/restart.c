/* SPDX-License-Identifier: MIT
 * ipc-signal restart: a read that waits, and a signal. Does read() fail, or go on?
 *
 * Usage: ipc-signal restart [--pace SECONDS | --step]
 *
 * SA_RESTART lets the kernel begin the call again after the handler; without it read() is -1,
 * EINTR; a program that takes that for an error loses input. Some calls never restart: signal(7).
 */
#include "signal.h"

#include "ipc/narration/lesson.h"

#include <poll.h>

enum { PAUSE_MS = 50 };

static volatile sig_atomic_t handled;

static int receive(struct narration *n, int flags, bool with_poll);
static void note(int number);

int signal_restart(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(
        role, argc, argv, "A signal comes while read() waits. What does read() return?",
        "reader (parent)", "sender (child)");
    narrate_mistake(n, "flags 0, and taking -1 for a broken pipe");
    const int without = receive(n, 0, false);
    narrate_right(n, "SA_RESTART; or, with EINTR, making the call again, as above");
    const int with = receive(n, SA_RESTART, false);
    narrate_text(n, "-> but not everywhere: poll() does not restart, whatever the flags");
    if (without != 1 || with != 0 || receive(n, SA_RESTART, true) != 1)
        fail_that(EXIT_FAILED, "EINTR %d times without SA_RESTART, %d with it", without, with);
    narrate_answer(n, "read(): EINTR without SA_RESTART, not with it. poll(): EINTR even with it.");
    return EXIT_DONE;
}

/* A child sends a signal, and a while later data. Returns how often the call was interrupted. */
static int receive(struct narration *n, int flags, bool with_poll)
{
    int ends[2], failures = 0;
    char bytes[16];
    const struct sigaction action = {.sa_handler = note, .sa_flags = flags};
    narrate(n, LEFT, "sigaction(SIGUSR1, %s)", flags == 0 ? "flags 0" : "SA_RESTART");
    or_fail(sigaction(SIGUSR1, &action, NULL), "sigaction", "SIGUSR1");
    or_fail(pipe(ends), "pipe", NULL);
    handled = 0;
    const pid_t reader = getpid(), sender = start_child();
    if (sender == 0) {
        close(ends[0]);
        await_sleep(n, reader);
        narration_pause(n, PAUSE_MS * MILLISECOND);
        narrate(n, RIGHT, "kill(%ld, SIGUSR1)", (long)reader);
        kill(reader, SIGUSR1);
        narration_pause(n, PAUSE_MS * MILLISECOND);
        await_sleep(n, reader); /* before a byte, or the end of file, is there: else no EINTR */
        if (with_poll)
            _exit(EXIT_DONE);
        narrate(n, RIGHT, "write(%d, \"data\")", ends[1]);
        _exit(write_full(ends[1], "data", 4) ? EXIT_DONE : EXIT_FAILED);
    }
    close(ends[1]);
    ssize_t got;
    do {
        struct pollfd watched = {.fd = ends[0], .events = POLLIN};
        narrate_call(n, LEFT, with_poll ? "poll({%d POLLIN}, -1)" : "read(%d)", ends[0]);
        got = with_poll ? poll(&watched, 1, -1) : read(ends[0], bytes, sizeof bytes);
        if (got == -1 && errno != EINTR)
            fail(with_poll ? "poll" : "read", NULL);
        failures += got == -1;
        narrate_return(n, handled > failures ? NULL : "empty", got == -1 ? "-1 EINTR" : "%zd%s",
                       got, handled > failures ? ", note() ran" : "");
    } while (got == -1 && !with_poll);
    close(ends[0]);
    reap_successful(sender, "sender");
    return failures;
}

static void note(int number)
{
    (void)number;
    handled = handled + 1;
}
