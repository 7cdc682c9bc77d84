/* SPDX-License-Identifier: MIT
 * ipc-socket consumer: a server (server.c) for one client, after which it ends.
 *
 * Usage: ipc-socket consumer [OPTIONS of server]
 */
#include "socket.h"

int socket_consumer(const struct role *role, int argc, char **argv)
{
    return socket_server(role, argc, argv);
}
