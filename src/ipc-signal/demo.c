/* SPDX-License-Identifier: MIT
 * ipc-signal demo: what a process can do about a signal, and how one is sent.
 *
 * Usage: ipc-signal demo [--pace SECONDS | --step]
 *
 * The default action, to ignore it, a handler; to stop, and to go on where it was; kill(), which
 * carries a number, and sigqueue(), a value besides; SIGKILL, which nobody can refuse.
 */
#include "signal.h"

#include "ipc/narration/lesson.h"

#include <sys/wait.h>

static struct gate ready, sent; /* the child awaits a signal; it was sent */
static volatile sig_atomic_t handled, code, value;
static volatile pid_t sender;

static _Noreturn void live(struct narration *n);
static void await_signal(struct narration *n, int number, const char *disposition);
static void note(int number, siginfo_t *signal, void *context);
static void send_signal(struct narration *n, pid_t child, int number);
static void stop_and_continue(struct narration *n, pid_t child);

int signal_demo(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(role, argc, argv, NULL, "parent", "child");
    narrate_text(n, "with --step, from a second terminal: ps -o pid,stat,ignored,caught --ppid %ld",
                 (long)getpid());
    ready = new_gate();
    sent = new_gate();
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0)
        live(n);
    send_signal(n, child, SIGUSR1);
    send_signal(n, child, SIGUSR1);
    stop_and_continue(n, child);
    send_signal(n, child, SIGRTMIN);
    send_signal(n, child, SIGUSR1);
    const int status = narrate_wait(n, LEFT, child);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGUSR1)
        end_as_child(child, "child", status);
    return EXIT_DONE;
}

/* What the child does about the signals that come, one after the other. */
static void live(struct narration *n)
{
    narrate_text(n, "-> ignored");
    await_signal(n, SIGUSR1, "SIG_IGN");
    narrate_text(n, "-> handled: by a function of the process's own, here note()");
    await_signal(n, SIGUSR1, "note, SA_SIGINFO");

    narrate_text(n, "-> SIGTSTP, what Ctrl-Z sends, stops it; SIGCONT lets it go on, where it was");
    narrate(n, RIGHT, "setpgid(0, 0)   a group of its own");
    or_fail(setpgid(0, 0), "setpgid", NULL); /* nobody may stop an orphaned one: exit(3p) */
    narrate(n, RIGHT, "sigaction(SIGTTOU, SIG_IGN)   may print"); /* also after stty tostop */
    sigaction(SIGTTOU, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    open_gate(&ready, 1);
    narrate_call(n, RIGHT, "read(%d)", sent.read_end);
    const bool got = pass_gate(&sent);
    narrate_return(n, NULL, "%d  it went on in here", got);

    narrate_text(n, "-> sigqueue() carries a value, too");
    await_signal(n, SIGRTMIN, "note, SA_SIGINFO");
    narrate_text(n, "-> SIGKILL: nobody can ignore or handle it");
    const int refused = sigaction(SIGKILL, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    narrate(n, RIGHT, "sigaction(SIGKILL, SIG_IGN) = %d%s", refused,
            errno == EINVAL ? " EINVAL" : "");
    narrate_text(n, "-> the default action: most signals end the process");
    await_signal(n, SIGUSR1, "SIG_DFL");
    _exit(EXIT_DONE);
}

/* Sets what is to happen, and says what did when a signal was sent. */
static void await_signal(struct narration *n, int number, const char *disposition)
{
    char name[SIGNAL_NAME_SIZE];
    struct sigaction action = {.sa_handler =
                                   strcmp(disposition, "SIG_IGN") == 0 ? SIG_IGN : SIG_DFL};
    if (*disposition == 'n')
        action = (struct sigaction){.sa_sigaction = note, .sa_flags = SA_SIGINFO};
    handled = 0;
    narrate(n, RIGHT, "sigaction(%s, %s)", signal_name(number, name), disposition);
    or_fail(sigaction(number, &action, NULL), "sigaction", name);
    open_gate(&ready, 1);
    if (!pass_gate(&sent)) /* by then the signal has come, or it never will */
        _exit(EXIT_PEER);
    signal_name((int)handled, name);
    if (handled == 0)
        narrate(n, RIGHT, "goes on as if nothing had come");
    else
        narrate(n, RIGHT,
                code == SI_QUEUE ? "note(%s): from %ld, value %d" : "note(%s): from %ld, no value",
                name, (long)sender, (int)value);
}

/* A handler may do little; to note what came is part of that: signal-safety(7). */
static void note(int number, siginfo_t *signal, void *context)
{
    (void)context;
    handled = number;
    sender = signal->si_pid;
    code = signal->si_code;
    value = signal->si_value.sival_int;
}

static void send_signal(struct narration *n, pid_t child, int number)
{
    char name[SIGNAL_NAME_SIZE];
    const bool queued = number == SIGRTMIN;
    if (!pass_gate(&ready))
        reap_successful(child, "child");
    narrate(n, LEFT, "%s(%ld, %s%s)", queued ? "sigqueue" : "kill", (long)child,
            signal_name(number, name), queued ? ", 42" : "");
    or_fail(queued ? sigqueue(child, number, (union sigval){.sival_int = 42}) : kill(child, number),
            queued ? "sigqueue" : "kill", name);
    open_gate(&sent, 1);
}

/* The child sleeps in read(). */
static void stop_and_continue(struct narration *n, pid_t child)
{
    char words[STATUS_WORDS_SIZE];
    int status = 0;
    pass_gate(&ready);
    await_sleep(n, child);
    narrate(n, LEFT, "kill(%ld, SIGTSTP)", (long)child);
    or_fail(kill(child, SIGTSTP), "kill", "SIGTSTP");
    narrate_call(n, LEFT, "waitpid(-1, WUNTRACED)");
    while (waitpid(-1, &status, WUNTRACED) == -1 && interrupted())
        ; /* the kernel wakes us when it stops, or when it ends */
    narrate_return(n, "it ran", "%s", status_in_words(status, words));
    if (!WIFSTOPPED(status) && forget_child(child))
        end_as_child(child, "child", status);
    narrate(n, LEFT, "kill(%ld, SIGCONT)", (long)child);
    or_fail(kill(child, SIGCONT), "kill", "SIGCONT");
    narrate(n, LEFT, "write(%d, 1 byte)", sent.write_end);
    open_gate(&sent, 1);
}
