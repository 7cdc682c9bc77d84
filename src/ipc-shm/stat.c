/*
 * ipc-shm stat: what the kernel knows of the pair's segment, how full its ring is, and who holds
 * which end of it.
 */
#include "shm.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <time.h>

static void print_time(const char *what, time_t when)
{
    char text[32] = "never";
    struct tm broken;
    if (when != 0)
        strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", localtime_r(&when, &broken));
    printf("%-12s %s\n", what, text);
}

static void print_sysv(const struct segment *segment)
{
    struct shmid_ds status;
    if (shmctl(segment->id, IPC_STAT, &status) == -1)
        fail("shmctl IPC_STAT", segment->session);
    printf("%-12s 0x%08" PRIx32 "\n%-12s %d\n", "key", (uint32_t)segment->key, "id", segment->id);
    printf("%-12s %zu\n%-12s %04o\n", "size", (size_t)status.shm_segsz, "mode",
           (unsigned)status.shm_perm.mode & 0777);
    printf("%-12s %ld\n%-12s %lu\n", "owner", (long)status.shm_perm.uid, "attached",
           (unsigned long)status.shm_nattch);
    printf("%-12s pid %ld\n%-12s pid %ld\n", "creator", (long)status.shm_cpid, "last used by",
           (long)status.shm_lpid);
    print_time("attached at", status.shm_atime);
    print_time("detached at", status.shm_dtime);
    print_time("changed at", status.shm_ctime);
}

static void print_posix(const struct segment *segment)
{
    struct stat status;
    const int object = shm_open(segment->posix_name, O_RDONLY, 0);
    if (object == -1)
        fail("shm_open", segment->posix_name);
    if (fstat(object, &status) == -1)
        fail("fstat", segment->posix_name);
    printf("%-12s %s\n%-12s %lld\n%-12s %04o\n%-12s %ld\n", "name", segment->posix_name, "size",
           (long long)status.st_size, "mode", (unsigned)status.st_mode & 0777, "owner",
           (long)status.st_uid);
    printf("%-12s not recorded\n%-12s not recorded\n", "attached", "creator");
    print_time("written at", status.st_mtime);
    print_time("changed at", status.st_ctime);
}

static void print_end(const struct rendezvous *rendezvous, enum member_role role, const char *word)
{
    const struct peers peers = rendezvous_peers(rendezvous, role);
    if (peers.alive > 0)
        printf("%-12s pid %ld\n", word, (long)peers.alive_pid);
    else
        printf("%-12s %s\n", word,
               peers.died > 0   ? "died"
               : peers.left > 0 ? "has left"
                                : "nobody");
}

int shm_stat(const struct role *role, int argc, char **argv)
{
    static struct segment segment = {.family = NOT_GIVEN};
    const struct option_row options[] = {OPTION_NAME(&segment.name),
                                         OPTION_API(&segment.family, "as it was made"),
                                         OPTION_KEY(&segment.key_text),
                                         {0}};
    parse_arguments(role, argc, argv, options, 0);
    segment_choose(role, &segment);
    const bool known = rendezvous_look(&segment.rendezvous, "shm", segment.session) &&
                       segment.rendezvous.objects[NOTED_FAMILY] != 0;
    const int noted = (int)segment.rendezvous.objects[NOTED_FAMILY] - 1;
    if (known && segment.family != NOT_GIVEN && segment.family != noted)
        fail_that(EXIT_FAILED, "\"%s\" is a segment of the other family", segment.session);
    if (known) {
        segment.family = noted;
        segment.id = (int)segment.rendezvous.objects[NOTED_ID] - 1;
        segment.key = (key_t)segment.rendezvous.objects[NOTED_KEY];
    } else if (segment.key_text != NULL) {
        segment.family = SYSV;
        segment.id = shmget(segment.key, 0, 0);
        if (segment.id == -1)
            fail("shmget", segment.key_text);
    } else if (segment.family != POSIX) {
        fail_that(EXIT_FAILED, "there is no segment of \"%s\"", segment.session);
    }
    if (segment.family == SYSV)
        print_sysv(&segment);
    else
        print_posix(&segment);
    segment_map(&segment, false);
    guard_mapping(segment.memory, segment.size, segment.session);
    struct ring ring;
    const char *problem = ring_attach(&ring, segment.memory, segment.size, false);
    const size_t filled = problem == NULL ? ring_filled(segment.memory) : 0;
    if (filled == RING_CORRUPT)
        problem = "is damaged";
    if (problem != NULL)
        printf("%-12s %s\n", "ring", problem);
    else
        printf("%-12s %zu of %" PRIu64 " bytes\n", "ring", filled, ring.capacity);
    if (known) {
        print_end(&segment.rendezvous, PRODUCER, "producer");
        print_end(&segment.rendezvous, CONSUMER, "consumer");
    }
    if (fflush(stdout) != 0)
        fail("write", "standard output");
    return EXIT_DONE;
}
