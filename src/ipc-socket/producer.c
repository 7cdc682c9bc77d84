/*
 * ipc-socket producer: the client of client.c, but one that waits for its server, so that the two
 * can be started in either order.
 */
#include "socket.h"

int socket_producer(const struct role *role, int argc, char **argv)
{
    return run_client(role, argc, argv, true);
}
