/* SPDX-License-Identifier: MIT
 * What is not POSIX, each with a portable fallback. CMakeLists.txt says ON_LINUX where it may.
 */
#include "ipc/common/platform.h"

#include <unistd.h>
#ifdef ON_LINUX
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

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
