/*
 * The one file that uses more than POSIX: Linux where there is Linux, a portable fallback
 * elsewhere.
 */
#define _GNU_SOURCE
#include "ipc/common/platform.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#include <sys/sendfile.h>
#endif

void *shared_memory(size_t size)
{
#ifdef MAP_ANONYMOUS
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

long processors_available(void)
{
#ifdef __linux__
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        return CPU_COUNT(&set);
#endif
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? online : 1;
}

size_t enlarge_pipe(int descriptor, size_t size)
{
#ifdef F_SETPIPE_SZ
    fcntl(descriptor, F_SETPIPE_SZ, (int)size); /* EPERM above pipe-max-size: it stays as it is */
    const int now = fcntl(descriptor, F_GETPIPE_SZ);
    if (now > 0)
        return (size_t)now;
#endif
    (void)descriptor;
    (void)size;
    return 65536;
}

long bytes_in_pipe(int descriptor)
{
#ifdef FIONREAD
    int bytes;
    if (ioctl(descriptor, FIONREAD, &bytes) == 0)
        return bytes;
#endif
    (void)descriptor;
    return 0;
}

int reopen(int descriptor, int flags)
{
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    return open(path, flags);
}

bool signal_when_parent_ends(int number)
{
#ifdef PR_SET_PDEATHSIG
    return prctl(PR_SET_PDEATHSIG, number) == 0;
#else
    (void)number;
    return false;
#endif
}

bool become_subreaper(void)
{
#ifdef PR_SET_CHILD_SUBREAPER
    return prctl(PR_SET_CHILD_SUBREAPER, 1) == 0;
#else
    return false;
#endif
}

long thread_id(void)
{
#ifdef SYS_gettid
    return syscall(SYS_gettid);
#else
    return -1;
#endif
}

void close_descriptors_from(int first)
{
#ifdef SYS_close_range
    if (syscall(SYS_close_range, first, ~0U, 0) == 0)
        return;
#endif
    const long limit = sysconf(_SC_OPEN_MAX);
    for (int descriptor = first; descriptor < (limit > 0 ? limit : 1024); descriptor++)
        close(descriptor);
}

/* A /proc of another PID namespace than ours would speak of other processes: pid_namespaces(7). */
static bool proc_is_ours(void)
{
    char self[32];
    const ssize_t size = readlink("/proc/self", self, sizeof self - 1);
    self[size > 0 ? size : 0] = '\0';
    return atol(self) == (long)getpid();
}

/* Reads /proc/PID/stat: "pid (program) state …". The program's name may hold ')' itself. */
static bool read_stat(pid_t process, char *text, size_t size)
{
    if (!proc_is_ours())
        return false;
    char path[64];
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)process);
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file == -1)
        return false;
    const ssize_t got = read(file, text, size - 1);
    close(file);
    text[got > 0 ? got : 0] = '\0';
    return got > 0 && strchr(text, '(') != NULL && strrchr(text, ')') != NULL;
}

const char *program_of(pid_t process, char *buffer, size_t size)
{
    char text[512];
    if (!read_stat(process, text, sizeof text)) {
        snprintf(buffer, size, "?");
        return buffer;
    }
    *strrchr(text, ')') = '\0';
    snprintf(buffer, size, "%s", strchr(text, '(') + 1);
    return buffer;
}

char state_of(pid_t process)
{
    char text[512];
    if (!read_stat(process, text, sizeof text))
        return '?';
    const char *end = strrchr(text, ')');
    return end[1] == ' ' ? end[2] : '?';
}

const char *processor_model(char *buffer, size_t size)
{
    struct utsname system;
    uname(&system);
    snprintf(buffer, size, "%s", system.machine);
    char text[4096];
    const int file = open("/proc/cpuinfo", O_RDONLY | O_CLOEXEC);
    const ssize_t got = file != -1 ? read(file, text, sizeof text - 1) : 0;
    if (file != -1)
        close(file);
    text[got > 0 ? got : 0] = '\0';
    char *model = strstr(text, "model name");
    if (model != NULL && (model = strstr(model, ": ")) != NULL) {
        model[strcspn(model, "\n")] = '\0';
        snprintf(buffer, size, "%s", model + 2);
    }
    return buffer;
}

bool bind_abstract(int socket, const char *name)
{
#ifdef __linux__
    struct sockaddr_un address = {.sun_family = AF_UNIX}; /* sun_path[0] == 0: abstract, unix(7) */
    const size_t length = strlen(name);
    if (length < sizeof address.sun_path) {
        memcpy(address.sun_path + 1, name, length);
        return bind(socket, (const struct sockaddr *)&address,
                    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length)) == 0;
    }
#endif
    (void)socket;
    (void)name;
    errno = EOPNOTSUPP;
    return false;
}

pid_t peer_process(int socket)
{
#ifdef SO_PEERCRED
    struct ucred peer;
    socklen_t length = sizeof peer;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0)
        return peer.pid;
#endif
    (void)socket;
    return 0;
}

ssize_t send_from_file(int to, int file, size_t size)
{
#ifdef __linux__
    return sendfile(to, file, NULL, size);
#else
    (void)to;
    (void)file;
    (void)size;
    errno = EINVAL;
    return -1;
#endif
}

bool sysv_queue_limits(struct sysv_queue_limits *limits)
{
#ifdef IPC_INFO
    struct msginfo all, used;
    if (msgctl(0, IPC_INFO, (struct msqid_ds *)&all) != -1 &&
        msgctl(0, MSG_INFO, (struct msqid_ds *)&used) != -1) {
        *limits = (struct sysv_queue_limits){.msgmax = all.msgmax,
                                             .msgmnb = all.msgmnb,
                                             .msgmni = all.msgmni,
                                             .queues = used.msgpool,
                                             .messages = used.msgmap,
                                             .bytes = used.msgtql};
        return true;
    }
#endif
    *limits = (struct sysv_queue_limits){-1, -1, -1, -1, -1, -1};
    return false;
}

long queue_bytes(const struct msqid_ds *status)
{
#ifdef __linux__
    return (long)status->__msg_cbytes; /* glibc's and musl's name for it under every macro */
#else
    (void)status;
    return -1;
#endif
}

int reuse_port_option(void)
{
#ifdef SO_REUSEPORT
    return SO_REUSEPORT;
#else
    return 0;
#endif
}

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

void posix_queue_limits(struct posix_queue_limits *limits)
{
    *limits = (struct posix_queue_limits){
        .messages = number_in("/proc/sys/fs/mqueue/msg_max"),
        .size = number_in("/proc/sys/fs/mqueue/msgsize_max"),
        .queues = number_in("/proc/sys/fs/mqueue/queues_max"),
        .per_user = -1,
    };
#ifdef RLIMIT_MSGQUEUE
    struct rlimit limit;
    if (getrlimit(RLIMIT_MSGQUEUE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        limits->per_user = (long long)limit.rlim_cur;
#endif
}
