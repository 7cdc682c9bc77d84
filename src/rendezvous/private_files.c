/* SPDX-License-Identifier: MIT
 * Names of objects, the private folder, and files locked by their living owners.
 */
#include "ipc/rendezvous/private_files.h"

#include "ipc/common/clock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_PAUSE = 50 * MICROSECOND, LONGEST_PAUSE = 20 * MILLISECOND };

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
    for (size_t end = strlen(path); end > 1 && path[end - 1] == '/'; end--)
        path[end - 1] = '\0'; /* lstat() would follow a link before it */

    /* lstat: in /tmp anybody may have put a link, or a folder of his own, at that name before us */
    struct stat status;
    if (mkdir(path, 0700) == -1 && errno != EEXIST)
        fail("mkdir", path);
    or_fail(lstat(path, &status), "lstat", path);
    if (!S_ISDIR(status.st_mode))
        fail_that(EXIT_FAILED, "\"%s\" is not a directory: not used", path);
    if (status.st_uid != geteuid())
        fail_that(EXIT_FAILED,
                  "\"%s\" belongs to user %ld: not used\n"
                  "  IPC_DEMOS_DIR can name another folder, on both sides",
                  path, (long)status.st_uid);
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

char *posix_name(char buffer[POSIX_NAME_SIZE], const char *mechanism, const char *name)
{
    snprintf(buffer, POSIX_NAME_SIZE, "/ipc-demos-%ld-%s-%s", (long)geteuid(), mechanism, name);
    return buffer;
}

bool set_lock(int file, short type, int byte)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
    return fcntl(file, F_SETLK, &lock) == 0;
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
    /* O_NONBLOCK: what has that name may be a FIFO */
    const int file = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | flags, 0600);
    const bool is_expected = errno == EEXIST || (errno == ENOENT && (flags & O_CREAT) == 0);
    if (file == -1 && (is_expected || refusal == NULL))
        return -1;
    or_fail(file, "open", path); /* ELOOP: a symbolic link */
    or_fail(fstat(file, &status), "fstat", path);
    /* a second name (link(2)) would make it a file that somebody else writes, or reads */
    if (S_ISREG(status.st_mode) && status.st_uid == geteuid() && status.st_nlink < 2)
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

bool is_changing(int file, const char *path)
{
    struct stat status;
    return is_locked_by_another(file, FILE_LOCK) || !is_same_file(file, path) ||
           (fstat(file, &status) == 0 && status.st_size == 0);
}

void remove_if_empty(int file, const char *path)
{
    struct stat status;
    if (fstat(file, &status) == 0 && status.st_size == 0 && is_same_file(file, path))
        unlink(path);
}

void fail_unless_locked_by_another(int file, const char *path)
{
    const int error = errno;
    if (error == EACCES || error == EAGAIN)
        return;
    remove_if_empty(file, path); /* ENOLCK: nobody can hold it, so nobody uses it */
    errno = error;
    fail("fcntl F_SETLK", path);
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
            fail_unless_locked_by_another(file, path);
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

bool for_each_name(const char *mechanism, const char *suffix,
                   bool (*take)(const char *name, void *context), void *context)
{
    struct dirent **entries;
    bool taken = false;
    const int count = or_fail(scandir(private_directory(), &entries, NULL, alphasort), "scandir",
                              private_directory());
    const size_t before = strlen(mechanism), after = strlen(suffix);
    for (int i = 0; i < count; i++) {
        char *const name = entries[i]->d_name;
        const size_t length = strlen(name);
        const bool is_name = fnmatch("*[!-a-zA-Z0-9._=]*", name, 0) != 0; /* one of ours */
        if (!taken && is_name && length > before + after + 2 && name[before] == '-' &&
            strncmp(name, mechanism, before) == 0 && name[length - after - 1] == '.' &&
            strcmp(name + length - after, suffix) == 0) {
            name[length - after - 1] = '\0';
            taken = take(name + before + 1, context);
        }
        free(entries[i]);
    }
    free(entries);
    return taken;
}

void sweep_lock_files(const char *pattern, void (*remove)(int file, const char *path))
{
    DIR *const folder = opendir(private_directory());
    if (folder == NULL)
        fail("opendir", private_directory());
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[PATH_SIZE];
        snprintf(path, sizeof path, "%s/%s", private_directory(), entry->d_name);
        const bool fits = fnmatch(pattern, entry->d_name, 0) == 0;
        const int file = fits ? open_lock_file(path, 0, NULL) : -1;
        if (file == -1)
            continue;
        if (set_lock(file, F_WRLCK, FILE_LOCK) && is_same_file(file, path))
            remove(file, path);
        else
            close(file);
    }
    closedir(folder);
}
