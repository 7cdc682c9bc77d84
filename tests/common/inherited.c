/* SPDX-License-Identifier: MIT
 * What was inherited is taken over, and given back to a COMMAND: descriptors, mask, dispositions.
 */
#include "check.h"
#include "ipc/common/children.h"
#include "ipc/common/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int disposition_is(int number, void (*handler)(int))
{
    struct sigaction action;
    check(sigaction(number, NULL, &action) == 0);
    return action.sa_handler == handler;
}

static int blocked(int number)
{
    sigset_t mask;
    check(sigprocmask(SIG_SETMASK, NULL, &mask) == 0);
    return sigismember(&mask, number);
}

/* What the COMMAND looks at, run as "inherited look": its exit status says what is wrong. */
static int look(void)
{
    if (!blocked(SIGUSR1) || blocked(SIGUSR2))
        return 2;
    if (!disposition_is(SIGCHLD, SIG_IGN) || !disposition_is(SIGINT, SIG_IGN))
        return 3;
    if (!disposition_is(SIGPIPE, SIG_DFL) || !disposition_is(SIGTERM, SIG_DFL))
        return 4;
    for (int descriptor = 0; descriptor < 64; descriptor++)
        if ((fcntl(descriptor, F_GETFD) != -1) != (descriptor <= STDERR_FILENO))
            return 5;
    return 0;
}

static void check_closed_descriptors(void)
{
    const pid_t child = fork();
    check(child != -1);
    if (child == 0) {
        struct stat nowhere, opened;
        if (stat("/dev/null", &nowhere) == -1)
            _exit(1);
        for (int descriptor = 0; descriptor <= STDERR_FILENO; descriptor++)
            close(descriptor);
        take_over_inherited_state();
        for (int descriptor = 0; descriptor <= STDERR_FILENO; descriptor++)
            if (fstat(descriptor, &opened) == -1 || opened.st_rdev != nowhere.st_rdev)
                _exit(2);
        if (write(STDOUT_FILENO, "x", 1) != -1 || errno != EBADF)
            _exit(3); /* a closed output stays an error */
        if (write(STDERR_FILENO, "x", 1) != 1)
            _exit(4);
        char byte;
        if (read(STDIN_FILENO, &byte, 1) != 0)
            _exit(5);
        _exit(0);
    }
    int status;
    check(waitpid(child, &status, 0) == child);
    check(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return look();
    check_closed_descriptors();

    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR1);
    check(sigprocmask(SIG_SETMASK, &mask, NULL) == 0);
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    check(sigaction(SIGCHLD, &ignore, NULL) == 0 && sigaction(SIGINT, &ignore, NULL) == 0);

    take_over_inherited_state();
    catch_ending_signals();
    check(!blocked(SIGUSR1));
    check(disposition_is(SIGCHLD, SIG_DFL));
    check(disposition_is(SIGPIPE, SIG_IGN));
    check(disposition_is(SIGINT, SIG_IGN));
    check(!disposition_is(SIGTERM, SIG_DFL));

    const int more = open("/dev/null", O_RDONLY);
    check(more > STDERR_FILENO && dup2(more, 40) == 40);
    const pid_t child = start_child();
    if (child == 0)
        become_command((char *[]){argv[0], "look", NULL});
    const int status = reap_child(child);
    check(WIFEXITED(status));
    check(WEXITSTATUS(status) == 0);
    return 0;
}
