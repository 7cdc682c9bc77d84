/* SPDX-License-Identifier: MIT
 * The private folder of a C test: removed at its end with all that is in it, passed or failed.
 */
#ifndef FOLDER_H
#define FOLDER_H

#include "check.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static char folder[] = "/tmp/ipc-test.XXXXXX";
static pid_t folder_owner; /* a forked child that ends leaves it */

static void remove_folder(void)
{
    DIR *const entries = folder_owner == getpid() ? opendir(folder) : NULL;
    if (entries == NULL) /* a test that passed has removed it */
        return;
    for (const struct dirent *entry; (entry = readdir(entries)) != NULL;)
        unlinkat(dirfd(entries), entry->d_name, 0);
    closedir(entries);
    rmdir(folder);
}

/* Makes it, for the objects of this process and its children. */
static void make_folder(void)
{
    folder_owner = getpid();
    check(mkdtemp(folder) != NULL && setenv("IPC_DEMOS_DIR", folder, 1) == 0);
    check(atexit(remove_folder) == 0);
}

/* Zeroed memory that the children share. */
static inline void *memory_for_all(size_t size)
{
    FILE *const file = tmpfile();
    check(file != NULL && ftruncate(fileno(file), (off_t)size) == 0);
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);
    check(memory != MAP_FAILED && fclose(file) == 0);
    return memory;
}

#endif
