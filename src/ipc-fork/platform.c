/*
 * What is not POSIX: on Linux its own calls, elsewhere and with IPC_PORTABLE a portable fallback.
 */
#if defined __linux__ && !defined IPC_PORTABLE
#define ON_LINUX
#define _GNU_SOURCE
#endif
#include "platform.h"

#ifdef ON_LINUX
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

bool become_subreaper(void)
{
#ifdef ON_LINUX
    return prctl(PR_SET_CHILD_SUBREAPER, 1) == 0;
#else
    return false;
#endif
}

long thread_id(void)
{
#ifdef ON_LINUX
    return syscall(SYS_gettid);
#else
    return -1;
#endif
}
