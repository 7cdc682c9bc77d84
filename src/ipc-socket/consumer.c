/*
 * ipc-socket consumer: a server (server.c) for one client, after which it ends.
 *
 * Usage: ipc-socket consumer [OPTIONS of server]
 */
#include "client_server.h"

int socket_consumer(const struct role *role, int argc, char **argv)
{
    return run_server(role, argc, argv, true);
}
