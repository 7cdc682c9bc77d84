/* SPDX-License-Identifier: MIT
 * ipc-shm stat: what the kernel knows of the pair's segment, how full its ring is, who uses it.
 *
 * Usage: ipc-shm stat [--name NAME | --key KEY] [--api sysv|posix] [--json]
 */
#include "shm.h"

#include "ipc/common/io.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void *look_at_sysv(struct segment *segment);
static void *look_at_posix(struct segment *segment);
static void print_ring(void *memory, size_t size, const char *object);

int shm_stat(const struct role *role, int argc, char **argv)
{
    static struct segment segment = {.pair.family = NOT_GIVEN};
    struct pair *pair = &segment.pair;
    struct rendezvous *found = &segment.pair.rendezvous;
    bool json = false;
    const struct option_row options[] = {
        OPTIONS_FAMILY(pair, "as it was made"), OPTION_JSON(&json), {0}};
    parse_arguments(role, argc, argv, options, 0);
    const bool known = find_pair(role, "shm", pair) && found->objects[NOTED_FAMILY] != 0;
    if (known && is_other_family(pair))
        fail_that(EXIT_FAILED, "\"%s\" is a segment of the other family", pair->name);
    if (known) {
        pair->family = (int)found->objects[NOTED_FAMILY] - 1;
        segment.id = (int)found->objects[NOTED_ID] - 1;
        pair->key = (key_t)found->objects[NOTED_KEY];
    } else if (pair->key_text != NULL) {
        pair->family = SYSV;
        segment.id = or_fail(shmget(pair->key, 0, 0), "shmget", pair->key_text);
    } else if (pair->family != POSIX) {
        fail_that(EXIT_FAILED, "there is no segment of \"%s\"", pair->name);
    } else {
        const char *name = posix_name(segment.posix_name, "shm", pair->name);
        close(or_fail(shm_open(name, O_RDONLY, 0), "shm_open", name));
    }
    if (json) {
        found->objects[NOTED_FAMILY] = 1 + pair->family;
        found->objects[NOTED_ID] = 1 + segment.id;
        found->objects[NOTED_KEY] = pair->key;
        begin_list(true);
        print_found("shm", found, segment_look);
        return end_list();
    }
    void *memory = pair->family == SYSV ? look_at_sysv(&segment) : look_at_posix(&segment);
    print_ring(memory, segment.size, pair->name);
    if (known)
        print_members(pair);
    flush_output();
    return EXIT_DONE;
}

static void print_time(const char *what, time_t when)
{
    char text[32] = "never";
    struct tm broken;
    if (when != 0)
        strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", localtime_r(&when, &broken));
    printf("%-12s %s\n", what, text);
}

static void *look_at_sysv(struct segment *segment)
{
    struct shmid_ds status;
    or_fail(shmctl(segment->id, IPC_STAT, &status), "shmctl IPC_STAT", segment->pair.name);
    printf("%-12s 0x%08" PRIx32 "\n%-12s %d\n", "key", (uint32_t)segment->pair.key, "id",
           segment->id);
    printf("%-12s %zu\n%-12s %04o\n", "size", (size_t)status.shm_segsz, "mode",
           (unsigned)status.shm_perm.mode & 0777);
    printf("%-12s %ld\n%-12s %lu\n", "owner", (long)status.shm_perm.uid, "attached",
           (unsigned long)status.shm_nattch);
    printf("%-12s pid %ld\n%-12s pid %ld\n", "creator", (long)status.shm_cpid, "last used by",
           (long)status.shm_lpid);
    print_time("attached at", status.shm_atime);
    print_time("detached at", status.shm_dtime);
    print_time("changed at", status.shm_ctime);
    segment->size = status.shm_segsz;
    return memory_or_fail(shmat(segment->id, NULL, SHM_RDONLY), "shmat", segment->pair.name);
}

/* NULL for an object of size 0, which cannot be mapped. */
static void *look_at_posix(struct segment *segment)
{
    struct stat status;
    const char *name = posix_name(segment->posix_name, "shm", segment->pair.name);
    const int object = or_fail(shm_open(name, O_RDONLY, 0), "shm_open", name);
    or_fail(fstat(object, &status), "fstat", name);
    printf("%-12s %s\n%-12s %lld\n%-12s %04o\n%-12s %ld\n", "name", name, "size",
           (long long)status.st_size, "mode", (unsigned)status.st_mode & 0777, "owner",
           (long)status.st_uid);
    printf("%-12s not recorded\n%-12s not recorded\n", "attached", "creator");
    print_time("written at", status.st_mtime);
    print_time("changed at", status.st_ctime);
    segment->size = (size_t)status.st_size;
    if (segment->size == 0)
        return NULL;
    return memory_or_fail(mmap(NULL, segment->size, PROT_READ, MAP_SHARED, object, 0), "mmap",
                          name);
}

static void print_ring(void *memory, size_t size, const char *object)
{
    struct ring ring;
    guard_mapping(memory, size, object);
    const char *problem = ring_attach(&ring, memory, size, false);
    if (problem != NULL)
        printf("%-12s %s\n", "ring", problem);
    else
        printf("%-12s %" PRIu64 " of %" PRIu64 " bytes\n", "ring", ring.other - ring.own,
               ring.capacity);
}
