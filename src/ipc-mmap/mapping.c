/*
 * The mapped file of the pair: found by its rendezvous, made by whoever comes first.
 */
#include "mmap.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NOTED_MADE, NOTED_DEVICE, NOTED_INODE };

static char removed_path[PATH_SIZE]; /* for the rendezvous' way out */

static void locate(const struct role *role, struct mapping *mapping)
{
    if (mapping->name != NULL && mapping->given_path != NULL)
        usage_error(role, "--name and --path: one or the other");
    if (mapping->given_path != NULL) {
        if (*mapping->given_path == '\0')
            usage_error(role, "--path: it is empty");
        if (strlen(mapping->given_path) >= PATH_SIZE) {
            errno = ENAMETOOLONG;
            fail("open", mapping->given_path);
        }
        snprintf(mapping->path, sizeof mapping->path, "%s", mapping->given_path);
        name_of_path(mapping->given_path, mapping->session);
    } else {
        if (mapping->name == NULL)
            mapping->name = "default";
        snprintf(mapping->session, sizeof mapping->session, "%s", mapping->name);
        object_path(mapping->path, "mmap", mapping->name, "ring");
    }
    snprintf(removed_path, sizeof removed_path, "%s", mapping->path);
}

/*
 * For the rendezvous: removes the file that one of us made, if it still is that one. Who died
 * between making it and noting which one it is left it empty: nobody's bytes are lost with it.
 */
static void remove_file(const struct rendezvous *rendezvous)
{
    const int64_t *noted = rendezvous->objects;
    struct stat status;
    if (noted[NOTED_MADE] == 0 || lstat(removed_path, &status) == -1 || !S_ISREG(status.st_mode))
        return;
    if (noted[NOTED_INODE] == 0 ? status.st_size == 0 && status.st_uid == geteuid()
                                : (int64_t)status.st_dev == noted[NOTED_DEVICE] &&
                                      (int64_t)status.st_ino == noted[NOTED_INODE])
        unlink(removed_path);
}

/* Noted before it exists: a death in between leaves nothing that is not found. */
static int make_file(struct mapping *mapping)
{
    int64_t *noted = mapping->rendezvous.objects;
    struct stat status;
    noted[NOTED_MADE] = 1;
    rendezvous_note_objects(&mapping->rendezvous);
    const int file = open(mapping->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file == -1) {
        noted[NOTED_MADE] = 0;
        if (errno == EEXIST)
            fail_that(EXIT_FAILED,
                      "open \"%s\": File exists, and holds no ring of ours: not written over",
                      mapping->path);
        fail("open", mapping->path);
    }
    if (fstat(file, &status) == -1)
        fail("fstat", mapping->path);
    noted[NOTED_DEVICE] = (int64_t)status.st_dev;
    noted[NOTED_INODE] = (int64_t)status.st_ino;
    rendezvous_note_objects(&mapping->rendezvous);
    /* the blocks on the disk, now: else a full file system is a SIGBUS at the first store */
    do
        errno = posix_fallocate(file, 0, (off_t)ring_size(RING_CAPACITY));
    while (interrupted());
    if (errno != 0)
        fail("posix_fallocate", mapping->path);
    return file;
}

static int open_file(const struct mapping *mapping)
{
    const int64_t *noted = mapping->rendezvous.objects;
    struct stat status;
    const int file = open(mapping->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (file == -1)
        fail("open", mapping->path);
    if (fstat(file, &status) == -1)
        fail("fstat", mapping->path);
    if ((int64_t)status.st_dev != noted[NOTED_DEVICE] ||
        (int64_t)status.st_ino != noted[NOTED_INODE])
        fail_that(EXIT_FAILED, "\"%s\" was replaced by another file: not used", mapping->path);
    return file;
}

void mapping_open(const struct role *role, int argc, char **argv, enum member_role member,
                  struct mapping *mapping, struct ring_transfer *flow, uint64_t *deadline)
{
    double timeout = NOT_GIVEN;
    bool verbose = false;
    const struct option_row options[] = {
        OPTION_NAME(&mapping->name),
        {.name = "path",
         .argument = "FILE",
         .text = &mapping->given_path,
         .help = "a ring in this file; made, and removed in the end"},
        OPTION_TIMEOUT(&timeout),
        OPTION_QUIET,
        OPTION_VERBOSE(&verbose),
        {0}};
    const struct operands operands =
        parse_arguments(role, argc, argv, options, member == PRODUCER ? 1 : 0);
    locate(role, mapping);
    if (member == PRODUCER) /* a wrong name is told before anybody is waited for */
        flow->input = open_input(operands.words[0], &flow->label);
    const uint64_t wait = nanoseconds_of(timeout);
    *deadline = wait == UINT64_MAX ? UINT64_MAX : now() + wait;
    if (verbose)
        flow->narration = narration_open(STDERR_FILENO, role->name, NULL, 0);

    struct rendezvous *rendezvous = &mapping->rendezvous;
    struct stat status;
    rendezvous_join(rendezvous, "mmap", mapping->session, member, true, *deadline, remove_file);
    const int file = rendezvous->first ? make_file(mapping) : open_file(mapping);
    if (fstat(file, &status) == -1)
        fail("fstat", mapping->path);
    mapping->size = (size_t)status.st_size;
    mapping->memory = mapping->size == 0
                          ? MAP_FAILED
                          : mmap(NULL, mapping->size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (mapping->size == 0)
        fail_that(EXIT_FAILED, "\"%s\" is empty: not used", mapping->path);
    if (mapping->memory == MAP_FAILED)
        fail("mmap", mapping->path);
    close(file); /* the mapping stays */
    if (rendezvous->first && !ring_create(mapping->memory, RING_CAPACITY))
        fail("sem_init", mapping->path);
    narrate(flow->narration, LEFT, "mmap(%zu bytes of a file) = %p", mapping->size,
            mapping->memory);
    flow->rendezvous = rendezvous;
    flow->object = mapping->path;
    ring_transfer_open(flow, mapping->memory, mapping->size, member);
    rendezvous_enter(rendezvous);
}
