/*
 * What is not POSIX: Linux where there is Linux, a portable fallback elsewhere. IPC_PORTABLE
 * compiles the fallbacks.
 */
#if defined __linux__ && !defined IPC_PORTABLE
#define ON_LINUX
#define _GNU_SOURCE
#endif
#include "ipc/narration/platform.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Reads /proc/PID/stat: "pid (program) state ...". The program's name may hold ')' itself. A /proc
 * of another PID namespace than ours would speak of other processes: pid_namespaces(7).
 */
static bool read_stat(pid_t process, char *text, size_t size)
{
#ifdef ON_LINUX
    char path[64], self[32];
    const ssize_t length = readlink("/proc/self", self, sizeof self - 1);
    self[length > 0 ? length : 0] = '\0';
    if (atol(self) != (long)getpid())
        return false;
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)process);
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file == -1)
        return false;
    const ssize_t got = read(file, text, size - 1);
    close(file);
    text[got > 0 ? got : 0] = '\0';
    return got > 0 && strchr(text, '(') != NULL && strrchr(text, ')') != NULL;
#else
    (void)process;
    (void)text;
    (void)size;
    return false;
#endif
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
