/* SPDX-License-Identifier: MIT
 * The file of a server's Unix socket: made by bind(), removed at the end, and replaced where a
 * server that was killed has left it.
 */
#include "client_server.h"

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
 * A socket of the other type asks: a living stream socket says EPROTOTYPE (connect(3p)), and does
 * not take it for a client; a stale file says ECONNREFUSED.
 */
bool is_held_socket(const struct endpoint *endpoint)
{
    const int asking = or_fail(socket(AF_UNIX, SOCK_DGRAM, 0), "socket", NULL);
    const int error = connect(asking, &endpoint->any, endpoint->length) == 0 ? EPROTOTYPE : errno;
    close(asking);
    errno = error;
    return error != ECONNREFUSED && error != ENOENT;
}

/* A server that was killed leaves its file, which nobody can bind again. */
static void remove_stale_file(const struct endpoint *endpoint, const char *path)
{
    struct stat status;
    if (lstat(path, &status) == -1)
        return;
    if (!S_ISSOCK(status.st_mode))
        fail_that(EXIT_FAILED, "bind \"%s\": it exists and is not a socket: left alone", path);
    if (status.st_uid != geteuid())
        fail_that(EXIT_FAILED, "bind \"%s\": it belongs to user %ld: left alone", path,
                  (long)status.st_uid);
    if (is_held_socket(endpoint))
        fail_that(EXIT_FAILED,
                  "bind \"%s\": %s\n  another server uses that socket: choose another --path or "
                  "--name",
                  path, strerror(errno == EPROTOTYPE ? EADDRINUSE : errno));
    if (unlink(path) == -1 && errno != ENOENT)
        fail("unlink", path);
}

/*
 * bind() makes the file. Two servers that find the same stale file take turns, at a lock without a
 * file. Give up after a second: ours hold it for microseconds, so whoever keeps it is none of ours.
 */
void bind_socket_file(int sock, const struct endpoint *endpoint, const char *path)
{
    char name[64];
    snprintf(name, sizeof name, "ipc-socket lock %ld", (long)geteuid());
    const int lock = or_fail(socket(AF_UNIX, SOCK_STREAM, 0), "socket", path);
    const uint64_t deadline = now() + SECOND;
    while (!bind_abstract(lock, name) && errno == EADDRINUSE && now() < deadline)
        sleep_for(MILLISECOND);
    remove_stale_file(endpoint, path);
    const mode_t mask = umask(S_IXUSR | S_IRWXG | S_IRWXO);
    or_fail(bind(sock, &endpoint->any, endpoint->length), "bind", path);
    umask(mask);
    if (lstat(path, &own_file) == -1) {
        unlink(path);
        fail("lstat", path);
    }
    own_file_handle = undo_at_end(remove_socket_file, path, 0);
    close(lock);
}

void close_server(int listener)
{
    if (own_endpoint(listener).any.sa_family == AF_UNIX)
        undo_now(own_file_handle);
    close(listener);
}
