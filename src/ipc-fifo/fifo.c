/*
 * The FIFO as a file: found, made, removed; and its ends, opened without sleeping, so that a time
 * limit can end the wait for the other side.
 */
#include "fifo.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/rendezvous/undo_log.h"
#include "ipc/transfer/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* In the rendezvous, for the FIFO or for each of the two of a chat. */
enum { FIFO_MADE, FIFO_DEVICE, FIFO_INODE, FIFO_NOTES };
enum { FIFOS_MOST = 2, TELL_AFTER_MS = 200 };

static char paths[FIFOS_MOST][PATH_SIZE]; /* for the rendezvous' way out; empty: none */

static mode_t mode_of(const struct role *role, const struct fifo *fifo)
{
    char *end;
    const char *text = fifo->mode_text != NULL ? fifo->mode_text : "600";
    const unsigned long mode = strtoul(text, &end, 8);
    if (*text < '0' || *text > '7' || *end != '\0' || mode > 0777)
        usage_error(role, "--mode: '%s' is not an octal mode up to 777", text);
    return (mode_t)mode;
}

void fifo_check_mode(const struct role *role, const struct pair_options *options)
{
    mode_of(role, (const struct fifo *)options); /* its first member */
}

void fifo_locate(const struct role *role, struct fifo *fifo, const char *suffix, const char *back)
{
    char own[PATH_SIZE];
    const struct pair_options *pair = &fifo->options;
    const char *name =
        pair->path != NULL ? pair->path : object_path(own, "fifo", pair->name, "fifo");
    fifo->mode = mode_of(role, fifo);
    if (snprintf(fifo->path, PATH_SIZE, "%s%s", name, suffix) >= PATH_SIZE ||
        (back != NULL && snprintf(fifo->back, PATH_SIZE, "%s%s", name, back) >= PATH_SIZE)) {
        errno = ENAMETOOLONG;
        fail("mkfifo", name);
    }
}

/* For the rendezvous: removes the FIFOs that one of us made, if they still are those. */
static void remove_fifos(const struct rendezvous *rendezvous)
{
    struct stat status;
    for (int i = 0; i < FIFOS_MOST; i++) {
        const int64_t *notes = rendezvous->objects + i * FIFO_NOTES;
        if (notes[FIFO_MADE] != 0 && lstat(paths[i], &status) == 0 && S_ISFIFO(status.st_mode) &&
            (notes[FIFO_INODE] == 0 || ((int64_t)status.st_dev == notes[FIFO_DEVICE] &&
                                        (int64_t)status.st_ino == notes[FIFO_INODE])))
            unlink(paths[i]);
    }
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

/* False if there is one already. */
static bool make(const char *path, mode_t mode)
{
    struct stat status;
    if (mkfifo(path, mode) == 0)
        return true;
    if (errno != EEXIST)
        fail("mkfifo", path);
    if (lstat(path, &status) == -1)
        fail("lstat", path);
    check_kind(path, &status);
    return false;
}

/*
 * Makes it if it is not there, and notes that. Who dies between the note and mkfifo() leaves a note
 * of something that is not there; who dies after it, a FIFO that the next session's first finds
 * noted, removes, and makes again.
 */
static void provide(struct rendezvous *rendezvous, int i, mode_t mode)
{
    int64_t *notes = rendezvous->objects + i * FIFO_NOTES;
    struct stat status;
    if (lstat(paths[i], &status) == -1 && errno == ENOENT) {
        notes[FIFO_MADE] = 1;
        notes[FIFO_INODE] = 0;
        rendezvous_note_objects(rendezvous);
    }
    if (!make(paths[i], mode)) {
        if (notes[FIFO_INODE] == 0) /* somebody else's, in that moment */
            notes[FIFO_MADE] = 0;
    } else if (lstat(paths[i], &status) == 0) {
        notes[FIFO_DEVICE] = (int64_t)status.st_dev;
        notes[FIFO_INODE] = (int64_t)status.st_ino;
    }
}

/* The lock of the rendezvous is held meanwhile: of two that start at once one makes the FIFO. */
void fifo_join(struct fifo *fifo, enum member_role member, bool only_one)
{
    struct rendezvous *rendezvous = &fifo->rendezvous;
    const bool is_chat = *fifo->back != '\0';
    snprintf(paths[0], PATH_SIZE, "%s", fifo->path);
    snprintf(paths[1], PATH_SIZE, "%s", fifo->back);
    rendezvous->may_follow = !is_chat;
    rendezvous_join(rendezvous, is_chat ? "chat" : "fifo", fifo->options.name, member, only_one,
                    fifo->options.deadline, remove_fifos);
    provide(rendezvous, 0, fifo->mode);
    if (is_chat)
        provide(rendezvous, 1, fifo->mode);
    rendezvous_enter(rendezvous);
}

/* Another file may have taken the name between the look at it and open(). */
static int check_end(int end, const char *path)
{
    struct stat status;
    if (fstat(end, &status) == -1)
        fail("fstat", path);
    check_kind(path, &status);
    make_fast(end);
    return end;
}

int fifo_open_read(const char *path)
{
    const int end = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
    if (end == -1)
        fail("open", path);
    return check_end(end, path);
}

int fifo_try_write(const char *path)
{
    int end;
    do
        end = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
    while (end == -1 && interrupted());
    if (end == -1 && errno != ENXIO)
        fail("open", path);
    return end == -1 ? -1 : check_end(end, path);
}

bool fifo_is_there(const char *path, int end)
{
    struct stat named, opened;
    return fstat(end, &opened) == 0 && lstat(path, &named) == 0 && named.st_dev == opened.st_dev &&
           named.st_ino == opened.st_ino;
}

void fifo_keep_waiting(struct wait *wait)
{
    const uint64_t time = now();
    if (time >= wait->deadline)
        fail_that(EXIT_PEER, "no %s came to \"%s\" in time", wait->peer, wait->path);
    if (!wait->is_told && time - wait->began > TELL_AFTER_MS * MILLISECOND) {
        say("waiting for a %s", wait->peer);
        wait->is_told = true;
    }
}

void fifo_own_path(char path[PATH_SIZE], const char *role, const char *suffix)
{
    char name[32];
    snprintf(name, sizeof name, "%s-%ld", role, (long)getpid());
    object_path(path, "fifo", name, suffix);
    note_object(A_FILE, path, 0);
}
