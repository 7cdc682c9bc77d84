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
 * For TCP to a machine that may vanish without a word. A wait ends with ETIMEDOUT after 25 s in
 * which it does not answer the system's probes (elsewhere hours), socket(7). True if it has not
 * acknowledged what was sent, nor said anything for 20 s. Elsewhere: false.
 */
void notice_vanished_peer(int socket);
bool peer_vanished(int socket);

/* The number of SO_REUSEPORT (socket(7)), 0 where there is no such option. */
int reuse_port_option(void);

#endif
