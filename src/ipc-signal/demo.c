/*
 * ipc-signal demo: what a process can do about a signal, and how one is sent.
 *
 * The default action, to ignore it, a handler; SIGKILL, which nobody can refuse; to stop and to go
 * on; kill(), which carries a number, and sigqueue(), which carries a value besides.
 */
#include "signal.h"

#include "ipc/common/children.h"
#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

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

/*
 * The child's half: sets that disposition, says so, and waits to see what happens to it. The parent
 * closes the gate after it has sent the signal: so by then that has come, or it never will.
 */
static _Noreturn void await_signal(struct narration *n, int number, enum disposition disposition,
                                   int gate)
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
    shutdown(gate, SHUT_WR); /* ready */
    char nothing;
    while (handled == 0 && read(gate, &nothing, 1) == -1 && interrupted())
        ; /* EINTR: a handler was called, or we were stopped and continued */
    char with[32] = "no value";
    if (code == SI_QUEUE)
        snprintf(with, sizeof with, "value %d", (int)value);
    if (handled == 0)
        narrate(n, RIGHT, "goes on as if nothing had come");
    else
        narrate(n, RIGHT, "handler: %s from %ld, %s", signal_name((int)handled, name), (long)sender,
                with);
    _exit(EXIT_DONE);
}

struct subject {
    pid_t pid;
    int gate;
};

static struct subject start(struct narration *n, int number, enum disposition disposition)
{
    int gate[2];
    char nothing;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, gate) == -1)
        fail("socketpair", NULL);
    const pid_t child = start_child();
    if (child == -1)
        fail("fork", NULL);
    if (child == 0) {
        close(gate[0]);
        await_signal(n, number, disposition, gate[1]);
    }
    close(gate[1]);
    read_full(gate[0], &nothing, 1); /* 0: it is ready, or has ended */
    return (struct subject){.pid = child, .gate = gate[0]};
}

static int tell_end(struct narration *n, struct subject child)
{
    char words[STATUS_WORDS_SIZE];
    close(child.gate);
    const uint64_t began = now();
    const int status = reap_child(child.pid);
    narrate_waited(n, LEFT, began, "it still ran", "waitpid(%ld) =\n%s", (long)child.pid,
                   status_in_words(status, words));
    return status;
}

static void send_signal(struct narration *n, struct subject child, int number)
{
    char name[SIGNAL_NAME_SIZE];
    narrate(n, LEFT, "kill(%ld, %s)", (long)child.pid, signal_name(number, name));
    if (kill(child.pid, number) == -1)
        fail("kill", name);
}

static void send_and_tell(struct narration *n, struct subject child, int number)
{
    send_signal(n, child, number);
    tell_end(n, child);
}

static void stop_and_continue(struct narration *n)
{
    char words[STATUS_WORDS_SIZE];
    int status;
    const struct subject child = start(n, SIGTSTP, DEFAULT);
    send_signal(n, child, SIGTSTP);
    pid_t reaped;
    const uint64_t began = now();
    do /* the kernel wakes us when it stops, or when it ends */
        reaped = waitpid(child.pid, &status, WUNTRACED);
    while (reaped == -1 && interrupted());
    if (reaped == -1)
        fail("waitpid", NULL);
    narrate_waited(n, LEFT, began, "it still ran", "waitpid(WUNTRACED) =\n%s",
                   status_in_words(status, words));
    if (WIFSTOPPED(status)) {
        send_and_tell(n, child, SIGCONT);
    } else {
        forget_child(child.pid);
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
    send_and_tell(n, start(n, SIGUSR1, DEFAULT), SIGUSR1);

    narrate_text(n, "-> ignored");
    send_and_tell(n, start(n, SIGUSR1, IGNORE), SIGUSR1);

    narrate_text(n, "-> handled: by a function of the process' own");
    send_and_tell(n, start(n, SIGUSR1, HANDLE), SIGUSR1);

    narrate_text(n, "-> SIGKILL: nobody can ignore or handle it");
    const int refused = sigaction(SIGKILL, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    narrate(n, LEFT, "sigaction(SIGKILL, SIG_IGN) =\n%d   %s", refused,
            refused == -1 ? strerror(errno) : "");
    send_and_tell(n, start(n, SIGTERM, IGNORE), SIGKILL);

    narrate_text(n, "-> SIGTSTP, what Ctrl-Z sends, stops it; SIGCONT lets it go on");
    stop_and_continue(n);

    narrate_text(n, "-> sigqueue() carries a value, too");
    const struct subject child = start(n, SIGRTMIN, HANDLE);
    narrate(n, LEFT, "sigqueue(%ld, SIGRTMIN, 42)", (long)child.pid);
    if (sigqueue(child.pid, SIGRTMIN, (union sigval){.sival_int = 42}) == -1)
        fail("sigqueue", NULL);
    return tell_end(n, child) == 0 ? EXIT_DONE : EXIT_PEER;
}
