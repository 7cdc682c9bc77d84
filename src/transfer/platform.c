/* SPDX-License-Identifier: MIT
 * What is not POSIX, each with a portable fallback. CMakeLists.txt says ON_LINUX where it may.
 */
#include "ipc/transfer/platform.h"

#include "ipc/common/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <time.h>
#include <unistd.h>
#ifdef ON_LINUX
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>

/* linux/futex.h, which musl does not bring; without FUTEX_PRIVATE_FLAG: for several processes. */
enum { FUTEX_WAIT, FUTEX_WAKE };
#ifdef SYS_futex
typedef long futex_time; /* whatever time_t is */
#else
enum { SYS_futex = SYS_futex_time64 };
typedef int64_t futex_time;
#endif
const char way_of_sleeping[] = "futex";
#else
const char way_of_sleeping[] = "nanosleep";
#endif

long processors_available(void)
{
#ifdef ON_LINUX
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        return CPU_COUNT(&set);
#endif
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? online : 1;
}

size_t enlarge_pipe(int descriptor, size_t size)
{
#ifdef ON_LINUX
    fcntl(descriptor, F_SETPIPE_SZ, (int)size); /* EPERM above pipe-max-size: it stays as it is */
    const int now = fcntl(descriptor, F_GETPIPE_SZ);
    if (now > 0)
        return (size_t)now;
#endif
    (void)descriptor;
    (void)size;
    return 65536;
}

long bytes_in_pipe(int descriptor)
{
#ifdef ON_LINUX
    int bytes;
    if (ioctl(descriptor, FIONREAD, &bytes) == 0)
        return bytes;
#endif
    (void)descriptor;
    return 0;
}

ssize_t send_from_file(int to, int file, size_t size)
{
#ifdef ON_LINUX
    return sendfile(to, file, NULL, size);
#else
    (void)to;
    (void)file;
    (void)size;
    errno = EINVAL;
    return -1;
#endif
}

ssize_t splice_some(int from, int to, size_t size)
{
#ifdef ON_LINUX
    return splice(from, NULL, to, NULL, size, SPLICE_F_NONBLOCK);
#else
    (void)from;
    (void)to;
    (void)size;
    errno = EINVAL;
    return -1;
#endif
}

/* Its time is that of CLOCK_MONOTONIC. What it cannot do here (ENOSYS) is done by looking. */
void sleep_while(_Atomic uint32_t *word, uint32_t value, uint64_t nanoseconds)
{
#ifdef ON_LINUX
    const futex_time limit[] = {(futex_time)(nanoseconds / SECOND),
                                (futex_time)(nanoseconds % SECOND)};
    if (syscall(SYS_futex, word, FUTEX_WAIT, value, limit) == 0 || errno == EAGAIN ||
        errno == EINTR || errno == ETIMEDOUT)
        return;
#endif
    for (const uint64_t until = now() + nanoseconds; atomic_load(word) == value && now() < until;)
        if (nanosleep(&(struct timespec){.tv_nsec = MILLISECOND}, NULL) == -1)
            return;
}

void wake_sleepers(_Atomic uint32_t *word)
{
#ifdef ON_LINUX
    syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX);
#else
    (void)word;
#endif
}
