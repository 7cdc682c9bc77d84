/*
 * What is not POSIX, each with a portable fallback. CMakeLists.txt says ON_LINUX where it may.
 */
#include "ipc/common/platform.h"

#include "ipc/common/error.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#ifdef ON_LINUX
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

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
