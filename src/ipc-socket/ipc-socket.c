/*
 * ipc-socket: a two-way channel between processes that need to share nothing but an address, on one
 * machine or on two.
 */
#include "socket.h"

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
        {"backlog", UNDERSTAND_IT, NULL, "what a full queue of pending connections does",
         socket_backlog},
        {"reuse", UNDERSTAND_IT, NULL, "when an address can be bound again: SO_REUSEADDR and _PORT",
         socket_reuse},
        {"pass", UNDERSTAND_IT, NULL, "an open descriptor handed to another process", socket_pass},
        {"bench", MEASURE_IT, NULL, "what a round trip and a stream cost", socket_bench},
        {0},
    };
    return run_program("ipc-socket", "A two-way channel between processes that share an address.",
                       roles, argc, argv);
}
