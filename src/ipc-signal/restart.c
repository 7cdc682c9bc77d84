/*
 * ipc-signal restart: a read that waits, and a signal. Does read() fail, or go on?
 *
 * Usage: ipc-signal restart [--pace SECONDS]
 *
 * SA_RESTART lets the kernel begin the call again after the handler; without it read() is -1,
 * EINTR, and a program that takes that for an error loses its input. Some calls never restart:
 * signal(7).
 */
#include "signal.h"

#include "ipc/narration/lesson.h"

#include <poll.h>

enum { PAUSE_MS = 50, LOOKS_MOST = 500 };

static volatile sig_atomic_t handled;

static int receive(struct narration *n, int flags, bool with_poll);
static void note(int number);
static void await_sleep(pid_t process);

int signal_restart(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(
        role, argc, argv, "A signal comes while read() waits. What does read() return?",
        "reader (parent)", "sender (child)");
    narrate_text(n, "-> the mistake: flags 0, and to take -1 for a broken pipe");
    const int without = receive(n, 0, false);
    narrate_text(n, "-> right: SA_RESTART; or, with EINTR, to make the call again");
    const int with = receive(n, SA_RESTART, false);
    narrate_text(n, "-> but not everywhere: poll() does not restart, whatever the flags");
    const int polls = receive(n, SA_RESTART, true);
    if (without == 0 || with != 0)
        fail_that(EXIT_FAILED, "read() was interrupted %d times without, %d with SA_RESTART",
                  without, with);
    narrate_text(n, "EINTR %d time without SA_RESTART, %d with it; of poll() %d even so.", without,
                 with, polls);
    return EXIT_DONE;
}

/*
 * A child sends a signal to the waiting reader, and a while later what that waits for. Returns how
 * often the call was interrupted until the data was there.
 */
static int receive(struct narration *n, int flags, bool with_poll)
{
    int ends[2], failures = 0;
    char bytes[16];
    const char *call = with_poll ? "poll" : "read";
    const struct sigaction action = {.sa_handler = note, .sa_flags = flags};
    if (sigaction(SIGUSR1, &action, NULL) == -1 || pipe(ends) == -1)
        fail("sigaction", "SIGUSR1");
    handled = 0;
    narrate(n, LEFT, "sigaction(SIGUSR1, %s)", flags == 0 ? "flags 0" : "SA_RESTART");
    const pid_t reader = getpid(), sender = start_child();
    if (sender == 0) {
        close(ends[0]);
        sleep_for(PAUSE_MS * MILLISECOND);
        await_sleep(reader);
        narrate(n, RIGHT, "kill(%ld, SIGUSR1)", (long)reader);
        kill(reader, SIGUSR1);
        sleep_for(PAUSE_MS * MILLISECOND);
        await_sleep(reader);
        narrate(n, RIGHT, "write(%d, \"data\")", ends[1]);
        _exit(write_full(ends[1], "data", 4) ? EXIT_DONE : EXIT_FAILED);
    }
    close(ends[1]);
    for (ssize_t got = -1; got == -1;) {
        const uint64_t began = now();
        struct pollfd watched = {.fd = ends[0], .events = POLLIN};
        got = with_poll ? poll(&watched, 1, -1) : read(ends[0], bytes, sizeof bytes);
        if (got == -1 && errno != EINTR)
            fail(call, NULL);
        failures += got == -1;
        narrate_waited(n, LEFT, began, got == -1 ? "then a signal" : "no data yet", "%s() = %zd%s",
                       call, got, got == -1 ? "  EINTR" : "");
    }
    narrate(n, LEFT, "  handler calls: %d", (int)handled);
    close(ends[0]);
    reap_successful(sender, "sender");
    return failures;
}

static void note(int number)
{
    (void)number;
    handled = handled + 1;
}

/* Waits until that process sleeps, as far as the system tells: a busy machine may be slow. */
static void await_sleep(pid_t process)
{
    for (int looks = 0, asleep = 0; looks < LOOKS_MOST && asleep < 2; looks++) {
        const char state = state_of(process);
        asleep = state == 'S' || state == '?' ? asleep + 1 : 0;
        sleep_for(MILLISECOND);
    }
}
