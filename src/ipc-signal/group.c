/* SPDX-License-Identifier: MIT
 * ipc-signal group: a signal interrupts one process, or all of a group; Ctrl-C, the foreground's.
 *
 * Usage: ipc-signal group [--pace SECONDS | --step]
 *
 * On a pseudo-terminal of its own, at whose keyboard the first process is: the terminal and the
 * group of whoever started this stay as they are. [1] leads the session there, as a shell does. [2]
 * is in its group; [3] is in another, in the background, and stopped when it reads the terminal.
 */
#include "signal.h"

#include "ipc/narration/lesson.h"

#include <fcntl.h>
#include <sys/wait.h>

static volatile sig_atomic_t *ran; /* shared: whether the handler of [1], [2], [3] did */
static int self;                   /* which of them */
static pid_t keyboard_process;
static struct gate keys, typed, input;

static _Noreturn void lead(struct narration *n, int keyboard);
static pid_t start_member(struct narration *n, int number, int terminal);
static void note(int number, siginfo_t *signal, void *context);
static const char *who_ran(struct narration *n, int most);

int signal_group(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(
        role, argc, argv, "What does a signal interrupt: a process, several, or the system?",
        "keyboard (this process)", "a session of [1], [2] and [3]");
    char left[64], right[64];
    const int keyboard = or_fail(posix_openpt(O_RDWR | O_NOCTTY), "posix_openpt", NULL);
    narrate(n, LEFT, "posix_openpt(O_RDWR|O_NOCTTY)");
    if (grantpt(keyboard) == -1 || unlockpt(keyboard) == -1)
        fail("grantpt", NULL);
    ran = shared_memory(3 * sizeof *ran);
    keys = new_gate();
    typed = new_gate();
    input = new_gate();
    keyboard_process = getpid();
    const pid_t leader = start_child();
    if (leader == 0)
        lead(n, keyboard);
    watch_children();
    pass_gate(&keys); /* if it died, this is told at its end */
    narrate_mistake(n, "expecting Ctrl-C, or kill(0, ...), to interrupt one process alone");
    or_fail((int)write(keyboard, "\003", 1), "write", "terminal");
    snprintf(left, sizeof left, "write(%d, \"\\003\") = 1   Ctrl-C", keyboard);
    snprintf(right, sizeof right, "handler ran in:%s", who_ran(n, 2));
    narrate_both(n, left, right);
    open_gate(&typed, 1);
    pass_gate(&keys);
    narrate(n, LEFT, "write(%d, \"hello\\n\")   [3] reads", keyboard);
    or_fail((int)write(keyboard, "hello\n", 6), "write", "terminal");
    open_gate(&typed, 1);
    reap_successful(leader, "leader");
    narrate_answer(n,
                   "One, or all of a group; Ctrl-C: the one in the foreground. Never the system.");
    return EXIT_DONE;
}

/* The first terminal that the leader of a session opens becomes the session's. */
static void lead(struct narration *n, int keyboard)
{
    char words[STATUS_WORDS_SIZE];
    int status = 0;
    narrate(n, RIGHT, "[1] fork() = 0   I am %ld", (long)getpid());
    narrate(n, RIGHT, "[1] setsid() = %ld   a group, too", (long)or_fail(setsid(), "setsid", NULL));
    const int terminal = or_fail(open(ptsname(keyboard), O_RDWR), "open", "terminal");
    narrate(n, RIGHT, "[1] open(ptsname(%d), O_RDWR) = %d", keyboard, terminal);
    narrate(n, RIGHT, "[1] sigaction(SIGINT, note, SA_SIGINFO)");
    sigaction(SIGINT, &(struct sigaction){.sa_sigaction = note, .sa_flags = SA_SIGINFO}, NULL);
    end_if_signalled(); /* a SIGINT that came before: from here on only that handler knows */
    const pid_t second = start_member(n, 2, terminal), third = start_member(n, 3, terminal);
    watch_children();
    narrate(n, RIGHT, "[1] setpgid(%ld, %ld)   for [3]", (long)third, (long)third);
    or_fail(setpgid(third, third), "setpgid", NULL);
    open_gate(&keys, 1);
    pass_gate(&typed);
    or_fail(kill(0, SIGINT), "kill", NULL);
    narrate(n, RIGHT, "[1] kill(0, SIGINT) = 0  ran:%s", who_ran(n, 2));
    narrate_right(n, "[3] got neither: it has a group of its own, which kill(-group) reaches");
    or_fail(kill(-third, SIGINT), "kill", NULL);
    narrate(n, RIGHT, "[1] kill(-%ld, SIGINT) = 0  ran:%s", (long)third, who_ran(n, 1));

    open_gate(&keys, 1);
    pass_gate(&typed);
    open_gate(&input, 2);
    narrate_call(n, RIGHT, "[1] waitpid([3], WUNTRACED)");
    while (waitpid(third, &status, WUNTRACED) == -1 && interrupted())
        ;
    narrate_return(n, "it ran", "%s", status_in_words(status, words));
    if (!WIFSTOPPED(status) && forget_child(third))
        end_as_child(third, "member", status);
    narrate(n, RIGHT, "[1] tcsetpgrp(%d, %ld)   foreground", terminal, (long)third);
    or_fail(tcsetpgrp(terminal, third), "tcsetpgrp", NULL);
    narrate(n, RIGHT, "[1] kill(-%ld, SIGCONT)", (long)third);
    or_fail(kill(-third, SIGCONT), "kill", NULL);
    reap_successful(third, "member");
    reap_successful(second, "member");
    _exit(EXIT_DONE);
}

static pid_t start_member(struct narration *n, int number, int terminal)
{
    char line[16];
    ssize_t got;
    self = number - 1; /* before the fork: signals may come at once */
    const pid_t child = start_child();
    if (child != 0) {
        self = 0;
        narrate(n, RIGHT, "[%d] fork() = 0   I am %ld", number, (long)child);
        return child;
    }
    pass_gate(&input);
    if (number == 2)
        _exit(EXIT_DONE);
    while ((got = read(terminal, line, sizeof line)) == -1 && interrupted())
        ; /* in the background it is stopped in there, and goes on in the foreground */
    or_fail((int)got, "read", "terminal");
    narrate(n, RIGHT, "[3] read(%d) = %zd  %s", terminal, got, quoted(line, (size_t)got).text);
    _exit(EXIT_DONE);
}

static void note(int number, siginfo_t *signal, void *context)
{
    (void)number;
    (void)context;
    ran[self] = 1;
    if (signal->si_pid == keyboard_process) /* it was interrupted itself, and ends us */
        kill(getpid(), SIGHUP);
}

/* " [1] [2]", as soon as it ran in that many, or after a second; and begins anew. */
static const char *who_ran(struct narration *n, int most)
{
    static char text[16];
    for (int ms = 0; ms < 1000 && ran[0] + ran[1] + ran[2] < most; ms++)
        narration_pause(n, MILLISECOND);
    snprintf(text, sizeof text, "%s%s%s", ran[0] ? " [1]" : "", ran[1] ? " [2]" : "",
             ran[2] ? " [3]" : "");
    ran[0] = ran[1] = ran[2] = 0;
    return text;
}
