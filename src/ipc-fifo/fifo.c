/* SPDX-License-Identifier: MIT
 * The FIFO as a file: found, made, removed; and its ends, opened without sleeping, so that a time
 * limit can end the wait for the other side.
 */
#include "fifo.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/transfer/stream.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIFOS_MOST = 2 };

static char paths[FIFOS_MOST][PATH_SIZE]; /* the second one of a chat alone */
static mode_t mode_asked;

void fifo_read_mode(const struct role *role, struct pair *pair)
{
    char *end;
    const char *given = ((const struct fifo *)pair)->mode_text; /* pair is its first member */
    const char *text = given != NULL ? given : "600";
    const unsigned long mode = strtoul(text, &end, 8);
    if (*text < '0' || *text > '7' || *end != '\0' || mode > 0777)
        usage_error(role, "--mode: '%s' is not an octal mode up to 777", text);
    mode_asked = (mode_t)mode;
}

/* For the rendezvous: removes the FIFOs that one of us made, if they still are those. */
static void remove_fifos(const struct rendezvous *rendezvous)
{
    for (int i = 0; i < FIFOS_MOST; i++)
        destroy_noted_file(rendezvous->objects + i * FILE_NOTES, paths[i], S_IFIFO);
}

/* Fails (exits) unless that is the status of a FIFO of our user's. */
static void check_kind(const char *path, const struct stat *status)
{
    if (!S_ISFIFO(status->st_mode))
        fail_that(EXIT_FAILED, "\"%s\" is %s, not a FIFO: not used", path,
                  S_ISLNK(status->st_mode)   ? "a symbolic link"
                  : S_ISDIR(status->st_mode) ? "a directory"
                  : S_ISREG(status->st_mode) ? "a regular file"
                                             : "something else");
    if (status->st_uid != geteuid())
        fail_that(EXIT_FAILED, "\"%s\" belongs to user %ld: not used", path, (long)status->st_uid);
}

/*
 * Makes it if it is not there, and notes that. A death between the note and mkfifo() leaves a note
 * of something that is not there. A death after mkfifo() leaves a FIFO that whoever comes first
 * next time finds noted, removes, and makes again.
 */
static void provide(struct rendezvous *rendezvous, int i)
{
    int64_t *notes = rendezvous->objects + i * FILE_NOTES; /* of the FIFO, or of each of a chat */
    struct stat status;
    if (lstat(paths[i], &status) == -1 && errno == ENOENT) {
        notes[FILE_MADE] = 1;
        notes[FILE_INODE] = 0;
        rendezvous_note_objects(rendezvous);
    }
    if (mkfifo(paths[i], mode_asked) == 0) {
        if (lstat(paths[i], &status) == 0)
            note_file(notes, &status);
        return;
    }
    if (errno != EEXIST)
        fail("mkfifo", paths[i]);
    or_fail(lstat(paths[i], &status), "lstat", paths[i]);
    check_kind(paths[i], &status);
    if (notes[FILE_INODE] == 0) /* somebody else's, in that moment */
        notes[FILE_MADE] = 0;
}

void fifo_join(struct fifo *fifo, enum member_role member, bool is_chat)
{
    char own[PATH_SIZE];
    const struct pair *pair = &fifo->pair;
    struct rendezvous *rendezvous = &fifo->pair.rendezvous;
    const char *name =
        pair->path != NULL ? pair->path : object_path(own, "fifo", pair->name, "fifo");
    if (snprintf(paths[0], PATH_SIZE, "%s%s", name, is_chat ? ".user1" : "") >= PATH_SIZE ||
        (is_chat && snprintf(paths[1], PATH_SIZE, "%s.user2", name) >= PATH_SIZE)) {
        errno = ENAMETOOLONG;
        fail("mkfifo", name);
    }
    fifo->path = paths[0];
    fifo->back = paths[1];
    rendezvous->may_follow = !is_chat;
    rendezvous->remove_objects = remove_fifos;
    rendezvous_join(rendezvous, is_chat ? "chat" : "fifo", pair->name, member,
                    is_chat || member == CONSUMER, pair->deadline);
    provide(rendezvous, 0); /* with the lock: of two that start at once one makes it */
    if (is_chat)
        provide(rendezvous, 1);
    rendezvous_enter(rendezvous);
}

int fifo_open_end(const char *path, int flags)
{
    int end;
    struct stat status;
    do
        end = open(path, flags | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
    while (end == -1 && interrupted());
    if (end == -1 && errno == ENXIO && flags == O_WRONLY)
        return -1;
    or_fail(end, "open", path);
    or_fail(fstat(end, &status), "fstat", path);
    check_kind(path, &status);
    make_fast(end);
    return end;
}

void fifo_keep_waiting(struct fifo *fifo, const char *peer)
{
    if (now() >= fifo->pair.deadline)
        fail_that(EXIT_PEER, "no %s came to \"%s\" in time", peer, fifo->path);
    rendezvous_tell_waiting(&fifo->pair.rendezvous);
}

void fifo_own_path(char path[PATH_SIZE], const char *role, const char *suffix)
{
    char name[32];
    snprintf(name, sizeof name, "%s-%ld", role, (long)getpid());
    object_path(path, "fifo", name, suffix);
    note_object(A_FILE, path);
}
