/* SPDX-License-Identifier: MIT
 * Reading and writing cope with short counts, EINTR and non-blocking descriptors.
 */
#include "ipc/common/io.h"
#include "check.h"
#include "ipc/common/children.h"
#include "ipc/common/cleanup.h"
#include "ipc/common/error.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIZE = 1 << 20 };
static unsigned char bytes[SIZE], copy[SIZE];

static volatile sig_atomic_t ticks;

static void tick(int number)
{
    (void)number;
    ticks++;
}

/* A signal that ends nothing, every millisecond: each call that blocks is interrupted. */
static void interrupt_often(long microseconds)
{
    check(sigaction(SIGALRM, &(struct sigaction){.sa_handler = tick}, NULL) == 0);
    check(setitimer(ITIMER_REAL,
                    &(struct itimerval){{.tv_usec = microseconds}, {.tv_usec = microseconds}},
                    NULL) == 0);
}

/* One side writes all, the other reads in pieces: through a pipe that is much smaller. */
static void check_transfer(bool non_blocking)
{
    int end[2];
    check(pipe(end) == 0);
    if (non_blocking)
        check(fcntl(end[1], F_SETFL, O_NONBLOCK) == 0);
    const pid_t child = start_child();
    if (child == 0) {
        close(end[0]);
        interrupt_often(1000);
        _exit(write_full(end[1], bytes, SIZE) ? 0 : 1);
    }
    close(end[1]);
    interrupt_often(1000);
    while (ticks < 3)
        check(poll(NULL, 0, 1) == 0 || errno == EINTR); /* let it fill the pipe, and wait */
    check(read_full(end[0], copy, 1000) == 1000);
    check(read_full(end[0], copy + 1000, SIZE) == SIZE - 1000); /* short, at the end of file */
    check(read_full(end[0], copy, 1) == 0);
    interrupt_often(0);
    check(memcmp(bytes, copy, SIZE) == 0);
    check(reap_child(child) == 0);
    close(end[0]);
}

static void check_errors(void)
{
    int end[2];
    check(pipe(end) == 0);
    close(end[0]);
    check(!write_full(end[1], bytes, 10) && errno == EPIPE);
    close(end[1]);
    check(read_full(end[1], copy, 1) == -1 && errno == EBADF);
    check(!write_full(end[1], bytes, 1) && errno == EBADF);
    check(write_full(end[1], bytes, 0));
    check(!close_written(end[1]) && errno == EBADF);
}

static void check_waiting(void)
{
    int end[2];
    check(pipe(end) == 0);
    check(!wait_ready(end[0], POLLIN, 0));
    check(!wait_ready(end[0], POLLIN, 5));
    check(wait_ready(end[1], POLLOUT, -1));
    check(write(end[1], "x", 1) == 1);
    check(wait_ready(end[0], POLLIN, -1));
    check(read(end[0], copy, 1) == 1);
    close(end[1]);
    check(wait_ready(end[0], POLLIN, -1)); /* the end of file is to be read, too */
    close(end[0]);
}

int main(void)
{
    program_name = "test";
    for (size_t i = 0; i < SIZE; i++)
        bytes[i] = (unsigned char)(i * 7 + i / 251);
    signal(SIGPIPE, SIG_IGN);
    check_transfer(false);
    check_transfer(true);
    check_errors();
    check_waiting();
    return 0;
}
