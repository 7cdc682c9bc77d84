/* SPDX-License-Identifier: MIT
 * Preloaded into a program, as the environment says:
 *
 *     SHIM_LOADED=FILE    FILE is made, so that a test knows that this was loaded
 *     SHIM_DIES=NAME      a program of that name is killed before it begins
 *     SHIM_AHEAD=SECONDS  CLOCK_REALTIME is so far ahead, as if it were set back later
 *     SHIM_KILL=CALL      killed as soon as this call has made an object, whose id or name is then
 *     SHIM_MADE=FILE      in FILE
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long ahead;
static const char *deadly = "", *made;

__attribute__((constructor)) static void load(void)
{
    const char *mark = getenv("SHIM_LOADED"), *seconds = getenv("SHIM_AHEAD");
    const char *dies = getenv("SHIM_DIES");
    if (dies != NULL && strcmp(dies, program_invocation_short_name) == 0)
        raise(SIGKILL);
    if (mark != NULL)
        close(open(mark, O_CREAT | O_WRONLY, 0600));
    if (seconds != NULL)
        ahead = atol(seconds);
    if (getenv("SHIM_KILL") != NULL)
        deadly = getenv("SHIM_KILL");
    made = getenv("SHIM_MADE");
}

int clock_gettime(clockid_t clock, struct timespec *result)
{
    const int status = (int)syscall(SYS_clock_gettime, clock, result);
    if (clock == CLOCK_REALTIME)
        result->tv_sec += ahead;
    return status;
}

static int killed(const char *call, int result, const char *name)
{
    if (result == -1 || strcmp(call, deadly) != 0)
        return result;
    FILE *file = fopen(made, "w");
    if (name != NULL)
        fprintf(file, "%s\n", name);
    else
        fprintf(file, "%d\n", result);
    fclose(file);
    raise(SIGKILL);
    return result;
}

#define REAL(call) ((__typeof__(&(call)))dlsym(RTLD_NEXT, #call))

int shmget(key_t key, size_t size, int flags)
{
    const int id = REAL(shmget)(key, size, flags);
    return flags & IPC_CREAT ? killed("shmget", id, NULL) : id;
}

int msgget(key_t key, int flags)
{
    const int id = REAL(msgget)(key, flags);
    return flags & IPC_CREAT || key == IPC_PRIVATE ? killed("msgget", id, NULL) : id;
}

int shm_open(const char *name, int flags, mode_t mode)
{
    const int object = REAL(shm_open)(name, flags, mode);
    return flags & O_CREAT ? killed("shm_open", object, name) : object;
}

mqd_t mq_open(const char *name, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    struct mq_attr *attributes = flags & O_CREAT ? va_arg(rest, struct mq_attr *) : NULL;
    va_end(rest);
    const mqd_t queue = REAL(mq_open)(name, flags, mode, attributes);
    return flags & O_CREAT ? killed("mq_open", queue, name) : queue;
}
