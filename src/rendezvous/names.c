/*
 * Names of objects, and the private directory.
 */
#include "ipc/rendezvous/names.h"

#include "ipc/common/error.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *private_directory(void)
{
    static char path[PATH_SIZE];
    if (path[0] != '\0')
        return path;
    const char *chosen = getenv("IPC_DEMOS_DIR");
    if (chosen != NULL && strlen(chosen) >= PATH_SIZE - 128) { /* room for a file's name */
        errno = ENAMETOOLONG;
        fail("IPC_DEMOS_DIR", chosen);
    }
    if (chosen != NULL && *chosen != '\0')
        snprintf(path, sizeof path, "%s", chosen);
    else
        snprintf(path, sizeof path, "/tmp/ipc-demos-%ld", (long)geteuid());

    /* lstat: in /tmp anybody may have put a link, or a folder of his own, at that name before us */
    struct stat status;
    if (mkdir(path, 0700) == -1 && errno != EEXIST)
        fail("mkdir", path);
    or_fail(lstat(path, &status), "lstat", path);
    if (!S_ISDIR(status.st_mode))
        fail_that(EXIT_FAILED, "\"%s\" is not a directory: not used", path);
    if (status.st_uid != geteuid())
        fail_that(EXIT_FAILED, "\"%s\" belongs to user %ld: not used", path, (long)status.st_uid);
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        fail_that(EXIT_FAILED,
                  "\"%s\" is open to others (mode %04o): not used\n  chmod 700 makes it private",
                  path, (unsigned)status.st_mode & 07777);
    return path;
}

char *object_path(char path[PATH_SIZE], const char *mechanism, const char *name, const char *suffix)
{
    snprintf(path, PATH_SIZE, "%s/%s-%s.%s", private_directory(), mechanism, name, suffix);
    return path;
}

char *posix_name(char buffer[POSIX_NAME_SIZE], const char *mechanism, const char *name,
                 const char *suffix)
{
    snprintf(buffer, POSIX_NAME_SIZE, "/ipc-demos-%ld-%s-%s%s", (long)geteuid(), mechanism, name,
             suffix);
    return buffer;
}

/* FNV-1a, a slash after the text. */
static uint64_t hash_of(const char *text, uint64_t hash)
{
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return (hash ^ '/') * UINT64_C(1099511628211);
}

void name_of_path(const char *path, char name[NAME_MOST + 1])
{
    char folder[PATH_SIZE], real[PATH_SIZE];
    const char *slash = strrchr(path, '/');
    const char *base = slash != NULL ? slash + 1 : path;
    const int length = slash != NULL ? (int)(slash - path) : 0;
    if (*base == '\0' || strlen(path) >= PATH_SIZE) {
        errno = *base == '\0' ? EISDIR : ENAMETOOLONG;
        fail("open", path);
    }
    snprintf(folder, sizeof folder, "%.*s", length, path);
    if (realpath(slash == NULL ? "." : length == 0 ? "/" : folder, real) == NULL)
        fail("open", path);
    const uint64_t hash = hash_of(base, hash_of(real, UINT64_C(14695981039346656037)));
    snprintf(name, NAME_MOST + 1, "path-%016" PRIx64, hash);
}
