/* SPDX-License-Identifier: MIT
 * The segment of the pair: found by its rendezvous, made by whoever comes first.
 */
#include "shm.h"

#include "ipc/common/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

/* After shmget has failed; errno stays. */
static void tell_limit(size_t size)
{
    if (errno == EINVAL || errno == ENOSPC)
        complain_that("shmget: a segment of %zu bytes is beyond a limit of the system\n"
                      "  set in /proc/sys/kernel/%s",
                      size, errno == EINVAL ? "shmmax" : "shmmni (segments) or shmall (pages)");
}

void fail_shmget(const char *object, size_t size)
{
    tell_limit(size);
    fail("shmget", object);
}

static int get_segment(key_t key, int flags)
{
    const size_t size = flags == 0 ? 0 : ring_size(RING_CAPACITY);
    const int id = shmget(key, size, flags);
    if (id == -1 && flags != 0)
        tell_limit(size);
    return id;
}

void segment_remove_objects(const struct rendezvous *rendezvous)
{
    char name[POSIX_NAME_SIZE];
    if (rendezvous->objects[NOTED_FAMILY] == 1 + POSIX)
        destroy_object(POSIX_SEGMENT, posix_name(name, "shm", rendezvous->name), 0);
    else
        remove_sysv(rendezvous, SYSV_SEGMENT, get_segment);
}

/* Noted before it exists: a death in between leaves nothing that is not found. */
static void make_posix(struct segment *segment)
{
    if (shm_open(segment->posix_name, O_RDONLY, 0) != -1 || errno != ENOENT)
        fail_that(EXIT_FAILED,
                  "shm_open \"%s\": there is such an object, and it is not of this session\n"
                  "  'ipc-shm stat --api posix --name %s' shows whose it is; 'ipc-shm remove'\n"
                  "  with the same options removes it, if it is yours",
                  segment->posix_name, segment->pair.name);
    note_made(&segment->pair.rendezvous, POSIX, 0, true);
    const int object = shm_open(segment->posix_name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (object == -1)
        segment->pair.rendezvous.objects[NOTED_FAMILY] = 0;
    or_fail(object, "shm_open", segment->posix_name);
    /* the memory itself, now: else a full file system is a SIGBUS at the first store to a page */
    do
        errno = posix_fallocate(object, 0, (off_t)ring_size(RING_CAPACITY));
    while (interrupted());
    if (errno != 0)
        fail("posix_fallocate", segment->posix_name);
    close(object);
}

static int open_posix(struct segment *segment)
{
    struct stat status;
    const char *name = segment->posix_name;
    const int object = or_fail(shm_open(name, O_RDWR, 0), "shm_open", name);
    or_fail(fstat(object, &status), "fstat", name);
    if (status.st_uid != geteuid())
        fail_that(EXIT_FAILED, "\"%s\" belongs to user %ld: not used", name, (long)status.st_uid);
    if (status.st_size == 0) /* mmap() would say EINVAL */
        fail_that(EXIT_FAILED, "\"%s\" is too small: not used", name);
    segment->size = (size_t)status.st_size;
    return object;
}

int segment_open(const struct role *role, int argc, char **argv, enum member_role member,
                 struct segment *segment)
{
    struct pair *pair = &segment->pair;
    struct rendezvous *rendezvous = &segment->pair.rendezvous;
    const struct option_row options[] = {OPTIONS_FAMILY(pair, "sysv"), OPTIONS_PAIR(pair), {0}};
    begin_pair(role, argc, argv, options, member, pair);
    posix_name(segment->posix_name, "shm", pair->name);
    rendezvous->remove_objects = segment_remove_objects;
    rendezvous_join(rendezvous, "shm", pair->name, member, true, pair->deadline);
    if (!rendezvous->first)
        check_family(rendezvous, pair->family, "is a segment of the other family");
    else if (pair->family == SYSV)
        make_sysv(rendezvous, pair->key_text, pair->key, get_segment, "shmget");
    else
        make_posix(segment);
    segment->id =
        pair->family == SYSV ? (int)rendezvous->objects[NOTED_ID] - 1 : open_posix(segment);
    return segment->id;
}

static struct shmid_ds status_of(const struct segment *segment)
{
    struct shmid_ds status;
    or_fail(shmctl(segment->id, IPC_STAT, &status), "shmctl IPC_STAT", segment->pair.name);
    return status;
}

/*
 * A segment that another program made may hold the bytes and the end that an earlier pair left:
 * they are not ours. While others are attached to it, it may be the ring of a pair whose rendezvous
 * is elsewhere: then it is refused.
 */
static void renew_ring(const struct segment *segment, void *memory)
{
    struct ring ring;
    if (ring_attach(&ring, memory, segment->size, false) != NULL)
        return; /* begin_ring() refuses what is no ring */
    if (ring.other == ring.own && !ring_has_ended(&ring))
        return;
    const unsigned long attached = status_of(segment).shm_nattch;
    if (attached > 1)
        fail_that(EXIT_FAILED, "\"%s\" is in use: %lu others are attached to it",
                  segment->pair.name, attached - 1);
    ring_pass(&ring, (size_t)(ring.other - ring.own));
    atomic_store(&ring.memory->end, 0);
}

void segment_begin(struct segment *segment, void *memory)
{
    const bool sysv = segment->pair.family == SYSV, first = segment->pair.rendezvous.first;
    const bool ours = segment->pair.rendezvous.objects[NOTED_MADE] != 0;
    const char *object = sysv ? segment->pair.name : segment->posix_name;
    memory_or_fail(memory, sysv ? "shmat" : "mmap", object);
    if (sysv)
        segment->size = status_of(segment).shm_segsz;
    else
        close(segment->id); /* the mapping stays */
    if (first && !ours)
        renew_ring(segment, memory);
    if (sysv)
        narrate(segment->pair.narration, LEFT, "shmget(), shmat(%d) = %p", segment->id, memory);
    else
        narrate(segment->pair.narration, LEFT, "shm_open(\"%s\"), mmap() = %p", object, memory);
    begin_ring(&segment->ring, &segment->pair, memory, segment->size, object, first && ours);
}

int new_segment(struct narration *n, size_t size, key_t *key)
{
    note_key(SYSV_SEGMENT, key);
    narrate(n, LEFT, "ftok(our FILE, %" PRIu32 ") = 0x%08" PRIx32, (uint32_t)*key >> 24,
            (uint32_t)*key);
    const int id = shmget(*key, size, IPC_CREAT | IPC_EXCL | 0600);
    if (id == -1)
        fail_shmget(NULL, size);
    narrate(n, LEFT, "shmget(KEY, %zu, IPC_CREAT|IPC_EXCL|0600) = %d", size, id);
    return id;
}
