/* SPDX-License-Identifier: MIT
 * The roles of ipc-socket, and what lessons and pair share: addresses, and waiting for sockets.
 */
#ifndef IPC_SOCKET_H
#define IPC_SOCKET_H

#include "ipc/common/argv.h"
#include "ipc/common/io.h"
#include "ipc/narration/narration.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

role_function socket_demo, socket_client, socket_server, socket_producer, socket_consumer;
role_function socket_halfclose, socket_datagram, socket_loss, socket_backlog, socket_reuse;
role_function socket_list, socket_pair, socket_pass, socket_bench;

/* An address of any family: any.sa_family says which. */
struct endpoint {
    union {
        struct sockaddr_storage storage; /* the first member: {0} clears it, and so all of them */
        struct sockaddr any;
        struct sockaddr_in ipv4;
        struct sockaddr_in6 ipv6;
        struct sockaddr_un local;
    };
    socklen_t length;
};

/* address.c: "127.0.0.1:8080", "[::1]:8080" or a path; returns text. */
enum { ADDRESS_TEXT_SIZE = 128 };
const char *address_text(const struct endpoint *endpoint, char text[ADDRESS_TEXT_SIZE]);

/* The address of a socket's own end. Fails (exits) as getsockname(2). */
struct endpoint own_endpoint(int socket);

/* That of a Unix socket; fails (exits) where the path is too long for the call. */
struct endpoint local_endpoint(const char *path, const char *call);

/* Port 0 of 127.0.0.1; a socket bound there, to a free port; one that connects to it; and both. */
struct endpoint loopback_endpoint(void);
int bound_socket(int type);
int connected_socket(int type, const struct endpoint *peer);
void connected_sockets(int type, int ends[2]);

/* socket_io.c: what went wrong on a socket since the last call, such as connecting; 0: nothing. */
int pending_error(int socket);

/* recv(2), made again after EINTR. */
ssize_t receive_some(int socket, void *bytes, size_t size, int flags);

/*
 * Waits for events by poll(2), or what is called like it, but polls before it sleeps, which is
 * told: how many came, 0 when so many milliseconds (-1: never) are over.
 */
typedef int poll_call(struct pollfd *watched, nfds_t count, int milliseconds);
int await_events(poll_call *call, struct pollfd *watched, size_t count, int milliseconds,
                 struct narration *n);

/* pass.c: one byte over a Unix socket, and beside it a descriptor. False and errno. */
bool send_descriptor(int socket, char byte, int descriptor);

/* recv(2) that takes a descriptor, too; *descriptor is -1 if none came beside the bytes. */
ssize_t receive_descriptor(int socket, void *bytes, size_t size, int *descriptor);

/* lesson_socket.c: "3", or "-1  EAGAIN" from errno. */
struct outcome {
    char text[64];
};
struct outcome outcome(ssize_t result);

/* SO_RCVTIMEO or SO_SNDTIMEO: how long a call may sleep. */
void set_timeout(int socket, int option, int milliseconds);

/* send(2) of a text, told before it is made; recv(2) of up to 100 bytes, and why it slept. */
int narrate_send(struct narration *n, enum column column, int socket, const char *text);
ssize_t narrate_recv(struct narration *n, enum column column, int socket, const char *why);

/* The prompt of --step names the line of the lesson, not that of its helper. */
#define narrate_send(...) (narrate_here(__FILE__, __LINE__), (narrate_send)(__VA_ARGS__))
#define narrate_recv(...) (narrate_here(__FILE__, __LINE__), (narrate_recv)(__VA_ARGS__))

#endif
