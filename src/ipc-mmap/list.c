/* SPDX-License-Identifier: MIT
 * ipc-mmap list: the mapped files of this user's pairs, who holds which end, and how many bytes
 * wait.
 *
 * Usage: ipc-mmap list [--json]
 */
#include "mmap.h"

#include "ipc/transfer/list.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void look(const struct rendezvous *found, struct listed *listed)
{
    struct stat status;
    object_path(listed->path, "mmap", listed->name, "ring");
    const int file = open(listed->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file == -1 || fstat(file, &status) == -1 || !is_noted_file(found->objects, &status)) {
        listed->path[0] = '\0'; /* --path, whose name is not noted */
    } else if (status.st_size > 0) {
        const size_t size = (size_t)status.st_size;
        void *memory =
            memory_or_fail(mmap(NULL, size, PROT_READ, MAP_SHARED, file, 0), "mmap", listed->path);
        guard_mapping(memory, size, listed->path);
        listed->bytes = ring_bytes(memory, size);
        munmap(memory, size);
    }
    if (file != -1)
        close(file);
}

int mmap_list(const struct role *role, int argc, char **argv)
{
    return list_names(role, argc, argv, "mmap", look, NULL);
}
