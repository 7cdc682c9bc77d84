/*
 * The segment of the pair: found by its rendezvous, made by whoever comes first.
 */
#include "shm.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

void segment_choose(const struct role *role, struct segment *segment)
{
    char own_name[NAME_MOST + 1];
    snprintf(segment->session, sizeof segment->session, "%s",
             choose_name(role, segment->name, segment->key_text, segment->family, own_name,
                         &segment->key));
    if (segment->key_text == NULL)
        posix_name(segment->posix_name, "shm", segment->session, "");
}

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

/* A segment of a maker who died between noting its key and noting its id, if nobody attached it. */
static void remove_half_made(const struct rendezvous *rendezvous)
{
    struct shmid_ds status;
    const int id = shmget((key_t)rendezvous->objects[NOTED_KEY], 0, 0);
    if (id != -1 && shmctl(id, IPC_STAT, &status) == 0 && status.shm_perm.cuid == geteuid() &&
        status.shm_atime == 0 && made_as_noted(rendezvous->file, status.shm_ctime))
        shmctl(id, IPC_RMID, NULL);
}

void segment_remove_objects(const struct rendezvous *rendezvous)
{
    const int64_t *noted = rendezvous->objects;
    char name[POSIX_NAME_SIZE];
    if (noted[NOTED_FAMILY] == 1 + POSIX)
        shm_unlink(posix_name(name, "shm", rendezvous->name, ""));
    else if (noted[NOTED_MADE] != 0 && noted[NOTED_ID] != 0)
        shmctl(noted_sysv(rendezvous, get_segment), IPC_RMID, NULL);
    else if (noted[NOTED_MADE] != 0)
        remove_half_made(rendezvous);
}

void segment_map(struct segment *segment, bool writable)
{
    if (segment->family == SYSV) {
        struct shmid_ds status;
        segment->memory = shmat(segment->id, NULL, writable ? 0 : SHM_RDONLY);
        if (segment->memory == (void *)-1)
            fail("shmat", segment->session);
        if (shmctl(segment->id, IPC_STAT, &status) == -1)
            fail("shmctl IPC_STAT", segment->session);
        segment->size = status.shm_segsz;
        return;
    }
    struct stat status;
    const int object = shm_open(segment->posix_name, writable ? O_RDWR : O_RDONLY, 0);
    if (object == -1)
        fail("shm_open", segment->posix_name);
    if (fstat(object, &status) == -1)
        fail("fstat", segment->posix_name);
    if (writable && status.st_uid != geteuid())
        fail_that(EXIT_FAILED, "\"%s\" belongs to user %ld: not used", segment->posix_name,
                  (long)status.st_uid);
    segment->size = (size_t)status.st_size;
    const int protection = PROT_READ | (writable ? PROT_WRITE : 0);
    if (segment->size > 0) /* else there is nothing to map, and it is too small for a ring */
        segment->memory = mmap(NULL, segment->size, protection, MAP_SHARED, object, 0);
    if (segment->memory == MAP_FAILED)
        fail("mmap", segment->posix_name);
    close(object);
}

/* Noted before it exists: a death in between leaves nothing that is not found. */
static void make_posix(struct segment *segment)
{
    int64_t *noted = segment->rendezvous.objects;
    const int present = shm_open(segment->posix_name, O_RDONLY, 0);
    if (present != -1 || errno != ENOENT)
        fail_that(EXIT_FAILED,
                  "shm_open \"%s\": there is such an object, and it is not of this session\n"
                  "  'ipc-shm stat --api posix --name %s' shows whose it is; 'ipc-shm remove'\n"
                  "  with the same options removes it, if it is yours",
                  segment->posix_name, segment->session);
    noted[NOTED_FAMILY] = 1 + POSIX;
    noted[NOTED_MADE] = true;
    rendezvous_note_objects(&segment->rendezvous);
    const int object = shm_open(segment->posix_name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (object == -1) {
        noted[NOTED_FAMILY] = 0;
        fail("shm_open", segment->posix_name);
    }
    /* the memory itself, now: else a full file system is a SIGBUS at the first store to a page */
    do
        errno = posix_fallocate(object, 0, (off_t)ring_size(RING_CAPACITY));
    while (interrupted());
    if (errno != 0)
        fail("posix_fallocate", segment->posix_name);
    close(object);
}

/*
 * What an earlier session left in a segment that somebody else made (its bytes, its end) is not of
 * this one. Unless it is somebody's session now, under a rendezvous that is not ours.
 */
static void renew_ring(const struct segment *segment)
{
    struct ring ring;
    struct shmid_ds status;
    if (ring_attach(&ring, segment->memory, segment->size, false) != NULL ||
        ring_is_new(segment->memory))
        return; /* what is no ring is refused by ring_transfer_open() */
    if (shmctl(segment->id, IPC_STAT, &status) == -1)
        fail("shmctl IPC_STAT", segment->session);
    if (status.shm_nattch > 1)
        fail_that(EXIT_FAILED, "\"%s\" is in use: %lu others are attached to it", segment->session,
                  (unsigned long)status.shm_nattch - 1);
    ring_renew(segment->memory);
}

void segment_open(const struct role *role, int argc, char **argv, enum member_role member,
                  struct segment *segment, struct ring_transfer *flow, uint64_t *deadline)
{
    double timeout = NOT_GIVEN;
    bool verbose = false;
    const struct option_row options[] = {OPTION_NAME(&segment->name),
                                         OPTION_API(&segment->family, "sysv"),
                                         OPTION_KEY(&segment->key_text),
                                         OPTION_TIMEOUT(&timeout),
                                         OPTION_QUIET,
                                         OPTION_VERBOSE(&verbose),
                                         {0}};
    const struct operands operands =
        parse_arguments(role, argc, argv, options, member == PRODUCER ? 1 : 0);
    segment_choose(role, segment);
    if (member == PRODUCER) /* a wrong name is told before anybody is waited for */
        flow->input = open_input(operands.words[0], &flow->label);
    const uint64_t wait = nanoseconds_of(timeout);
    *deadline = wait == UINT64_MAX ? UINT64_MAX : now() + wait;
    if (verbose)
        flow->narration = narration_open(STDERR_FILENO, role->name, NULL, 0);

    struct rendezvous *rendezvous = &segment->rendezvous;
    const bool sysv = segment->family == SYSV;
    rendezvous_join(rendezvous, "shm", segment->session, member, true, *deadline,
                    segment_remove_objects);
    if (!rendezvous->first)
        check_family(rendezvous, segment->family, "segment");
    else if (sysv)
        make_sysv(rendezvous, segment->key_text, &segment->key, get_segment, "shmget");
    else
        make_posix(segment);
    segment->id = (int)rendezvous->objects[NOTED_ID] - 1;
    segment_map(segment, true);
    const bool ours = rendezvous->objects[NOTED_MADE] != 0;
    if (rendezvous->first && ours && !ring_create(segment->memory, RING_CAPACITY))
        fail("sem_init", segment->session);
    if (rendezvous->first && !ours)
        renew_ring(segment);
    if (sysv)
        narrate(flow->narration, LEFT, "shmget(), shmat(%d) = %p", segment->id, segment->memory);
    else
        narrate(flow->narration, LEFT, "shm_open(\"%s\"), mmap() = %p", segment->posix_name,
                segment->memory);
    flow->rendezvous = rendezvous;
    flow->object = sysv ? segment->session : segment->posix_name;
    ring_transfer_open(flow, segment->memory, segment->size, member);
    rendezvous_enter(rendezvous);
}
