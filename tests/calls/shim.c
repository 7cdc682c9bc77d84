/* SPDX-License-Identifier: MIT
 * Preloaded into a program: writes each call of the functions below to the file that IPC_CALLS
 * names, a line each:
 *
 *     begun process thread name callers six arguments = result errno
 *
 * begun is a time in nanoseconds: a call that a handler interrupts is written after the handler's.
 * callers are where in the program the call was made, and where the functions were called that led
 * there, as "a,b,c": addr2line(1) names the source files. Numbers are hexadecimal. Of some calls
 * the sixth argument is what decides in the structure that is passed.
 *
 * For x86-64 and glibc: every argument is in a register of its own, whatever its type, so one
 * wrapper serves all. No header declares them here, since each has another type there.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>

typedef long call(long, long, long, long, long, long);

enum {
    LOG = 900,
    OPEN_LOG = 02002102 /* O_RDWR, O_CREAT, O_APPEND, O_CLOEXEC */,
    F_DUPFD_CLOEXEC_ = 1030,
    SIGINT_ = 2
};
enum { SA_FLAGS_OFFSET = 136, EVENTS_OFFSET = 4, SEMBUF_SIZE = 6, SEM_FLAGS_OFFSET = 4 };

enum { FRAMES = 8 };
static uintptr_t base, end; /* of the program */
static int log_file = -1;
static const char *log_path;
extern long syscall(long number, ...);

/* The flags of a struct sigaction, of the first pollfd, of all sembufs. */
static long in_structure(const char *name, const long *arguments)
{
    const char *memory = (const char *)arguments[strcmp(name, "poll") == 0 ? 0 : 1];
    if (memory == NULL)
        return 0;
    if (strcmp(name, "sigaction") == 0) {
        uintptr_t handler;
        int flags;
        memcpy(&handler, memory, sizeof handler);
        memcpy(&flags, memory + SA_FLAGS_OFFSET, sizeof flags);
        return (long)((unsigned)flags & 0xfffffffcU) | (long)(handler < 2 ? handler + 1 : 0);
    }
    short word = 0, all = 0;
    if (strcmp(name, "poll") == 0)
        memcpy(&all, memory + EVENTS_OFFSET, sizeof all);
    for (long i = 0; strcmp(name, "semop") == 0 && i < arguments[2]; i++) {
        memcpy(&word, memory + i * SEMBUF_SIZE + SEM_FLAGS_OFFSET, sizeof word);
        all |= word;
    }
    return all;
}

static long long clock_now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void note(long long begun, const char *name, const long *a, long result, int error)
{
    char line[400], callers[100] = "";
    void *frames[FRAMES];
    const int depth = backtrace(frames, FRAMES);
    for (int i = 0, at = 0; i < depth; i++)
        if ((uintptr_t)frames[i] > base && (uintptr_t)frames[i] < end)
            at += snprintf(callers + at, sizeof callers - (size_t)at, "%s%lx", at > 0 ? "," : "",
                           (uintptr_t)frames[i] - base - 1);
    const int size =
        snprintf(line, sizeof line, "%lld %ld %ld %s %s %lx %lx %lx %lx %lx %lx = %lx %d\n", begun,
                 syscall(SYS_getpid), syscall(SYS_gettid), name, callers, a[0], a[1], a[2], a[3],
                 a[4], a[5], result, error);
    if (syscall(SYS_write, log_file, line, size) == -1) { /* closed, before an exec */
        log_file = (int)syscall(SYS_open, log_path, OPEN_LOG, 0600);
        syscall(SYS_write, log_file, line, size);
    }
}

/*
 * IPC_FAIL="send 32" has each call of that function fail with that errno instead; with EINTR after
 * a Ctrl-C, which goes to the whole process group.
 */
static int wanted_failure(const char *name)
{
    const char *failure = getenv("IPC_FAIL");
    const size_t length = strlen(name);
    return failure != NULL && strncmp(failure, name, length) == 0 ? atoi(failure + length) : 0;
}

static long pass_on(call *real, const char *name, long *a)
{
    const int before = errno;
    const int failure = wanted_failure(name);
    if (failure == EINTR)
        syscall(SYS_kill, 0, SIGINT_);
    errno = failure != 0 ? failure : before;
    if (failure != 0)
        return -1;
    const long long begun = clock_now();
    const long result = real(a[0], a[1], a[2], a[3], a[4], a[5]);
    const int after = errno;
    if (log_file != -1) {
        if (strcmp(name, "sigaction") == 0 || strcmp(name, "poll") == 0 ||
            strcmp(name, "semop") == 0)
            a[5] = in_structure(name, a);
        note(begun, name, a, result, after);
    }
    errno = after != 0 ? after : before;
    return result;
}

#define FUNCTIONS(F)                                                                               \
    F(open)                                                                                        \
    F(read)                                                                                        \
    F(write)                                                                                       \
    F(close)                                                                                       \
    F(pipe)                                                                                        \
    F(fork)                                                                                        \
    F(waitpid)                                                                                     \
    F(dup2)                                                                                        \
    F(fcntl)                                                                                       \
    F(poll)                                                                                        \
    F(mkfifo)                                                                                      \
    F(unlink)                                                                                      \
    F(stat)                                                                                        \
    F(fstat)                                                                                       \
    F(lseek)                                                                                       \
    F(ftruncate)                                                                                   \
    F(kill)                                                                                        \
    F(sigaction)                                                                                   \
    F(sigprocmask)                                                                                 \
    F(sigsuspend)                                                                                  \
    F(sigqueue)                                                                                    \
    F(pause)                                                                                       \
    F(setpgid)                                                                                     \
    F(setsid)                                                                                      \
    F(tcsetpgrp)                                                                                   \
    F(ftok)                                                                                        \
    F(msgget)                                                                                      \
    F(msgsnd)                                                                                      \
    F(msgrcv)                                                                                      \
    F(msgctl)                                                                                      \
    F(mq_open)                                                                                     \
    F(mq_send)                                                                                     \
    F(mq_receive)                                                                                  \
    F(mq_close)                                                                                    \
    F(mq_unlink)                                                                                   \
    F(shmget)                                                                                      \
    F(shmat)                                                                                       \
    F(shmdt)                                                                                       \
    F(shmctl)                                                                                      \
    F(shm_open)                                                                                    \
    F(shm_unlink)                                                                                  \
    F(mmap)                                                                                        \
    F(munmap)                                                                                      \
    F(mprotect)                                                                                    \
    F(msync)                                                                                       \
    F(semget)                                                                                      \
    F(semop)                                                                                       \
    F(semctl)                                                                                      \
    F(sem_open)                                                                                    \
    F(sem_close)                                                                                   \
    F(sem_unlink)                                                                                  \
    F(sem_init)                                                                                    \
    F(sem_destroy)                                                                                 \
    F(sem_wait)                                                                                    \
    F(sem_trywait)                                                                                 \
    F(sem_timedwait)                                                                               \
    F(sem_post)                                                                                    \
    F(sem_getvalue)                                                                                \
    F(pthread_mutex_init)                                                                          \
    F(pthread_mutex_lock)                                                                          \
    F(pthread_mutex_unlock)                                                                        \
    F(pthread_mutex_consistent)                                                                    \
    F(pthread_mutexattr_settype)                                                                   \
    F(pthread_mutexattr_setpshared)                                                                \
    F(pthread_mutexattr_setrobust)                                                                 \
    F(socket)                                                                                      \
    F(socketpair)                                                                                  \
    F(bind)                                                                                        \
    F(listen)                                                                                      \
    F(accept)                                                                                      \
    F(connect)                                                                                     \
    F(send)                                                                                        \
    F(recv)                                                                                        \
    F(sendto)                                                                                      \
    F(recvfrom)                                                                                    \
    F(sendmsg)                                                                                     \
    F(recvmsg)                                                                                     \
    F(shutdown)                                                                                    \
    F(setsockopt)                                                                                  \
    F(getsockname)                                                                                 \
    F(waitid)                                                                                      \
    F(umask)                                                                                       \
    F(pread)                                                                                       \
    F(pwrite)                                                                                      \
    F(getpid)                                                                                      \
    F(getppid)                                                                                     \
    F(lstat)                                                                                       \
    F(setrlimit)                                                                                   \
    F(prctl)                                                                                       \
    F(pthread_create)                                                                              \
    F(pthread_join)                                                                                \
    F(sigtimedwait)                                                                                \
    F(sigwaitinfo)                                                                                 \
    F(raise)                                                                                       \
    F(inet_pton)                                                                                   \
    F(getaddrinfo)                                                                                 \
    F(getsockopt)                                                                                  \
    F(getpeername)

#define POINTER(name) static call *real_##name;
FUNCTIONS(POINTER)

#define FIND(name) real_##name = (call *)(uintptr_t)dlsym(RTLD_NEXT, #name);
static void find_all(void){FUNCTIONS(FIND)}

/* exit() and the like are left alone; a child of vfork() would share what is written here. */
#define WRAPPER(name)                                                                              \
    long name(long a, long b, long c, long d, long e, long f);                                     \
    long name(long a, long b, long c, long d, long e, long f)                                      \
    {                                                                                              \
        if (real_##name == NULL) /* before our constructor: of another library */                  \
            find_all();                                                                            \
        return pass_on(real_##name, #name, (long[]){a, b, c, d, e, f});                            \
    }
FUNCTIONS(WRAPPER)

/* What _FILE_OFFSET_BITS=64 makes of them. */
#define WRAPPER_64(name)                                                                           \
    long name##64(long a, long b, long c, long d, long e, long f);                                 \
    long name##64(long a, long b, long c, long d, long e, long f)                                  \
    {                                                                                              \
        return pass_on(real_##name, #name, (long[]){a, b, c, d, e, f});                            \
    }
    WRAPPER_64(open) WRAPPER_64(fcntl) WRAPPER_64(stat) WRAPPER_64(fstat) WRAPPER_64(lseek)
        WRAPPER_64(ftruncate) WRAPPER_64(mmap) WRAPPER_64(lstat) WRAPPER_64(pread)
            WRAPPER_64(pwrite) WRAPPER_64(setrlimit)

/* These do not return where they succeed: told before. */
#define LAST_WRAPPER(name)                                                                         \
    long name(long a, long b, long c, long d, long e, long f);                                     \
    long name(long a, long b, long c, long d, long e, long f)                                      \
    {                                                                                              \
        call *const real = (call *)(uintptr_t)dlsym(RTLD_NEXT, #name);                             \
        if (log_file != -1)                                                                        \
            note(clock_now(), #name, (long[]){a, b, c, d, e, f}, 0, 0);                            \
        return real(a, b, c, d, e, f);                                                             \
    }
                LAST_WRAPPER(execvp) LAST_WRAPPER(_exit)

                    static int first_object(struct dl_phdr_info *info, size_t size, void *unused)
{
    (void)size;
    (void)unused;
    base = info->dlpi_addr;
    for (int i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_LOAD)
            end = base + info->dlpi_phdr[i].p_vaddr + info->dlpi_phdr[i].p_memsz;
    return 1;
}

/* Only in the suite's programs, not in a COMMAND: those are not about these calls. */
__attribute__((constructor)) static void begin(void)
{
    char program[300] = "";
    find_all();
    dl_iterate_phdr(first_object, NULL);
    const char *path = getenv("IPC_CALLS");
    if (path == NULL || syscall(SYS_readlink, "/proc/self/exe", program, sizeof program - 1) < 1 ||
        strstr(program, "/ipc-") == NULL)
        return;
    log_path = path;
    const int file = (int)syscall(SYS_open, path, OPEN_LOG, 0600);
    log_file = (int)syscall(SYS_fcntl, file, F_DUPFD_CLOEXEC_, LOG);
    syscall(SYS_close, file);
}
