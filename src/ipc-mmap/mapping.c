/* SPDX-License-Identifier: MIT
 * The mapped file of the pair: found by its rendezvous, made by whoever comes first.
 */
#include "mmap.h"

#include "ipc/common/cleanup.h"

#include <errno.h>

static const char *removed_path; /* for the rendezvous' way out */

/*
 * For the rendezvous: removes the file that one of us made, if it still is that one. Since its
 * users died (we have no slot yet) somebody may have written over it, which its size tells.
 */
static void remove_file(const struct rendezvous *rendezvous)
{
    struct stat status;
    if (rendezvous->slot == 0 && lstat(removed_path, &status) == 0 && status.st_size != 0 &&
        status.st_size != (off_t)ring_size(RING_CAPACITY))
        return;
    destroy_noted_file(rendezvous->objects, removed_path, S_IFREG);
}

/* Noted before it exists: a death in between leaves nothing that is not found. */
static int make_file(struct mapping *mapping)
{
    int64_t *noted = mapping->pair.rendezvous.objects;
    struct stat status;
    noted[FILE_MADE] = 1;
    rendezvous_note_objects(&mapping->pair.rendezvous);
    const int file = open(mapping->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file == -1)
        noted[FILE_MADE] = 0;
    if (file == -1 && errno == EEXIST)
        fail_that(EXIT_FAILED,
                  "open \"%s\": File exists, and holds no ring of ours: not written over",
                  mapping->path);
    or_fail(file, "open", mapping->path);
    or_fail(fstat(file, &status), "fstat", mapping->path);
    note_file(noted, &status);
    rendezvous_note_objects(&mapping->pair.rendezvous);
    /* the blocks on the disk, now: else a full file system is a SIGBUS at the first store */
    do
        errno = posix_fallocate(file, 0, (off_t)ring_size(RING_CAPACITY));
    while (interrupted());
    if (errno != 0)
        fail("posix_fallocate", mapping->path);
    return file;
}

static int open_file(struct mapping *mapping)
{
    struct stat status;
    const int file =
        or_fail(open(mapping->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW), "open", mapping->path);
    or_fail(fstat(file, &status), "fstat", mapping->path);
    if (!is_noted_file(mapping->pair.rendezvous.objects, &status))
        fail_that(EXIT_FAILED, "\"%s\" was replaced by another file: not used", mapping->path);
    if (status.st_size == 0)
        fail_that(EXIT_FAILED, "\"%s\" is empty: not used", mapping->path);
    mapping->size = (size_t)status.st_size;
    return file;
}

int mapping_open(const struct role *role, int argc, char **argv, enum member_role member,
                 struct mapping *mapping)
{
    static char own[PATH_SIZE];
    struct pair *pair = &mapping->pair;
    struct rendezvous *rendezvous = &mapping->pair.rendezvous;
    const struct option_row options[] = {
        OPTION_NAME(&pair->name),
        OPTION_PATH(pair, "a ring in this file; made, and removed in the end"),
        OPTIONS_PAIR(pair),
        {0}};
    begin_pair(role, argc, argv, options, member, pair);
    mapping->path = pair->path != NULL ? pair->path : object_path(own, "mmap", pair->name, "ring");
    removed_path = mapping->path;
    rendezvous->remove_objects = remove_file;
    rendezvous_join(rendezvous, "mmap", pair->name, member, true, pair->deadline);
    mapping->size = ring_size(RING_CAPACITY);
    return rendezvous->first ? make_file(mapping) : open_file(mapping);
}
