/*
 * ipc-socket producer: a client (client.c) that waits for its server, so that the two can be
 * started in either order.
 *
 * Usage: ipc-socket producer [OPTIONS of client] [FILE]
 */
#include "client_server.h"

int socket_producer(const struct role *role, int argc, char **argv)
{
    return run_client(role, argc, argv, true);
}
