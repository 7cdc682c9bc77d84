/* SPDX-License-Identifier: MIT
 * Of many sockets those that can go on are told, each of them although there is room for few, and
 * for what they are watched; by epoll(7), and where no descriptor is left for it, by poll(2).
 */
#include "check.h"
#include "platform.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAIRS = 100, FEW = 8 };

static void tells_who_is_ready(void)
{
    int ends[PAIRS][2];
    struct pollfd ready[FEW];
    for (int i = 0; i < PAIRS; i++) {
        check(socketpair(AF_UNIX, SOCK_STREAM, 0, ends[i]) == 0);
        check(watch_socket(ends[i][0], POLLIN));
    }
    check(await_watched(ready, FEW, 0) == 0);

    /* every third can be read from, and none keeps the others from their turn */
    bool seen[3 * PAIRS] = {false};
    int different = 0;
    for (int i = 0; i < PAIRS; i += 3)
        check(write(ends[i][1], "x", 1) == 1);
    for (int turn = 0; turn < 2 * PAIRS / FEW; turn++) {
        check(await_watched(ready, FEW, -1) == FEW);
        for (int i = 0; i < FEW; i++) {
            check(ready[i].revents == POLLIN && ready[i].fd < 3 * PAIRS);
            different += !seen[ready[i].fd];
            seen[ready[i].fd] = true;
        }
    }
    check(different == (PAIRS + 2) / 3);

    for (int i = 0; i < PAIRS; i += 3)
        check(watch_socket(ends[i][0], 0)); /* not for that any more */
    check(await_watched(ready, FEW, 0) == 0);
    check(watch_socket(ends[3][0], POLLOUT));
    check(await_watched(ready, FEW, -1) == 1);
    check(ready[0].fd == ends[3][0] && ready[0].revents == POLLOUT);
    close(ends[6][1]); /* the end of the peer is told all the same */
    check(watch_socket(ends[3][0], 0));
    check(await_watched(ready, FEW, -1) == 1);
    check(ready[0].fd == ends[6][0] && (ready[0].revents & POLLHUP) != 0);
    forget_socket(ends[6][0]);
    close(ends[6][0]);
    check(await_watched(ready, FEW, 0) == 0);
    const int again = dup(ends[9][1]); /* another one with that number */
    check(again == ends[6][0] && watch_socket(again, POLLOUT));
    check(await_watched(ready, FEW, -1) == 1 && ready[0].fd == again);
}

int main(void)
{
    const pid_t child = fork();
    if (child == 0) {
        int sock = socket(AF_UNIX, SOCK_STREAM, 0);
        struct rlimit limit;
        check(getrlimit(RLIMIT_NOFILE, &limit) == 0);
        const rlim_t usual = limit.rlim_cur;
        limit.rlim_cur = (rlim_t)sock + 1;
        check(setrlimit(RLIMIT_NOFILE, &limit) == 0);
        check(watch_socket(sock, 0)); /* no descriptor for epoll */
        limit.rlim_cur = usual;
        check(setrlimit(RLIMIT_NOFILE, &limit) == 0);
        forget_socket(sock); /* it hangs up */
        check(strcmp(watching_call, "poll") == 0);
        tells_who_is_ready();
        _exit(0);
    }
    int status;
    check(waitpid(child, &status, 0) == child && status == 0);
    tells_who_is_ready();
    puts("the same by poll");
    return 0;
}
