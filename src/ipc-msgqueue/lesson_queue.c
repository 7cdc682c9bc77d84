/* SPDX-License-Identifier: MIT
 * What demo and lessons do besides their subject: a queue and a file of their own.
 */
#include "msgqueue.h"

#include "ipc/narration/lesson.h"

#include <fcntl.h>
#include <inttypes.h>

int(private_queue)(struct narration *n, enum column column, size_t *handle)
{
    key_t key;
    const size_t noted = note_key(SYSV_QUEUE, &key);
    const int queue = or_fail(msgget(key, IPC_CREAT | IPC_EXCL | 0600), "msgget", NULL);
    if (handle != NULL)
        *handle = noted;
    (narrate)(n, column, "msgget(0x%" PRIx32 ", IPC_CREAT|IPC_EXCL|0600) = %d", (uint32_t)key,
              queue);
    return queue;
}

uint64_t private_file(char path[PATH_SIZE])
{
    struct stat status;
    char name[32];
    snprintf(name, sizeof name, "lesson.%ld", (long)getpid());
    note_object(A_FILE, object_path(path, "msgqueue", name, "key"));
    const int file = or_fail(open(path, O_WRONLY | O_CREAT | O_EXCL, 0600), "open", path);
    or_fail(fstat(file, &status), "fstat", path);
    close(file);
    return (uint64_t)status.st_ino;
}
