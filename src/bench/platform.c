/* SPDX-License-Identifier: MIT
 * What is not POSIX, each with a portable fallback. CMakeLists.txt says ON_LINUX where it may.
 */
#include "ipc/bench/platform.h"

#include "ipc/common/error.h"

struct placement placement;

#ifdef ON_LINUX
#include <sched.h>
#include <stdio.h>
#include <string.h>

static cpu_set_t allowed; /* at first; empty where nobody can be pinned */

/* Whether such a file, a list of processors, is the same for both: then it lists both. */
static bool in_one(const char *file, int processor, int other)
{
    char path[96], lists[2][256] = {"", ""};
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%d/%s", i ? other : processor,
                 file);
        FILE *list = fopen(path, "r");
        if (list != NULL && fgets(lists[i], sizeof lists[i], list) == NULL)
            lists[i][0] = '\0';
        if (list != NULL)
            fclose(list);
    }
    return lists[0][0] != '\0' && strcmp(lists[0], lists[1]) == 0;
}

static enum sharing sharing_of(int processor, int other)
{
    if (in_one("topology/thread_siblings_list", processor, other))
        return SHARE_A_CORE;
    if (in_one("cache/index3/shared_cpu_list", processor, other) ||
        in_one("cache/index2/shared_cpu_list", processor, other))
        return SHARE_A_CACHE;
    return SHARE_NEITHER;
}
#endif

void choose_processors(void)
{
#ifdef ON_LINUX
    if (sched_getaffinity(0, sizeof allowed, &allowed) == -1 ||
        sched_setaffinity(0, sizeof allowed, &allowed) == -1)
        CPU_ZERO(&allowed);
    for (int processor = 0; processor < CPU_SETSIZE; processor++) {
        if (!CPU_ISSET((size_t)processor, &allowed))
            continue;
        if (++placement.count == 1)
            placement.first = processor;
        const enum sharing sharing = sharing_of(placement.first, processor);
        if (placement.count == 2 || (placement.count > 2 && sharing > placement.sharing)) {
            placement.second = processor;
            placement.sharing = sharing;
        }
    }
#endif
}

void run_on(int processor)
{
#ifdef ON_LINUX
    cpu_set_t set = allowed;
    if (CPU_COUNT(&allowed) == 0)
        return;
    if (processor != -1) {
        CPU_ZERO(&set);
        CPU_SET((size_t)processor, &set);
    }
    or_fail(sched_setaffinity(0, sizeof set, &set), "sched_setaffinity", NULL);
#endif
    (void)processor;
}
