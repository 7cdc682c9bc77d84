/* SPDX-License-Identifier: MIT
 * What is not POSIX, each with a portable fallback. CMakeLists.txt says ON_LINUX where it may.
 */
#include "platform.h"

#ifdef ON_LINUX
#include <sys/prctl.h>
#endif

bool become_subreaper(void)
{
#ifdef ON_LINUX
    return prctl(PR_SET_CHILD_SUBREAPER, 1) == 0;
#else
    return false;
#endif
}
