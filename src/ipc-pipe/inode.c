/*
 * Which pipe a descriptor is.
 */
#include "pipe.h"

#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

const char *name_of_pipe(const struct role *role, int descriptor, const char *what)
{
    static char name[32];
    struct stat status;
    if (fstat(descriptor, &status) == -1)
        fail("fstat", what);
    if (!S_ISFIFO(status.st_mode))
        usage_error(role, "%s is not a pipe; type: ipc-pipe producer FILE | ipc-pipe consumer",
                    what);
    snprintf(name, sizeof name, "%ju", (uintmax_t)status.st_ino);
    return name;
}
