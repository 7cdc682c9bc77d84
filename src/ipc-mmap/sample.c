/* SPDX-License-Identifier: MIT
 * A file of our own to show things with.
 */
#include "mmap.h"

#include "ipc/common/io.h"

#include <errno.h>
#include <stdio.h>

const char sample[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyz";

static size_t note;

int new_file(char path[PATH_SIZE], const char *what, const void *bytes, size_t size)
{
    char own[64];
    snprintf(own, sizeof own, "%s-%ld", what, (long)getpid());
    object_path(path, "mmap", own, "file");
    note = note_object(A_FILE, path); /* before it exists: a death in between leaves no file */
    const int file = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (file == -1 && errno == EEXIST) /* another's, which has our pid in a namespace of its own */
        forget_object(note);
    or_fail(file, "open", path);
    if (!write_full(file, bytes, size))
        fail("write", path);
    return file;
}

void remove_new_file(void)
{
    remove_object(note);
}
