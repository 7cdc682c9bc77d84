/* SPDX-License-Identifier: MIT
 * ipc-socket: a two-way channel between processes that share an address, on one machine or two.
 */
#include "socket.h"

#include <errno.h>

int main(int argc, char **argv)
{
    static const struct role roles[] = {
        {"demo", RUN_IT, NULL, "a client and a server say hello, every call narrated", socket_demo},
        {"client", RUN_IT, "[FILE]", "send FILE to a server, print what comes back", socket_client},
        {"server", RUN_IT, NULL, "print what clients send, many at once", socket_server},
        {"producer", RUN_IT, "[FILE]", "a client that waits for its server", socket_producer},
        {"consumer", RUN_IT, NULL, "a server for one client: server --once", socket_consumer},
        {"halfclose", UNDERSTAND_IT, NULL, "end of file one way, the answer the other way",
         socket_halfclose},
        {"datagram", UNDERSTAND_IT, NULL, "datagrams keep their boundaries, a stream has none",
         socket_datagram},
        {"loss", UNDERSTAND_IT, NULL, "datagrams get lost, here too, and an acknowledgement helps",
         socket_loss},
        {"backlog", UNDERSTAND_IT, NULL, "what a full queue of pending connections does",
         socket_backlog},
        {"reuse", UNDERSTAND_IT, NULL, "when an address can be bound again: SO_REUSEADDR and _PORT",
         socket_reuse},
        {"pair", UNDERSTAND_IT, NULL, "socketpair: both ways between relatives, with boundaries",
         socket_pair},
        {"pass", UNDERSTAND_IT, NULL, "an open descriptor handed to another process", socket_pass},
        {"list", USE_IT, NULL, "the Unix sockets with a name, and which are left of the dead",
         socket_list},
        {"bench", MEASURE_IT, NULL, "what a round trip and a stream cost", socket_bench},
        {0},
    };
    static const struct hint hints[] = {
        {"socket", EMFILE, "the limit of open descriptors is reached: see `ulimit -n`"},
        {"accept", EMFILE, "the limit of open descriptors is reached: see `ulimit -n`"},
        {"socket", EAFNOSUPPORT, "this system has no addresses of that kind: try -4 or -6"},
        {"bind", EADDRINUSE, "another server is on that port; --port 0 picks a free one"},
        {"bind", EADDRNOTAVAIL,
         "no interface here has that address: `ip address` lists those that do"},
        {"bind", EACCES, "a port below 1024 needs privileges, a socket file a writable folder"},
        {"bind", ENOENT, "the folder of the socket file must exist"},
        {"bind", ENAMETOOLONG,
         "a Unix socket's path has at most 107 bytes: cd, and name it from there"},
        {"connect", ENAMETOOLONG,
         "a Unix socket's path has at most 107 bytes: cd, and name it from there"},
        {"connect", ECONNREFUSED, "nobody listens there; `producer` waits until a server does"},
        {"connect", ENOENT, "no server has made that socket; `producer` waits until one does"},
        {"connect", EACCES, "a Unix socket is for those who may write to its file"},
        {0},
    };
    static const struct program program = {
        "ipc-socket", "A two-way channel between processes that share an address.", roles, hints};
    return run_program(&program, argc, argv);
}
