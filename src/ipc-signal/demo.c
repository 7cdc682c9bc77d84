/*
 * ipc-signal demo: what a process can do about a signal, and how one is sent.
 *
 * Usage: ipc-signal demo [--pace SECONDS]
 *
 * The default action, to ignore it, a handler; SIGKILL, which nobody can refuse; to stop and to go
 * on; kill(), which carries a number, and sigqueue(), which carries a value besides.
 */
#include "signal.h"

#include "ipc/narration/lesson.h"

#include <sys/wait.h>

enum disposition { DEFAULT, IGNORE, HANDLE };

struct child {
    pid_t pid;
    struct gate sent; /* opened after the signal was sent */
};

static volatile sig_atomic_t handled, code, value;
static volatile pid_t sender;

static struct child start(struct narration *n, int number, enum disposition disposition);
static void note(int number, siginfo_t *signal, void *context);
static void send_signal(struct narration *n, struct child child, int number);
static void send_and_reap(struct narration *n, struct child child, int number);
static void reap(struct narration *n, struct child child, int number);

int signal_demo(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(role, argc, argv, NULL, "parent", "child");
    narrate_text(n, "to look from a second terminal: ps -o pid,stat,ignored,caught --ppid %ld",
                 (long)getpid());
    narrate_text(n, "-> the default action: most signals end the process");
    send_and_reap(n, start(n, SIGUSR1, DEFAULT), SIGUSR1);
    narrate_text(n, "-> ignored");
    send_and_reap(n, start(n, SIGUSR1, IGNORE), SIGUSR1);
    narrate_text(n, "-> handled: by a function of the process' own");
    send_and_reap(n, start(n, SIGUSR1, HANDLE), SIGUSR1);
    narrate_text(n, "-> SIGKILL: nobody can ignore or handle it");
    const int refused = sigaction(SIGKILL, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    narrate(n, LEFT, "sigaction(SIGKILL, SIG_IGN) =\n%d   %s", refused,
            refused == -1 ? strerror(errno) : "");
    send_and_reap(n, start(n, SIGTERM, IGNORE), SIGKILL);

    narrate_text(n, "-> SIGTSTP, what Ctrl-Z sends, stops it; SIGCONT lets it go on");
    struct child child = start(n, SIGTSTP, DEFAULT);
    send_signal(n, child, SIGTSTP);
    char words[STATUS_WORDS_SIZE];
    int status;
    pid_t changed;
    const uint64_t began = now();
    do /* the kernel wakes us when it stops, or when it ends */
        changed = waitpid(child.pid, &status, WUNTRACED);
    while (changed == -1 && interrupted());
    if (changed == -1)
        fail("waitpid", NULL);
    narrate_waited(n, LEFT, began, "it still ran", "waitpid(WUNTRACED) =\n%s",
                   status_in_words(status, words));
    if (!WIFSTOPPED(status) && forget_child(child.pid))
        end_as_child(child.pid, "child", status);
    send_and_reap(n, child, SIGCONT);

    narrate_text(n, "-> sigqueue() carries a value, too");
    child = start(n, SIGRTMIN, HANDLE);
    narrate(n, LEFT, "sigqueue(%ld, SIGRTMIN, 42)", (long)child.pid);
    if (sigqueue(child.pid, SIGRTMIN, (union sigval){.sival_int = 42}) == -1)
        fail("sigqueue", NULL);
    reap(n, child, SIGRTMIN);
    return EXIT_DONE;
}

/* The child sets that disposition, says so, and waits to see what happens to it. */
static struct child start(struct narration *n, int number, enum disposition disposition)
{
    static const char *const words[] = {"SIG_DFL", "SIG_IGN", "handler"};
    char name[SIGNAL_NAME_SIZE];
    struct sigaction action = {.sa_handler = disposition == IGNORE ? SIG_IGN : SIG_DFL};
    struct gate ready = new_gate();
    struct child child = {.sent = new_gate()};
    child.pid = start_child();
    if (child.pid != 0) {
        pass_gate(&ready);
        close_gate(&ready);
        return child;
    }
    if (disposition == HANDLE)
        action = (struct sigaction){.sa_sigaction = note, .sa_flags = SA_SIGINFO};
    narrate(n, RIGHT, "sigaction(%s, %s)", signal_name(number, name), words[disposition]);
    or_fail(sigaction(number, &action, NULL), "sigaction", name);
    sigaction(SIGTTOU, &(struct sigaction){.sa_handler = SIG_IGN}, NULL); /* stty tostop */
    setpgid(0, 0); /* a process group of its own, else nobody may stop an orphaned one: exit(3p) */
    open_gate(&ready, 1);
    if (!pass_gate(&child.sent)) /* by then the signal has come, or it never will */
        _exit(EXIT_PEER);
    signal_name((int)handled, name);
    if (handled == 0)
        narrate(n, RIGHT, "goes on as if nothing had come");
    else if (code == SI_QUEUE)
        narrate(n, RIGHT, "handler: %s from %ld, value %d", name, (long)sender, (int)value);
    else
        narrate(n, RIGHT, "handler: %s from %ld, no value", name, (long)sender);
    _exit(EXIT_DONE);
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

static void send_signal(struct narration *n, struct child child, int number)
{
    char name[SIGNAL_NAME_SIZE];
    narrate(n, LEFT, "kill(%ld, %s)", (long)child.pid, signal_name(number, name));
    or_fail(kill(child.pid, number), "kill", name);
}

static void send_and_reap(struct narration *n, struct child child, int number)
{
    send_signal(n, child, number);
    reap(n, child, number);
}

/* If the child ends in any other way than by that signal, or with success, so do we. */
static void reap(struct narration *n, struct child child, int number)
{
    char words[STATUS_WORDS_SIZE];
    open_gate(&child.sent, 1);
    close_gate(&child.sent);
    const uint64_t began = now();
    const int status = reap_child(child.pid);
    narrate_waited(n, LEFT, began, "it still ran", "waitpid(%ld) =\n%s", (long)child.pid,
                   status_in_words(status, words));
    if (!WIFSIGNALED(status) || WTERMSIG(status) != number)
        end_as_child(child.pid, "child", status);
}
