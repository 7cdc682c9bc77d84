/*
 * What the roles of ipc-socket share.
 */
#ifndef IPC_SOCKET_H
#define IPC_SOCKET_H

#include "ipc/common/argv.h"
#include "ipc/common/io.h"
#include "ipc/narration/narration.h"
#include "ipc/transfer/progress.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

role_function socket_demo, socket_client, socket_server, socket_producer, socket_consumer,
    socket_halfclose, socket_datagram, socket_backlog, socket_reuse, socket_pass, socket_bench;

enum {
    LARGEST_DATAGRAM = 65536,    /* a foreign program's, whatever its size */
    BLOCK = 64 * 1024,           /* what fits the processor's cache moves fastest */
    SOCKET_BUFFER = 1024 * 1024, /* asked for; the system may grant less */
    DATAGRAM_MOST = 1400,        /* with its headers this fits an Ethernet frame: no fragments */
    DATAGRAM_ENDS = 3            /* the empty datagram is sent so often, as one may be lost */
};

/* address.c: where a socket is, from the command line to the system's structures and to text. */

struct where {
    const char *host, *path, *name;
    long port;
    bool ipv4, ipv6, udp, local;
};
#define WHERE_DEFAULT ((struct where){.port = NOT_GIVEN})

#define OPTIONS_WHERE(where, least_port)                                                           \
    {.name = "host",                                                                               \
     .argument = "HOST",                                                                           \
     .text = &(where)->host,                                                                       \
     .help = "name or address (default: 127.0.0.1, with -6 ::1)"},                                 \
        {.name = "port",                                                                           \
         .argument = "PORT",                                                                       \
         .number = &(where)->port,                                                                 \
         .least = (least_port),                                                                    \
         .most = 65535,                                                                            \
         .help = (least_port) == 0 ? "default: 8080; 0 picks a free one" : "default: 8080"},       \
        {.name = "ipv4", .letter = '4', .flag = &(where)->ipv4, .help = "IPv4 only"},              \
        {.name = "ipv6", .letter = '6', .flag = &(where)->ipv6, .help = "IPv6 only"},              \
        {.name = "udp", .flag = &(where)->udp, .help = "datagrams instead of a stream"},           \
        {.name = "unix",                                                                           \
         .flag = &(where)->local,                                                                  \
         .help = "a Unix socket instead of TCP: a file on this machine"},                          \
        {.name = "path",                                                                           \
         .argument = "FILE",                                                                       \
         .text = &(where)->path,                                                                   \
         .help = "a Unix socket at FILE"},                                                         \
    {                                                                                              \
        .name = "name", .argument = "NAME", .object_name = &(where)->name,                         \
        .help = "a Unix socket of that name (default: default)"                                    \
    }

enum { ENDPOINTS_MOST = 8, ADDRESS_TEXT = 128 };
struct endpoint {
    struct sockaddr_storage address;
    socklen_t length;
};

/* Usage errors for combinations that mean nothing; --path and --name imply --unix. */
void check_where(const struct role *role, struct where *where);

/* Fills in at least one endpoint, or fails (exits); call is what the caller will do: "bind". */
size_t resolve(const struct where *where, const char *call, struct endpoint *endpoints);

/* "127.0.0.1:8080", "[::1]:8080" or a path; returns text. */
const char *address_text(const struct sockaddr_storage *address, socklen_t length,
                         char text[ADDRESS_TEXT]);

/* Makes the socket non-blocking and its buffers large, whatever of that can be had. */
void prepare_socket(int socket, const struct where *where);

/* Waits for events, polling before it sleeps; false when `milliseconds` (-1: never) are over. */
struct pollfd;
bool poll_patiently(struct pollfd *watched, size_t count, int milliseconds);

/* ending.c: how an orderly end is told from a death; its head explains. */

/* Either side, TCP: from now on, if we die, the peer gets a reset; undone by false. */
void reset_if_killed(int socket, bool on);

/* The client, before connect() on a Unix socket: shows that it is one of ours. */
void mark_client(int socket);

/* The server, after accept(): whether the client has that mark; then it has been greeted. */
bool greet_client(int socket, const struct sockaddr_storage *address, socklen_t length);

/* The server, at end of file from a marked client: false if it died. */
bool client_still_there(int socket);

/* The server, to a marked client: everything was taken. False and errno, EAGAIN among them. */
bool confirm_all_taken(int socket);

/* The client's view of the server's words. */
struct confirmation {
    bool greeted;   /* the server is one of ours: only its confirmation is an orderly end */
    bool all_taken; /* that has come */
};

/* recv() that takes the server's words out of the stream; 0 is the end of file. */
ssize_t receive(int socket, void *bytes, size_t size, struct confirmation *confirmation);

/* client.c: a client and its server. */
struct session {
    int socket, input;
    const char *label; /* of the input */
    char server[ADDRESS_TEXT];
    bool in_system;  /* a file: sent without reading it */
    bool more_input; /* its end has not come */
    bool blocked;    /* the socket takes no more for now */
    size_t from, to; /* what waits in block */
    char block[BLOCK];
    struct confirmation confirmation;
    struct progress transfer;
    struct narration *narration;
};
int run_client(const struct role *role, int argc, char **argv, bool waits);

/* exchange.c: sends all of the input, prints all that comes back; returns when both are done. */
void exchange(struct session *session);

/* Ends the process, exit 3. */
_Noreturn void server_died(struct session *session, const char *why);

/* server.c */
int run_server(const struct role *role, int argc, char **argv, bool consumer);

/* recvfrom() of one datagram into LARGEST_DATAGRAM bytes; it is in datagram_client.c. */
ssize_t receive_datagram(int socket, void *bytes, struct sockaddr_storage *address,
                         socklen_t *length);

/* One datagram to where the socket is connected; false and errno. */
bool send_datagram(int socket, const void *bytes, size_t size);

/* What the server does with its clients. */
struct service {
    bool once, echo;
    const char *reply; /* NULL: none */
    uint64_t deadline; /* for the first client */
    const char *role;
    struct narration *narration;
};

/* socket_file.c: bind() to a path, where a killed server's file may be; it goes when we end. */
void bind_socket_file(int socket, const struct endpoint *endpoint, const char *path);

/* Ends listening: nobody else is let in, and the file of a Unix socket goes. */
void close_server(int listener);

/* conversation.c: one client of the server. */
struct connection {
    int socket;
    bool marked;  /* one of our clients, on a Unix socket: see ending.c */
    bool at_end;  /* it has finished sending */
    bool deaf;    /* it takes nothing back any more */
    bool died;    /* before its orderly end */
    bool closing; /* nothing is left to do but close() */
    /* of buffer: received up to filled, written out up to printed, echoed up to returned */
    size_t filled, printed, returned;
    size_t replied; /* so much of the reply has gone */
    struct progress transfer;
    char peer[ADDRESS_TEXT];
    char buffer[BLOCK];
};

/* Receives what has come and writes it out; alone: no other client is connected. */
void take(struct connection *c, const struct service *service, bool alone);

/* Sends what the client is to get: the echo, after its end the reply, then the confirmation. */
void give(struct connection *c, const struct service *service);

/* How many bytes are to be echoed. */
size_t echo_waiting(const struct connection *c, const struct service *service);

/* connections.c: serves the clients of a listening socket, for ever or once; the exit status. */
int serve_connections(int listener, const struct service *service);

/* datagram_server.c: the same for the datagrams that come to a bound UDP socket. */
int serve_datagrams(int socket, const struct service *service);

/* datagram_client.c: exchange() in datagrams. */
void send_datagrams(struct session *session, bool waits, uint64_t deadline);

/* Milliseconds from now to deadline for poll(), at least 0; -1 for never. */
int milliseconds_until(uint64_t deadline);

#endif
