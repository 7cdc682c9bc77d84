/* SPDX-License-Identifier: MIT
 * What client and server of ipc-socket share and are made of. Brings the usual system headers.
 */
#ifndef IPC_SOCKET_CLIENT_SERVER_H
#define IPC_SOCKET_CLIENT_SERVER_H

#include "platform.h"
#include "socket.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/transfer/pair.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    BLOCK_SIZE = 64 * 1024,        /* what fits the processor's cache moves fastest */
    ONLY_CLIENT_SIZE = 256 * 1024, /* TCP acknowledges each recv(): the fewer, the cheaper */
    OWN_DATAGRAM_SIZE = 1400,      /* with its headers this fits an Ethernet frame: no fragments */
    LARGEST_DATAGRAM_SIZE = 65536, /* a foreign program may send such */
    ENDPOINTS_MOST = 8,
    USUAL_PORT = 8080,
    LOOK_EVERY_MS = 5000
};

/* address.c: the options that all four roles have; above all, where the server is. */
struct where {
    struct pair pair; /* the first member: check_where() gets it */
    const char *host, *path, *name;
    long port; /* NOT_GIVEN before */
    bool ipv4, ipv6, udp, local;
};

#define OPTIONS_WHERE(where, least_port)                                                           \
    OPTION(text, &(where)->host, .name = "host", .argument = "HOST",                               \
           .help = "name or address (default: 127.0.0.1, with -6 ::1)"),                           \
        OPTION(number, &(where)->port, .name = "port", .argument = "PORT", .least = (least_port),  \
               .most = 65535,                                                                      \
               .help = (least_port) == 0 ? "default: 8080; 0 picks a free one" : "default: 8080"), \
        OPTION(flag, &(where)->ipv4, .name = "ipv4", .letter = '4', .help = "IPv4 only"),          \
        OPTION(flag, &(where)->ipv6, .name = "ipv6", .letter = '6', .help = "IPv6 only"),          \
        OPTION(flag, &(where)->udp, .name = "udp", .help = "datagrams instead of a stream"),       \
        OPTION(flag, &(where)->local, .name = "unix",                                              \
               .help = "a Unix socket instead of TCP: a file on this machine"),                    \
        OPTION_PATH(where, "a Unix socket at FILE"),                                               \
        OPTION(object_name, &(where)->name, .name = "name", .argument = "NAME",                    \
               .help = "a Unix socket of that name (default: default)")

/* For pair.check: what does not fit together is a usage error; --path and --name mean --unix. */
void check_where(const struct role *role, struct pair *pair);

/* Fills in at least one endpoint, or fails (exits); call is what the caller will do: "bind". */
size_t resolve(const struct where *where, const char *call, struct endpoint *endpoints);

/* A socket for that endpoint: non-blocking and with large buffers, as far as they are granted. */
int open_socket(const struct where *where, const struct endpoint *endpoint, struct narration *n);

/* introduction.c: says who we are, and what to type in another terminal. */
void tell_what_to_type(const struct where *where, const char *role, long port);
/* Says who has come: the process, where the system tells it, or the address. */
void tell_peer(const char *role, int socket, const char *address);

/* socket_io.c: milliseconds from now to the deadline for poll(), at least 0; -1 for never. */
int milliseconds_until(uint64_t deadline);

/* True once in LOOK_EVERY_MS: is the peer still there? See peer_vanished(). */
bool time_to_look(void);

/* One datagram to where the socket is connected; false and errno. */
bool send_datagram(int socket, const void *bytes, size_t size);

/* How many bytes, as a datagram: sent, at the client's end, or received, in answer to that. */
enum { COUNT_SIZE = 32 };
void write_count(char text[COUNT_SIZE], uint64_t count);
bool read_count(const char *bytes, size_t size, uint64_t *count);

/* Says how many of them were lost, if any; and then ends the process, if it is to. */
void tell_lost(uint64_t sent, uint64_t received, bool ends);

/* end_of_stream.c: how an orderly end is told from a death; its head explains. */

/* Either side, TCP: from now on, if we die, the peer gets a reset; undone by false. */
void reset_if_killed(int socket, bool on);

/* The client, before connect() on a Unix socket: shows that it is one of ours. */
void mark_client(int socket);

/* The server, after accept(): whether the client has that mark; then it has been greeted. */
bool greet_client(int socket, const struct endpoint *client);

/* The server, to a marked client: everything was taken. False and errno, EAGAIN among them. */
bool confirm_all_taken(int socket);

/* client.c: a client's transfer. */
struct client {
    struct where where;
    bool waits; /* until its server is there: a producer does */
    int socket;
    char server[ADDRESS_TEXT_SIZE];
    bool in_system;  /* the input is a file: sent without reading it */
    bool more_input; /* its end has not come */
    bool blocked;    /* the socket takes no more for now */
    bool answering;  /* the server's end has not come */
    bool greeted;    /* the server is one of ours: only its confirmation is an orderly end */
    bool several;    /* datagrams were sent */
    bool all_taken;  /* that has come */
    bool returned;   /* bytes have come back */
    size_t from, to; /* what waits in block */
    char block[BLOCK_SIZE];
};

/* Reads up to size bytes into block. False if nothing came: the end, or somebody else took it. */
bool read_block(struct client *client, size_t size);

/* end_of_stream.c: recv() that takes the server's words out of the stream; 0 is the end of file. */
ssize_t receive(struct client *client, void *bytes, size_t size);

/* Ends the process, exit 3: "the server 127.0.0.1:8080 died", or "(pid 4243)". */
_Noreturn void server_died(const struct client *client, const char *why);

/* connect.c: connects client->socket to its server, whose address becomes client->server. */
void connect_client(struct client *client);

/*
 * After connecting failed with that error: returns when it is time to try again, or ends the
 * process: this error does not pass, the client does not wait, or the time is over.
 */
void wait_to_retry(const struct client *client, int error, int tries);

/*
 * client_stream.c: receives and prints what has come; sends what the socket takes; and the end,
 * when both directions are through. Then the same in datagrams: datagram_client.c.
 */
void receive_answer(struct client *client);
void send_input(struct client *client);
void end_stream(struct client *client);
void receive_echo(struct client *client);
void send_as_datagram(struct client *client);
void end_datagrams(struct client *client);

/* server.c: what the server does with its clients. */
struct service {
    struct where where;
    bool once, echo;
    bool into_pipe;    /* a large one: what comes is moved there as it is */
    const char *reply; /* NULL: none */
    const char *role;
};

/* socket_file.c: whether somebody holds the socket of that name; errno says what connect() said. */
bool is_held_socket(const struct endpoint *endpoint);

/* socket_file.c: bind() to a path, where a killed server's file may be; it goes when we end. */
void bind_socket_file(int socket, const struct endpoint *endpoint, const char *path);

/* Ends listening: nobody else is let in, and the file of a Unix socket goes. */
void close_server(int listener);

/* server_loop.c: serves the clients of a listening socket, for ever or once. */
void serve_connections(int listener, const struct service *service);

/* datagram_server.c: the same for the datagrams that come to a bound UDP socket. */
void serve_datagrams(int socket, const struct service *service);

/* connection.c: one client of the server. */
struct connection {
    int socket;
    short events; /* that it is watched for */
    bool marked;  /* one of our clients, on a Unix socket: see end_of_stream.c */
    bool at_end;  /* it has finished sending */
    bool refuses; /* it takes nothing back any more */
    bool moved;   /* to the pipe: pages may be in it that are the client's file's still */
    bool died;    /* before its orderly end */
    bool closing; /* nothing is left to do but close() */
    /* of buffer: received up to filled, written out up to printed, echoed up to returned */
    size_t filled, printed, returned;
    size_t replied; /* so much of the reply has gone */
    struct progress progress;
    char peer[ADDRESS_TEXT_SIZE];
    size_t size;
    char buffer[];
};

/* Receives what has come and writes it out; alone: no other client is connected. */
void receive_from(struct connection *c, const struct service *service, bool alone);

/* Sends the echo, at the end reply and confirmation. True: the socket takes no more for now. */
bool answer(struct connection *c, const struct service *service);

/* Says so; with --once ends the process, exit 3. */
void client_died(struct connection *c, const struct service *service, const char *why);

#endif
