/* SPDX-License-Identifier: MIT
 * To be preloaded: what moves bytes moves half of them only. Not where the kernel moves all or
 * nothing: little, and messages (of a socket with boundaries).
 */
#define _GNU_SOURCE
#include <limits.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static size_t half(int descriptor, size_t size)
{
    int type;
    socklen_t length = sizeof type;
    const int is_socket = getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &length) == 0;
    return size <= PIPE_BUF || (is_socket && type != SOCK_STREAM) ? size : size / 2;
}

ssize_t read(int descriptor, void *bytes, size_t size)
{
    return syscall(SYS_read, descriptor, bytes, half(descriptor, size));
}

ssize_t write(int descriptor, const void *bytes, size_t size)
{
    return syscall(SYS_write, descriptor, bytes, half(descriptor, size));
}

ssize_t recv(int descriptor, void *bytes, size_t size, int flags)
{
    return syscall(SYS_recvfrom, descriptor, bytes, half(descriptor, size), flags, NULL, NULL);
}

ssize_t send(int descriptor, const void *bytes, size_t size, int flags)
{
    return syscall(SYS_sendto, descriptor, bytes, half(descriptor, size), flags, NULL);
}

ssize_t sendfile(int to, int from, off_t *offset, size_t size)
{
    return syscall(SYS_sendfile, to, from, offset, half(to, size));
}
