/* SPDX-License-Identifier: MIT
 * ipc-shm list: the segments of this user's pairs, who holds which end, and how many bytes wait.
 *
 * Usage: ipc-shm list [--json]
 */
#include "shm.h"

#include "ipc/common/io.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

static void look_at_sysv(int id, struct listed *listed)
{
    struct shmid_ds status;
    void *const memory = shmat(id, NULL, SHM_RDONLY);
    if (memory == (void *)-1) /* it is gone */
        return;
    if (shmctl(id, IPC_STAT, &status) == 0)
        listed->bytes = ring_bytes(memory, status.shm_segsz);
    shmdt(memory);
}

static void look_at_posix(struct listed *listed)
{
    struct stat status;
    const int object = shm_open(listed->path, O_RDONLY, 0);
    if (object == -1)
        return;
    if (fstat(object, &status) == 0 && status.st_size > 0) {
        const size_t size = (size_t)status.st_size;
        void *const memory = memory_or_fail(mmap(NULL, size, PROT_READ, MAP_SHARED, object, 0),
                                            "mmap", listed->path);
        guard_mapping(memory, size, listed->path);
        listed->bytes = ring_bytes(memory, size);
        munmap(memory, size);
    }
    close(object);
}

void segment_look(const struct rendezvous *found, struct listed *listed)
{
    look_at_family(found, listed);
    if (found->objects[NOTED_FAMILY] == 1 + POSIX)
        look_at_posix(listed);
    else if (found->objects[NOTED_ID] != 0)
        look_at_sysv((int)found->objects[NOTED_ID] - 1, listed);
}

int shm_list(const struct role *role, int argc, char **argv)
{
    return list_names(role, argc, argv, "shm", segment_look, NULL);
}
