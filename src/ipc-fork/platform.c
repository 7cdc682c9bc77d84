/*
 * What is not POSIX: Linux where there is Linux, a portable fallback elsewhere. IPC_PORTABLE
 * compiles the fallbacks.
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
