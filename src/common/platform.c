/*
 * What is not POSIX, each with a portable fallback. CMakeLists.txt says ON_LINUX where it may.
 */
#include "ipc/common/platform.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
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
