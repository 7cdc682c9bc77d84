/*
 * Files locked by their living owners.
 */
#include "ipc/rendezvous/lock_file.h"

#include "ipc/common/clock.h"
#include "ipc/common/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_PAUSE = 50 * MICROSECOND, LONGEST_PAUSE = 20 * MILLISECOND };

bool set_lock(int file, short type, int byte)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
    if (fcntl(file, F_SETLK, &lock) == 0)
        return true;
    if (errno != EACCES && errno != EAGAIN)
        fail("fcntl F_SETLK", NULL);
    return false;
}

bool is_locked_by_another(int file, int byte)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
    or_fail(fcntl(file, F_GETLK, &lock), "fcntl F_GETLK", NULL);
    return lock.l_type != F_UNLCK;
}

int open_lock_file(const char *path, int flags, const char *refusal)
{
    struct stat status;
    const int file = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
    const bool is_expected = errno == EEXIST || (errno == ENOENT && (flags & O_CREAT) == 0);
    if (file == -1 && (is_expected || refusal == NULL))
        return -1;
    or_fail(file, "open", path); /* ELOOP: a symbolic link */
    or_fail(fstat(file, &status), "fstat", path);
    if (S_ISREG(status.st_mode) && status.st_uid == geteuid())
        return file;
    if (refusal != NULL)
        fail_that(failure_status, "\"%s\" %s: not used", path, refusal);
    close(file);
    return -1;
}

bool is_same_file(int file, const char *path)
{
    struct stat opened, present;
    return fstat(file, &opened) == 0 && lstat(path, &present) == 0 &&
           opened.st_ino == present.st_ino && opened.st_dev == present.st_dev;
}

/*
 * The holder may remove the file while we wait. Then our lock is on a file that nobody finds any
 * more, and we start again. A holder that dies lets go. We poll, since a wait in fcntl has no time
 * limit: a holder that is stopped would stop us, too.
 */
int take_lock_file(const char *path, int flags, const char *refusal, uint64_t deadline)
{
    for (;;) {
        const int file = open_lock_file(path, flags, refusal);
        if (file == -1)
            return -1;
        for (uint64_t pause = FIRST_PAUSE; !set_lock(file, F_WRLCK, FILE_LOCK);) {
            if (now() >= deadline)
                fail_that(EXIT_PEER, "\"%s\" stayed locked", path);
            sleep_for(pause);
            pause = pause < LONGEST_PAUSE ? 2 * pause : pause;
        }
        if (is_same_file(file, path))
            return file;
        close(file);
    }
}

bool next_name(DIR **folder, const char *prefix, const char *suffix, char name[NAME_MOST + 1])
{
    if (*folder == NULL && (*folder = opendir(private_directory())) == NULL)
        fail("opendir", private_directory());
    const size_t begin = strlen(prefix), end = strlen(suffix);
    for (const struct dirent *entry; (entry = readdir(*folder)) != NULL;) {
        const char *file = entry->d_name;
        const size_t length = strlen(file);
        if (length <= begin + end || strncmp(file, prefix, begin) != 0 ||
            strcmp(file + length - end, suffix) != 0)
            continue;
        snprintf(name, NAME_MOST + 1, "%.*s", (int)(length - begin - end), file + begin);
        return true;
    }
    closedir(*folder);
    return false;
}

void sweep_lock_files(const char *prefix, const char *suffix,
                      void (*remove)(int file, const char *path))
{
    char path[PATH_SIZE], name[NAME_MOST + 1];
    for (DIR *folder = NULL; next_name(&folder, prefix, suffix, name);) {
        snprintf(path, sizeof path, "%s/%s%s%s", private_directory(), prefix, name, suffix);
        const int file = open_lock_file(path, 0, NULL);
        if (file == -1)
            continue;
        if (set_lock(file, F_WRLCK, FILE_LOCK) && is_same_file(file, path))
            remove(file, path);
        else
            close(file);
    }
}
