/*
 * What is not POSIX, each with a portable fallback. CMakeLists.txt says ON_LINUX where it may.
 */
#include "platform.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

bool bind_abstract(int socket, const char *name)
{
#ifdef ON_LINUX
    struct sockaddr_un address = {.sun_family = AF_UNIX}; /* sun_path[0] == 0: abstract, unix(7) */
    const size_t length = strlen(name);
    if (length < sizeof address.sun_path) {
        memcpy(address.sun_path + 1, name, length);
        return bind(socket, (const struct sockaddr *)&address,
                    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length)) == 0;
    }
#endif
    (void)socket;
    (void)name;
    errno = EOPNOTSUPP;
    return false;
}

pid_t peer_process(int socket)
{
#ifdef ON_LINUX
    struct ucred peer;
    socklen_t length = sizeof peer;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0)
        return peer.pid;
#endif
    (void)socket;
    return 0;
}

int reuse_port_option(void)
{
#ifdef SO_REUSEPORT
    return SO_REUSEPORT;
#else
    return 0;
#endif
}
