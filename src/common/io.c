/* SPDX-License-Identifier: MIT
 * Reading and writing.
 */
#include "ipc/common/io.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/error.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

ssize_t read_some(int descriptor, void *bytes, size_t size)
{
    ssize_t got;
    end_if_signalled();
    do
        got = read(descriptor, bytes, size);
    while (got == -1 && interrupted());
    return got;
}

ssize_t write_some(int descriptor, const void *bytes, size_t size)
{
    ssize_t written;
    end_if_signalled();
    do
        written = write(descriptor, bytes, size);
    while (written == -1 && interrupted());
    return written;
}

ssize_t read_full(int descriptor, void *bytes, size_t size)
{
    size_t filled = 0;
    ssize_t got = 1;
    while (filled < size && got > 0) {
        got = read_some(descriptor, (char *)bytes + filled, size - filled);
        filled += got > 0 ? (size_t)got : 0;
    }
    return got == -1 ? -1 : (ssize_t)filled;
}

bool write_full(int descriptor, const void *bytes, size_t size)
{
    for (size_t sent = 0; sent < size;) {
        const ssize_t written = write_some(descriptor, (const char *)bytes + sent, size - sent);
        if (written >= 0)
            sent += (size_t)written;
        else if (errno != EAGAIN) /* standard output may be non-blocking: others share it */
            return false;
        else
            wait_ready(descriptor, POLLOUT, -1);
    }
    return true;
}

void flush_output(void)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        fail_output();
}

bool close_written(int descriptor)
{
    return close(descriptor) == 0 || errno == EINTR; /* EINTR: closed all the same, on Linux */
}

bool wait_ready(int descriptor, short events, int milliseconds)
{
    struct pollfd watched = {.fd = descriptor, .events = events};
    const uint64_t end = now() + (uint64_t)(milliseconds < 0 ? 0 : milliseconds) * MILLISECOND;
    for (;;) {
        end_if_signalled();
        /* a timer may interrupt more often than that: so what is left, not all of it again */
        const uint64_t time = now(), left = end > time ? end - time + MILLISECOND - 1 : 0;
        const int ready = poll(&watched, 1, milliseconds < 0 ? -1 : (int)(left / MILLISECOND));
        if (ready != -1)
            return ready != 0;
        if (!interrupted())
            fail("poll", NULL);
    }
}
