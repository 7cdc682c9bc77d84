/*
 * Errors: one line that names the call, the object and errno's text, and a hint for known traps.
 */
#include "ipc/common/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *program_name = "ipc";
int failure_status = EXIT_FAILED;
bool quiet;

static const struct hint {
    const char *call;
    int error;
    const char *text;
} hints[] = {
    {"fork", EAGAIN, "the limit of processes is reached: see `ulimit -u`"},
    {"exec", ENOENT, "no such program in PATH; a script's interpreter may be missing, too"},
    {"msgget", ENOSPC, "the limit of queues is reached: see /proc/sys/kernel/msgmni and `ipcs -q`"},
    {"msgget", EACCES, "somebody else made a queue with that key, and does not let us use it"},
    {"msgsnd", EIDRM, "somebody removed the queue while it was in use; `persist` shows it"},
    {"msgsnd", EINVAL, "the queue was removed, or msgmax is smaller: /proc/sys/kernel/msgmax"},
    {"msgrcv", EIDRM, "somebody removed the queue while it was in use; `persist` shows it"},
    {"msgrcv", EINVAL, "somebody has removed the queue; `persist` shows it"},
    {"mq_open", EACCES, "the queue of that name belongs to somebody else"},
    {"mq_open", EINVAL, "larger than /proc/sys/fs/mqueue/msg_max or msgsize_max allows"},
    {"mq_open", EMFILE, "the limit of bytes in a user's queues is reached: see `ulimit -q`"},
    {"mq_open", ENOSPC, "the limit of queues is reached: see /proc/sys/fs/mqueue/queues_max"},
    {"mq_unlink", EACCES, "the queue of that name belongs to somebody else"},
    {"semget", ENOSPC,
     "the limit of sets, or of all their semaphores, is reached: see /proc/sys/kernel/sem and "
     "`ipcs -s`"},
    {"semctl IPC_STAT", EACCES,
     "somebody else made a set with that key, and does not let us use it"},
    {"semop", EIDRM, "somebody removed the semaphores while they were in use"},
    {"semop", EINVAL, "somebody has removed the semaphores"},
    {"msgctl IPC_STAT", EACCES, "somebody else made that queue, and does not let us use it"},
    {"pipe", EMFILE, "the limit of open descriptors is reached: see `ulimit -n`"},
    {"socket", EMFILE, "the limit of open descriptors is reached: see `ulimit -n`"},
    {"socket", EAFNOSUPPORT, "this system has no addresses of that kind: try -4 or -6"},
    {"bind", EADDRINUSE, "another server is on that port; --port 0 picks a free one"},
    {"bind", EADDRNOTAVAIL, "no interface here has that address: `ip address` lists those that do"},
    {"bind", EACCES, "a port below 1024 needs privileges, a socket file a writable folder"},
    {"bind", ENOENT, "the folder of the socket file must exist"},
    {"bind", ENAMETOOLONG,
     "a Unix socket's path has at most 107 bytes: cd, and name it from there"},
    {"connect", ENAMETOOLONG,
     "a Unix socket's path has at most 107 bytes: cd, and name it from there"},
    {"connect", ECONNREFUSED, "nobody listens there; `producer` waits until a server does"},
    {"connect", ENOENT, "no server has made that socket; `producer` waits until one does"},
    {"connect", EACCES, "a Unix socket is for those who may write to its file"},
};

static const char *hint_for(const char *call, int error)
{
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
        if (hints[i].error == error && strcmp(hints[i].call, call) == 0)
            return hints[i].text;
    return NULL;
}

/* One write, so that lines of several processes do not mix. A failure has nowhere to be told. */
static void write_message(const char *format, va_list arguments)
{
    char line[2048];
    int length = snprintf(line, sizeof line, "%s: ", program_name);
    length += vsnprintf(line + length, sizeof line - (size_t)length - 1, format, arguments);
    if ((size_t)length > sizeof line - 2)
        length = sizeof line - 2;
    line[length++] = '\n';
    ssize_t ignored = write(STDERR_FILENO, line, (size_t)length);
    (void)ignored;
}

void complain_that(const char *format, ...)
{
    int saved = errno;
    va_list arguments;
    va_start(arguments, format);
    write_message(format, arguments);
    va_end(arguments);
    errno = saved;
}

void complain(const char *call, const char *object)
{
    int saved = errno;
    const char *hint = hint_for(call, saved);
    complain_that("%s%s%s%s: %s%s%s", call, object ? " \"" : "", object ? object : "",
                  object ? "\"" : "", strerror(saved), hint ? "\n  " : "", hint ? hint : "");
    errno = saved;
}

void fail(const char *call, const char *object)
{
    complain(call, object);
    exit(failure_status);
}

void fail_that(int status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_message(format, arguments);
    va_end(arguments);
    exit(status);
}

void say(const char *format, ...)
{
    if (quiet)
        return;
    va_list arguments;
    va_start(arguments, format);
    write_message(format, arguments);
    va_end(arguments);
}
