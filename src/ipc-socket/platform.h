/*
 * What only ipc-socket needs and POSIX.1-2008 does not have, each with a portable fallback.
 */
#ifndef IPC_SOCKET_PLATFORM_H
#define IPC_SOCKET_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Binds a Unix socket to a name that is no file: held by one socket at a time (EADDRINUSE), free
 * again when that is closed, however its process ends. Elsewhere: false, EOPNOTSUPP.
 */
bool bind_abstract(int socket, const char *name);

/* The process at the other end of a connected Unix socket; 0 where unknown. */
pid_t peer_process(int socket);

/*
 * TCP to another machine, which may vanish without a word. One that is waited for is asked whether
 * it still is there, and 25 s later the wait ends with ETIMEDOUT (SO_KEEPALIVE, socket(7)); where
 * tcp(7) does not let us choose, after hours. True if bytes that were sent to it are unconfirmed,
 * and it has said nothing for 20 s: one that lives but does not read says that there is no room.
 */
void notice_vanished_peer(int socket);
bool peer_vanished(int socket);

/* The number of SO_REUSEPORT (socket(7)), 0 where there is no such option. */
int reuse_port_option(void);

#endif
