/* SPDX-License-Identifier: MIT
 * ipc-socket list: the Unix sockets of this user's servers that have a name, and which of them
 * nobody holds any more. Who the server is the kernel tells only to whom it accepts.
 *
 * Usage: ipc-socket list [--json]
 */
#include "client_server.h"

#include "ipc/transfer/list.h"

static bool print_socket(const char *name, void *unused)
{
    static struct listed listed;
    (void)unused;
    listed = (struct listed){.mechanism = "socket", .name = name, .bytes = -1};
    object_path(listed.path, "socket", name, "sock");
    const struct endpoint endpoint = local_endpoint(listed.path, "connect");
    listed.stale = !is_held_socket(&endpoint);
    print_listed(&listed);
    return false;
}

static void print_sockets(void)
{
    for_each_name("socket", "sock", print_socket, NULL);
}

int socket_list(const struct role *role, int argc, char **argv)
{
    return list_names(role, argc, argv, "socket", NULL, print_sockets);
}
