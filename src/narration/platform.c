/*
 * What is not POSIX, each with a portable fallback. CMakeLists.txt says ON_LINUX where it may.
 */
#include "ipc/narration/platform.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STAT_SIZE = 512 };

/*
 * What /proc/PID/stat begins with: "pid (program) state"; "(?) ?" where that is unknown. The
 * program's name may hold ')' itself. A /proc of another PID namespace than ours would speak of
 * other processes: pid_namespaces(7).
 */
static void read_stat(pid_t process, char text[STAT_SIZE])
{
    ssize_t got = 0;
#ifdef ON_LINUX
    char path[64], self[32];
    const ssize_t length = readlink("/proc/self", self, sizeof self - 1);
    self[length > 0 ? length : 0] = '\0';
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)process);
    const int file = atol(self) == (long)getpid() ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file != -1) {
        got = read(file, text, STAT_SIZE - 1);
        close(file);
    }
#endif
    (void)process;
    text[got > 0 ? got : 0] = '\0';
    if (strchr(text, '(') == NULL || strstr(text, ") ") == NULL)
        snprintf(text, STAT_SIZE, "(?) ?");
}

const char *program_of(pid_t process, char *buffer, size_t size)
{
    char text[STAT_SIZE];
    read_stat(process, text);
    *strrchr(text, ')') = '\0';
    snprintf(buffer, size, "%s", strchr(text, '(') + 1);
    return buffer;
}

char state_of(pid_t process)
{
    char text[STAT_SIZE];
    read_stat(process, text);
    return strrchr(text, ')')[2];
}
