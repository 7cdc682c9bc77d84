/*
 * What is not POSIX, each with a portable fallback. CMakeLists.txt says ON_LINUX where it may.
 */
#include "ipc/transfer/platform.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#ifdef ON_LINUX
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
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
