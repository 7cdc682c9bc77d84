/*
 * The ends of a FIFO: opened without sleeping, so that a time limit can end the wait for the other.
 */
#include "fifo.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Between the look at a name and open() another file may have taken it. */
static int checked(int end, const char *path)
{
    struct stat status;
    if (fstat(end, &status) == -1)
        fail("fstat", path);
    fifo_check(path, &status);
    make_fast(end);
    return end;
}

int fifo_open_read(const char *path)
{
    const int end = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
    if (end == -1)
        fail("open", path);
    return checked(end, path);
}

bool fifo_is_there(const char *path, int end)
{
    struct stat named, opened;
    return fstat(end, &opened) == 0 && lstat(path, &named) == 0 && named.st_dev == opened.st_dev &&
           named.st_ino == opened.st_ino;
}

int fifo_try_write(const char *path)
{
    int end;
    do
        end = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
    while (end == -1 && interrupted());
    if (end == -1 && errno != ENXIO)
        fail("open", path);
    return end == -1 ? -1 : checked(end, path);
}

/* Nobody would wake us from that wait when the time is over, so we try again and again. */
int fifo_open_write(const char *path, uint64_t deadline)
{
    int end;
    bool told = false;
    const uint64_t began = now();
    for (uint64_t pause = 100 * MICROSECOND; (end = fifo_try_write(path)) == -1;) {
        if (now() >= deadline)
            fail_that(EXIT_PEER, "no consumer came to \"%s\" in time", path);
        if (!told && now() - began > SECOND / 5) {
            say("waiting for a consumer");
            told = true;
        }
        sleep_for(pause);
        pause = pause < 20 * MILLISECOND ? 2 * pause : pause;
    }
    return end;
}
