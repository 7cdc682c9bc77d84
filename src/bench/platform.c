/*
 * What is not POSIX, each with a portable fallback. CMakeLists.txt says ON_LINUX where it may.
 */
#include "ipc/bench/platform.h"

#include <stdio.h>
#include <sys/utsname.h>
#ifdef ON_LINUX
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#endif

const char *processor_model(char *buffer, size_t size)
{
    struct utsname system;
    uname(&system);
    snprintf(buffer, size, "%s", system.machine);
#ifdef ON_LINUX
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
#endif
    return buffer;
}
