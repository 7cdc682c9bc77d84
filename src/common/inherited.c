/*
 * Inherited state: taken over at start, given back to a COMMAND.
 */
#include "ipc/common/cleanup.h"

#include "ipc/common/error.h"
#include "ipc/common/platform.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static sigset_t given_mask;
static struct sigaction given_child, given_pipe;

void take_over_inherited_state(void)
{
    /* open() returns the lowest free descriptor: the closed one itself */
    for (int descriptor = 0; descriptor <= STDERR_FILENO; descriptor++)
        if (fcntl(descriptor, F_GETFD) == -1 && errno == EBADF &&
            open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY) == -1)
            fail("open", "/dev/null");

    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, &given_mask);
    sigaction(SIGCHLD, &(struct sigaction){.sa_handler = SIG_DFL}, &given_child);
    sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, &given_pipe);
}

void restore_inherited_state(void)
{
    close_descriptors_from(STDERR_FILENO + 1);
    sigaction(SIGCHLD, &given_child, NULL);
    sigaction(SIGPIPE, &given_pipe, NULL);
    sigprocmask(SIG_SETMASK, &given_mask, NULL);
}
