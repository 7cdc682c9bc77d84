/*
 * ipc-socket consumer: the server of server.c for one client, after which it ends.
 */
#include "socket.h"

int socket_consumer(const struct role *role, int argc, char **argv)
{
    return run_server(role, argc, argv, true);
}
