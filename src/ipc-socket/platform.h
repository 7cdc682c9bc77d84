/* SPDX-License-Identifier: MIT
 * What only ipc-socket needs and POSIX.1-2008 does not have, each with a portable fallback.
 */
#ifndef IPC_SOCKET_PLATFORM_H
#define IPC_SOCKET_PLATFORM_H

#include <poll.h>
#include <stdbool.h>
#include <sys/types.h>

/*
 * Binds a Unix socket to a name that is no file: held by one socket at a time (EADDRINUSE), free
 * again when that is closed, however its process ends. Elsewhere: false, EOPNOTSUPP.
 */
bool bind_abstract(int socket, const char *name);

/* The process at the other end of a connected Unix socket; 0 where unknown. */
pid_t peer_process(int socket);

/*
 * For TCP to a machine that may vanish without a word. A wait ends with ETIMEDOUT after 25 s in
 * which it does not answer the system's probes (elsewhere hours), socket(7). True if it has not
 * acknowledged what was sent, nor said anything for 20 s. Elsewhere: false.
 */
void notice_vanished_peer(int socket);
bool peer_vanished(int socket);

/*
 * Which of many sockets can go on: told by epoll(7), whose cost does not grow with those that
 * cannot; elsewhere, or where that fails, by poll(2). watch_socket() begins, or changes what for:
 * false if memory is out. forget_socket() comes before close(). await_watched() is called as
 * poll(2) is, but fills in those that are ready, as many as find room: the others come next time.
 */
bool watch_socket(int socket, short events);
void forget_socket(int socket);
int await_watched(struct pollfd *ready, nfds_t most, int milliseconds);
extern const char *watching_call;

/*
 * For TCP within this machine, where nothing is congested: an algorithm that sends at a pace of its
 * own (BBR) would only take processor time. Elsewhere: nothing.
 */
void expect_no_congestion(int socket);

/* The number of SO_REUSEPORT (socket(7)), 0 where there is no such option. */
int reuse_port_option(void);

#endif
