/*
 * ipc-socket server: prints what its clients send.
 *
 * socket, bind, listen here; accept and what follows in connections.c (streams) and datagrams.c.
 */
#include "socket.h"

#include "ipc/cleanup.h"
#include "ipc/clock.h"
#include "ipc/platform.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static struct stat own_file;
static size_t own_file_handle;

/* An undo_action: removes our socket file, but not one that another server put in its place. */
static void remove_socket_file(const char *path, int id)
{
    (void)id;
    struct stat status;
    if (lstat(path, &status) == 0 && status.st_ino == own_file.st_ino &&
        status.st_dev == own_file.st_dev)
        unlink(path);
}

/*
 * A server that was killed leaves its file, which nobody can bind again. Whether somebody still
 * holds it is asked with a socket of the other type: a living stream socket then says EPROTOTYPE
 * (connect(3p)) and does not get a client that is none, a stale file says ECONNREFUSED.
 */
static void remove_stale_file(const struct endpoint *endpoint, const char *path)
{
    struct stat status;
    if (lstat(path, &status) == -1)
        return;
    if (!S_ISSOCK(status.st_mode))
        fail_that(EXIT_FAILED, "bind \"%s\": it exists and is not a socket: left alone", path);
    const int asking = socket(AF_UNIX, SOCK_DGRAM, 0);
    if (asking == -1)
        fail("socket", path);
    const int result =
        connect(asking, (const struct sockaddr *)&endpoint->address, endpoint->length);
    if (result == 0 || errno != ECONNREFUSED)
        fail_that(EXIT_FAILED,
                  "bind \"%s\": %s\n  another server uses that socket: choose another --path or "
                  "--name",
                  path, strerror(result == 0 || errno == EPROTOTYPE ? EADDRINUSE : errno));
    close(asking);
    if (status.st_uid != geteuid())
        fail_that(EXIT_FAILED, "bind \"%s\": it belongs to user %ld: left alone", path,
                  (long)status.st_uid);
    if (unlink(path) == -1 && errno != ENOENT)
        fail("unlink", path);
}

/* bind() makes the file. Two that find the same stale one take turns, at a door without a file. */
static void bind_local(int sock, const struct endpoint *endpoint, const char *path)
{
    char name[64];
    snprintf(name, sizeof name, "ipc-socket door %ld", (long)geteuid());
    const int door = socket(AF_UNIX, SOCK_STREAM, 0);
    if (door == -1)
        fail("socket", path);
    while (!bind_abstract(door, name) && errno == EADDRINUSE)
        sleep_for(MILLISECOND); /* its holder needs microseconds, and cannot keep it by dying */
    remove_stale_file(endpoint, path);
    const mode_t mask = umask(S_IXUSR | S_IRWXG | S_IRWXO);
    if (bind(sock, (const struct sockaddr *)&endpoint->address, endpoint->length) == -1)
        fail("bind", path);
    umask(mask);
    if (lstat(path, &own_file) == 0)
        own_file_handle = undo_at_end(remove_socket_file, path, 0);
    close(door);
}

void close_server(int listener)
{
    struct sockaddr_storage bound = {0};
    socklen_t length = sizeof bound;
    if (getsockname(listener, (struct sockaddr *)&bound, &length) == 0 &&
        bound.ss_family == AF_UNIX)
        undo_now(own_file_handle);
    close(listener);
}

static void warn_of_every_interface(const struct sockaddr_storage *address, const char *text)
{
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    memcpy(&in, address, sizeof in);
    memcpy(&in6, address, sizeof in6);
    if ((address->ss_family == AF_INET && in.sin_addr.s_addr == htonl(INADDR_ANY)) ||
        (address->ss_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&in6.sin6_addr)))
        complain_that("warning: %s is every interface: whoever reaches this machine can connect",
                      text);
}

/* The first endpoint that can be bound. */
static int open_server(const struct where *where, struct narration *n)
{
    struct endpoint endpoints[ENDPOINTS_MOST];
    const size_t count = resolve(where, "bind", endpoints);
    char text[ADDRESS_TEXT];
    const int on = 1;
    for (size_t i = 0;; i++) {
        address_text(&endpoints[i].address, endpoints[i].length, text);
        const int family = endpoints[i].address.ss_family;
        const int sock = socket(family, where->udp ? SOCK_DGRAM : SOCK_STREAM, 0);
        if (sock == -1)
            fail("socket", text);
        narrate(n, LEFT, "socket() = %d", sock);
        prepare_socket(sock, where);
        /* a predecessor's connections in TIME_WAIT are no reason to refuse; see `reuse` */
        if (!where->local && !where->udp)
            setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        if (where->ipv6)
            setsockopt(sock, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
        narrate(n, LEFT, "bind(%d, %s)", sock, text);
        if (where->local) {
            bind_local(sock, &endpoints[i], text);
        } else if (bind(sock, (const struct sockaddr *)&endpoints[i].address,
                        endpoints[i].length) == -1) {
            if (i + 1 == count)
                fail("bind", text);
            close(sock);
            continue;
        }
        if (!where->udp && listen(sock, SOMAXCONN) == -1)
            fail("listen", text);
        if (!where->udp)
            narrate(n, LEFT, "listen(%d, %d)", sock, SOMAXCONN);
        struct sockaddr_storage bound = {0};
        socklen_t length = sizeof bound;
        if (getsockname(sock, (struct sockaddr *)&bound, &length) == -1)
            fail("getsockname", text);
        warn_of_every_interface(&bound, address_text(&bound, length, text));
        say("listening on %s%s", text, where->udp ? " (UDP)" : "");
        return sock;
    }
}

int run_server(const struct role *role, int argc, char **argv, bool consumer)
{
    struct where where = WHERE_DEFAULT;
    struct service service = {.role = role->name, .once = consumer};
    double timeout = NOT_GIVEN;
    bool verbose = false;
    struct option_row options[] = {
        OPTIONS_WHERE(&where, 0),
        {.name = "echo", .flag = &service.echo, .help = "return everything, besides printing it"},
        {.name = "reply",
         .argument = "TEXT",
         .text = &service.reply,
         .help = "answer TEXT when a client has finished sending"},
        OPTION_TIMEOUT(&timeout),
        OPTION_QUIET,
        OPTION_VERBOSE(&verbose),
        {.name = "once", .flag = &service.once, .help = "end after the first client"},
        {0}};
    const size_t last = sizeof options / sizeof *options - 2;
    if (consumer)
        options[last] = (struct option_row){0}; /* it is that already */
    parse_arguments(role, argc, argv, options, 0);
    check_where(role, &where);
    if (where.udp && service.reply != NULL && strlen(service.reply) > DATAGRAM_MOST)
        usage_error(role, "--reply: more than %d bytes, which is a datagram's most", DATAGRAM_MOST);
    const uint64_t patience = nanoseconds_of(timeout);
    service.deadline = patience == UINT64_MAX ? UINT64_MAX : now() + patience;
    service.narration = verbose ? narration_open(STDERR_FILENO, role->name, NULL, 0) : NULL;
    const int sock = open_server(&where, service.narration);
    return where.udp ? serve_datagrams(sock, &service) : serve_connections(sock, &service);
}

int socket_server(const struct role *role, int argc, char **argv)
{
    return run_server(role, argc, argv, false);
}
