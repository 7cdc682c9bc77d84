/* SPDX-License-Identifier: MIT
 * Children are reaped with their status, ended when we end, and get the state a COMMAND should
 * have.
 */
#include "ipc/common/children.h"
#include "check.h"
#include "ipc/common/cleanup.h"
#include "ipc/common/error.h"
#include "ipc/common/io.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int exit_status_of(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* A child that sleeps until it gets a signal. */
static pid_t sleeping_child(void)
{
    const pid_t child = start_child();
    if (child == 0)
        for (;;) {
            pause();
            end_if_signalled();
        }
    return child;
}

static void check_words(void)
{
    char words[STATUS_WORDS_SIZE], name[SIGNAL_NAME_SIZE];
    pid_t child = start_child();
    if (child == 0)
        _exit(42);
    int status = reap_child(child);
    check(strcmp(status_in_words(status, words), "exit status 42") == 0);
    check(exit_status_of(status) == 42);

    child = sleeping_child();
    check(kill(child, SIGKILL) == 0);
    status = reap_child(child);
    check(strncmp(status_in_words(status, words), "killed by SIGKILL (", 19) == 0);
    check(exit_status_of(status) == 128 + SIGKILL);

    check(strcmp(signal_name(SIGTERM, name), "SIGTERM") == 0);
    check(strcmp(signal_name(SIGRTMIN, name), "SIGRTMIN") == 0);
    check(strcmp(signal_name(SIGRTMIN + 3, name), "SIGRTMIN+3") == 0);
    check(strcmp(signal_name(12345, name), "signal 12345") == 0);
}

static bool is_gone(pid_t process)
{
    return kill(process, 0) == -1 && errno == ESRCH;
}

/* More than one growth of the table, one that must be continued, one that hears nothing. */
static void check_end_children(void)
{
    enum { MANY = 40 };
    pid_t children[MANY];
    for (int i = 0; i < MANY; i++)
        children[i] = sleeping_child();
    check(kill(children[3], SIGSTOP) == 0);
    const pid_t deaf = start_child();
    if (deaf == 0) {
        sigset_t all;
        sigfillset(&all);
        sigprocmask(SIG_SETMASK, &all, NULL);
        for (;;)
            pause();
    }
    check(forget_child(children[7]));
    check(!forget_child(children[7]) && !forget_child(1));
    end_children(SIGTERM);
    for (int i = 0; i < MANY; i++)
        check(i == 7 || is_gone(children[i]));
    check(is_gone(deaf));
    check(!is_gone(children[7])); /* forgotten: somebody else's business */
    register_child(children[7]);
    end_children(SIGTERM);
    check(is_gone(children[7]));
}

/* exit() ends the children; a copy of us made by fork() leaves them alone. */
static void check_exit_ends_children(void)
{
    int told[2], ask[2], answer[2];
    char byte;
    check(pipe(told) == 0 && pipe(ask) == 0 && pipe(answer) == 0);
    const pid_t program = fork();
    check(program != -1);
    if (program == 0) {
        const pid_t child = start_child();
        if (child == 0) {
            check(read_some(ask[0], &byte, 1) == 1); /* a signal would end us here */
            check(write(answer[1], "", 1) == 1);
            for (;;) {
                pause();
                end_if_signalled();
            }
        }
        close(answer[1]);
        const pid_t copy = fork();
        if (copy == 0)
            exit(0);
        check(waitpid(copy, NULL, 0) == copy);
        check(write(ask[1], "", 1) == 1);
        check(read(answer[0], &byte, 1) == 1);
        check(write(told[1], &child, sizeof child) == sizeof child);
        exit(5);
    }
    pid_t child;
    check(read(told[0], &child, sizeof child) == sizeof child);
    int status;
    check(waitpid(program, &status, 0) == program && WEXITSTATUS(status) == 5);
    check(is_gone(child));
    for (int i = 0; i < 2; i++) {
        close(told[i]);
        close(ask[i]);
        close(answer[i]);
    }
}

/* A child knows its parent, notices its death, and is ended by it. */
static void check_parent_dies(void)
{
    int told[2], alive[2];
    char byte;
    check(pipe(told) == 0 && pipe(alive) == 0);
    const pid_t parent = fork();
    check(parent != -1);
    if (parent == 0) {
        const pid_t me = getpid(), child = start_child();
        if (child == 0) {
            check(original_parent() == me && !parent_died());
            check(write(told[1], "", 1) == 1);
            while (!parent_died() && ending_signal == 0)
                sched_yield();
            _exit(0); /* closes `alive` */
        }
        for (;;)
            pause();
    }
    close(alive[1]);
    check(read(told[0], &byte, 1) == 1);
    check(kill(parent, SIGKILL) == 0);
    check(waitpid(parent, NULL, 0) == parent);
    check(read(alive[0], &byte, 1) == 0);
    close(alive[0]);
    close(told[0]);
    close(told[1]);
}

static int status_of_command(char **command)
{
    const pid_t child = start_child();
    if (child == 0) {
        const int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, STDERR_FILENO);
        become_command(command);
    }
    return reap_child(child);
}

static void check_commands(void)
{
    check(status_of_command((char *[]){"true", NULL}) == 0);
    check(exit_status_of(status_of_command((char *[]){"sh", "-c", "exit 9", NULL})) == 9);
    check(exit_status_of(status_of_command((char *[]){"no-such-program", NULL})) == EXIT_NOT_FOUND);
    check(exit_status_of(status_of_command((char *[]){"/etc/passwd/x", NULL})) == EXIT_NOT_FOUND);
    check(exit_status_of(status_of_command((char *[]){"/etc/passwd", NULL})) ==
          EXIT_CANNOT_EXECUTE);
    check(exit_status_of(status_of_command((char *[]){"/", NULL})) == EXIT_CANNOT_EXECUTE);

    /* a signal that came between fork and exec is not lost */
    const pid_t child = start_child();
    if (child == 0) {
        raise(SIGTERM);
        become_command((char *[]){"true", NULL});
    }
    const int status = reap_child(child);
    check(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}

int main(void)
{
    program_name = "test";
    take_over_inherited_state();
    catch_ending_signals();
    check_words();
    check_end_children();
    check_exit_ends_children();
    check_parent_dies();
    check_commands();
    return 0;
}
