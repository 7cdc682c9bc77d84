/* SPDX-License-Identifier: MIT
 * What is not POSIX, each with a portable fallback. CMakeLists.txt says ON_LINUX where it may.
 */
#include "platform.h"

#include <stdio.h>
#include <sys/msg.h>
#ifdef ON_LINUX
#include <sys/resource.h>
#endif

bool sysv_queue_limits(struct sysv_queue_limits *limits)
{
#ifdef ON_LINUX
    struct msginfo all, used;
    if (msgctl(0, IPC_INFO, (struct msqid_ds *)&all) != -1 &&
        msgctl(0, MSG_INFO, (struct msqid_ds *)&used) != -1) { /* queues, messages, bytes */
        *limits = (struct sysv_queue_limits){all.msgmax,   all.msgmnb,  all.msgmni,
                                             used.msgpool, used.msgmap, used.msgtql};
        return true;
    }
#endif
    *limits = (struct sysv_queue_limits){-1, -1, -1, -1, -1, -1};
    return false;
}

long queue_bytes(const struct msqid_ds *status)
{
#ifdef ON_LINUX
    return (long)status->__msg_cbytes; /* glibc's and musl's name for it under every macro */
#else
    (void)status;
    return -1;
#endif
}

#ifdef ON_LINUX
/* The number in a file of /proc, -1 without it. */
static long number_in(const char *path)
{
    long number = -1;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return -1;
    if (fscanf(file, "%ld", &number) != 1)
        number = -1;
    fclose(file);
    return number;
}
#endif

void posix_queue_limits(struct posix_queue_limits *limits)
{
    *limits = (struct posix_queue_limits){-1, -1, -1, -1};
#ifdef ON_LINUX
    struct rlimit limit;
    limits->messages = number_in("/proc/sys/fs/mqueue/msg_max");
    limits->size = number_in("/proc/sys/fs/mqueue/msgsize_max");
    limits->queues = number_in("/proc/sys/fs/mqueue/queues_max");
    if (getrlimit(RLIMIT_MSGQUEUE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        limits->per_user = (long long)limit.rlim_cur;
#endif
}
