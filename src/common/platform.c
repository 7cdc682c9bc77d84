/*
 * What is not POSIX: Linux where there is Linux, a portable fallback elsewhere. IPC_PORTABLE
 * compiles the fallbacks.
 */
#if defined __linux__ && !defined IPC_PORTABLE
#define ON_LINUX
#define _GNU_SOURCE
#endif
#include "ipc/common/platform.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#ifdef ON_LINUX
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

void *shared_memory(size_t size)
{
#ifdef ON_LINUX
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
#else
    char name[64];
    snprintf(name, sizeof name, "/ipc-demos-anonymous-%ld", (long)getpid());
    const int object = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (object == -1)
        return NULL;
    shm_unlink(name);
    void *memory = MAP_FAILED;
    if (ftruncate(object, (off_t)size) == 0)
        memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, object, 0);
    close(object);
    return memory == MAP_FAILED ? NULL : memory;
#endif
}

bool signal_when_parent_ends(int number)
{
#ifdef ON_LINUX
    return prctl(PR_SET_PDEATHSIG, number) == 0;
#else
    (void)number;
    return false;
#endif
}

void close_descriptors_from(int first)
{
#if defined ON_LINUX && defined SYS_close_range
    if (syscall(SYS_close_range, first, ~0U, 0) == 0)
        return;
#endif
    const long limit = sysconf(_SC_OPEN_MAX);
    for (int descriptor = first; descriptor < (limit > 0 ? limit : 1024); descriptor++)
        close(descriptor);
}

/*
 * Reads /proc/PID/stat: "pid (program) state ...". The program's name may hold ')' itself. A /proc
 * of another PID namespace than ours would speak of other processes: pid_namespaces(7).
 */
static bool read_stat(pid_t process, char *text, size_t size)
{
#ifdef ON_LINUX
    char path[64], self[32];
    const ssize_t length = readlink("/proc/self", self, sizeof self - 1);
    self[length > 0 ? length : 0] = '\0';
    if (atol(self) != (long)getpid())
        return false;
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)process);
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file == -1)
        return false;
    const ssize_t got = read(file, text, size - 1);
    close(file);
    text[got > 0 ? got : 0] = '\0';
    return got > 0 && strchr(text, '(') != NULL && strrchr(text, ')') != NULL;
#else
    (void)process;
    (void)text;
    (void)size;
    return false;
#endif
}

const char *program_of(pid_t process, char *buffer, size_t size)
{
    char text[512];
    if (!read_stat(process, text, sizeof text)) {
        snprintf(buffer, size, "?");
        return buffer;
    }
    *strrchr(text, ')') = '\0';
    snprintf(buffer, size, "%s", strchr(text, '(') + 1);
    return buffer;
}

char state_of(pid_t process)
{
    char text[512];
    if (!read_stat(process, text, sizeof text))
        return '?';
    const char *end = strrchr(text, ')');
    return end[1] == ' ' ? end[2] : '?';
}
