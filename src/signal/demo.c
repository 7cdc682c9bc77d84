/*
 * ipc-signal demo: what a process can do about a signal, and how one is sent.
 *
 * The default action, to ignore it, a handler; SIGKILL, which nobody can refuse; to stop and to go
 * on; kill(), which carries a number, and sigqueue(), which carries a value besides.
 */
#include "signal.h"

#include "ipc/children.h"
#include "ipc/cleanup.h"
#include "ipc/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PAUSE = 30 };

/* For a handler there are few things that it may do: note what came is one (signal-safety(7)). */
static volatile sig_atomic_t handled, code, value;
static volatile pid_t sender;

static void note(int number, siginfo_t *signal, void *context)
{
    (void)context;
    handled = number;
    sender = signal->si_pid;
    code = signal->si_code;
    value = signal->si_value.sival_int;
}

enum disposition { DEFAULT, IGNORE, HANDLE };

/* The child's half: sets that disposition, says so, and waits to see what happens to it. */
static _Noreturn void await_signal(struct narration *n, int number, enum disposition disposition,
                                   int ready)
{
    char name[SIGNAL_NAME_SIZE];
    struct sigaction action = {.sa_handler = disposition == IGNORE ? SIG_IGN : SIG_DFL};
    if (disposition == HANDLE) {
        action.sa_sigaction = note;
        action.sa_flags = SA_SIGINFO;
    }
    signal_name(number, name);
    narrate(n, RIGHT, "sigaction(%s, %s)", name,
            disposition == HANDLE   ? "handler"
            : disposition == IGNORE ? "SIG_IGN"
                                    : "SIG_DFL");
    if (sigaction(number, &action, NULL) == -1)
        fail("sigaction", name);
    sigaction(SIGTTOU, &(struct sigaction){.sa_handler = SIG_IGN}, NULL); /* stty tostop */
    setpgid(0, 0); /* a process group of its own, else nobody may stop an orphaned one: exit(3p) */
    close(ready);
    const uint64_t began = now();
    while (handled == 0 && now() - began < 2 * PAUSE * MILLISECOND)
        nanosleep(&(struct timespec){.tv_nsec = PAUSE * MILLISECOND}, NULL); /* EINTR: a handler */
    if (handled == 0)
        narrate(n, RIGHT, "goes on as if nothing had come");
    else if (code == SI_QUEUE)
        narrate(n, RIGHT, "handler: %s from %ld, value %d", signal_name((int)handled, name),
                (long)sender, (int)value);
    else
        narrate(n, RIGHT, "handler: %s from %ld, no value", signal_name((int)handled, name),
                (long)sender);
    _exit(EXIT_DONE);
}

static pid_t start(struct narration *n, int number, enum disposition disposition)
{
    int ready[2];
    char nothing;
    if (pipe(ready) == -1)
        fail("pipe", NULL);
    const pid_t child = start_child();
    if (child == -1)
        fail("fork", NULL);
    if (child == 0) {
        close(ready[0]);
        await_signal(n, number, disposition, ready[1]);
    }
    close(ready[1]);
    read_full(ready[0], &nothing, 1); /* 0: it is ready, or has ended */
    close(ready[0]);
    return child;
}

static int tell_end(struct narration *n, pid_t child)
{
    char words[STATUS_WORDS_SIZE];
    const int status = reap_child(child);
    narrate(n, LEFT, "waitpid(%ld) =\n%s", (long)child, status_in_words(status, words));
    return status;
}

static void send(struct narration *n, pid_t child, int number)
{
    char name[SIGNAL_NAME_SIZE];
    narrate(n, LEFT, "kill(%ld, %s)", (long)child, signal_name(number, name));
    if (kill(child, number) == -1)
        fail("kill", name);
}

static void stop_and_continue(struct narration *n)
{
    char words[STATUS_WORDS_SIZE];
    int status;
    const pid_t child = start(n, SIGTSTP, DEFAULT);
    send(n, child, SIGTSTP);
    pid_t reaped;
    do /* the kernel wakes us when it stops, or when it ends */
        reaped = waitpid(child, &status, WUNTRACED);
    while (reaped == -1 && interrupted());
    narrate(n, LEFT, "waitpid(WUNTRACED) =\n%s", status_in_words(status, words));
    if (WIFSTOPPED(status)) {
        send(n, child, SIGCONT);
        tell_end(n, child);
    } else {
        forget_child(child);
    }
}

int signal_demo(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    struct narration *n = narration_open(STDOUT_FILENO, "parent", "child", pace);
    narrate_text(n, "to look from a second terminal: ps -o pid,stat,ignored,caught --ppid %ld",
                 (long)getpid());

    narrate_text(n, "-> the default action: most signals end the process");
    pid_t child = start(n, SIGUSR1, DEFAULT);
    send(n, child, SIGUSR1);
    tell_end(n, child);

    narrate_text(n, "-> ignored");
    child = start(n, SIGUSR1, IGNORE);
    send(n, child, SIGUSR1);
    tell_end(n, child);

    narrate_text(n, "-> handled: by a function of the process' own");
    child = start(n, SIGUSR1, HANDLE);
    send(n, child, SIGUSR1);
    tell_end(n, child);

    narrate_text(n, "-> SIGKILL: nobody can ignore or handle it");
    const int refused = sigaction(SIGKILL, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    narrate(n, LEFT, "sigaction(SIGKILL, SIG_IGN) =\n%d   %s", refused,
            refused == -1 ? strerror(errno) : "");
    child = start(n, SIGTERM, IGNORE);
    send(n, child, SIGKILL);
    tell_end(n, child);

    narrate_text(n, "-> SIGTSTP, what Ctrl-Z sends, stops it; SIGCONT lets it go on");
    stop_and_continue(n);

    narrate_text(n, "-> sigqueue() carries a value, too");
    child = start(n, SIGRTMIN, HANDLE);
    narrate(n, LEFT, "sigqueue(%ld, SIGRTMIN, 42)", (long)child);
    if (sigqueue(child, SIGRTMIN, (union sigval){.sival_int = 42}) == -1)
        fail("sigqueue", NULL);
    return tell_end(n, child) == 0 ? EXIT_DONE : EXIT_PEER;
}
