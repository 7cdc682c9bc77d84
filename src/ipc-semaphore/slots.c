/* SPDX-License-Identifier: MIT
 * The slots of the pair's buffer, in POSIX shared memory, whichever family the semaphores are of.
 */
#include "semaphore.h"

#include "ipc/common/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAGIC = 0x1bc5e3a1 };

void map_slots(struct buffer *buffer)
{
    const bool make = buffer->pair.rendezvous.first;
    char name[POSIX_NAME_SIZE];
    struct stat status;
    buffer_object(name, buffer->pair.name, SLOTS_OBJECT);
    if (make) {
        if (shm_open(name, O_RDONLY, 0) != -1 || errno != ENOENT)
            refuse_present("shm_open", name);
        buffer->pair.rendezvous.objects[NOTED_SLOTS] = 1;
        rendezvous_note_objects(&buffer->pair.rendezvous);
    }
    const int object = shm_open(name, O_RDWR | (make ? O_CREAT | O_EXCL : 0), 0600);
    if (object == -1 && errno == EEXIST)
        buffer->pair.rendezvous.objects[NOTED_SLOTS] = 0; /* not ours */
    or_fail(object, "shm_open", name);
    /* get the memory now: otherwise a full file system is a SIGBUS at the first store to a page */
    do
        errno = make ? posix_fallocate(object, 0, sizeof *buffer->slots) : 0;
    while (interrupted());
    if (errno != 0)
        fail("posix_fallocate", name);
    or_fail(fstat(object, &status), "fstat", name);
    if (status.st_uid != geteuid() || status.st_size < (off_t)sizeof *buffer->slots)
        fail_that(EXIT_FAILED, "\"%s\" is not what it should be: not used", name);
    buffer->slots = memory_or_fail(
        mmap(NULL, sizeof *buffer->slots, PROT_READ | PROT_WRITE, MAP_SHARED, object, 0), "mmap",
        name);
    close(object);
    if (make)
        buffer->slots->magic = MAGIC;
    if (buffer->slots->magic != MAGIC)
        fail_that(EXIT_FAILED, "\"%s\" holds no slots of ours: not used", name);
}
