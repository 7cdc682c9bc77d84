/*
 * A file of our own to show things with.
 */
#include "mmap.h"

#include "ipc/common/io.h"
#include "ipc/rendezvous/objects.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

const char sample[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyz";

int new_file(char path[PATH_SIZE], const char *what, const void *bytes, size_t size)
{
    char own[64];
    snprintf(own, sizeof own, "%s-%ld", what, (long)getpid());
    object_path(path, "mmap", own, "file");
    const int file = or_fail(open(path, O_RDWR | O_CREAT | O_EXCL, 0600), "open", path);
    note_object(A_FILE, path, 0);
    if (!write_full(file, bytes, size))
        fail("write", path);
    return file;
}
