/* SPDX-License-Identifier: MIT
 * What is not POSIX, each with a portable fallback. CMakeLists.txt says ON_LINUX where it may.
 */
#include "ipc/narration/platform.h"

#include "ipc/common/error.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#ifdef ON_LINUX
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#endif

enum { STAT_SIZE = 512 };

void *shared_memory(size_t size)
{
    int object = -1, flags = MAP_SHARED;
#ifdef ON_LINUX
    flags |= MAP_ANONYMOUS;
#else
    char name[64];
    snprintf(name, sizeof name, "/ipc-demos-anonymous-%ld", (long)getpid());
    object = or_fail(shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600), "shm_open", name);
    shm_unlink(name);
    or_fail(ftruncate(object, (off_t)size), "ftruncate", name);
#endif
    void *memory = memory_or_fail(mmap(NULL, size, PROT_READ | PROT_WRITE, flags, object, 0),
                                  "mmap", "shared memory");
    if (object != -1)
        close(object);
    return memory;
}

/*
 * What /proc/PID/stat begins with: "pid (program) state"; "(?) ?" where that is unknown. The
 * program's name may hold ')' itself. A /proc of another PID namespace than ours would speak of
 * other processes: pid_namespaces(7).
 */
static void read_stat(pid_t process, char text[STAT_SIZE])
{
    ssize_t got = 0;
#ifdef ON_LINUX
    char path[64], self[32];
    const ssize_t length = readlink("/proc/self", self, sizeof self - 1);
    self[length > 0 ? length : 0] = '\0';
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)process);
    const int file = atol(self) == (long)getpid() ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file != -1) {
        got = read(file, text, STAT_SIZE - 1);
        close(file);
    }
#endif
    (void)process;
    text[got > 0 ? got : 0] = '\0';
    if (strchr(text, '(') == NULL || strstr(text, ") ") == NULL)
        snprintf(text, STAT_SIZE, "(?) ?");
}

const char *program_of(pid_t process, char *buffer, size_t size)
{
    char text[STAT_SIZE];
    read_stat(process, text);
    *strrchr(text, ')') = '\0';
    snprintf(buffer, size, "%s", strchr(text, '(') + 1);
    return buffer;
}

char state_of(pid_t process)
{
    char text[STAT_SIZE];
    read_stat(process, text);
    return strrchr(text, ')')[2];
}

pid_t thread_id(void)
{
#ifdef ON_LINUX
    return (pid_t)syscall(SYS_gettid);
#else
    static atomic_int threads;
    static _Thread_local int number = -1; /* a forked child goes on with that of its thread */
    if (number == -1)
        number = atomic_fetch_add(&threads, 1);
    return getpid() + (number << 22); /* a process number has at most 22 bits */
#endif
}

long voluntary_switches(void)
{
#ifdef ON_LINUX
    struct rusage usage;
    return getrusage(RUSAGE_THREAD, &usage) == 0 ? usage.ru_nvcsw : -1;
#else
    return -1;
#endif
}

long terminal_width(int descriptor)
{
#ifdef TIOCGWINSZ
    struct winsize size;
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
#else
    (void)descriptor;
    return 0;
#endif
}
