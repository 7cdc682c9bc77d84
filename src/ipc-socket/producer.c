/* SPDX-License-Identifier: MIT
 * ipc-socket producer: a client (client.c) that waits for its server, so either can start first.
 *
 * Usage: ipc-socket producer [OPTIONS of client] [FILE]
 */
#include "socket.h"

int socket_producer(const struct role *role, int argc, char **argv)
{
    return socket_client(role, argc, argv);
}
