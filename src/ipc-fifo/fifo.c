/*
 * The FIFO as a file: found, made, removed; and its ends, opened without sleeping, so that a time
 * limit can end the wait for the other side.
 */
#include "fifo.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* In the rendezvous, for the FIFO or for each of the two of a chat. */
enum { FIFO_MADE, FIFO_DEVICE, FIFO_INODE, FIFO_NOTES };
enum { FIFOS_MOST = 2 };

static char paths[FIFOS_MOST][PATH_SIZE]; /* for the rendezvous' way out; empty: none */

void fifo_locate(const struct role *role, struct fifo *fifo)
{
    fifo->mode = 0600;
    if (fifo->mode_text != NULL) {
        char *end;
        const unsigned long mode = strtoul(fifo->mode_text, &end, 8);
        if (*fifo->mode_text < '0' || *fifo->mode_text > '7' || *end != '\0' || mode > 0777)
            usage_error(role, "--mode: '%s' is not an octal mode up to 777", fifo->mode_text);
        fifo->mode = (mode_t)mode;
    }
    if (fifo->name != NULL && fifo->given_path != NULL)
        usage_error(role, "--name and --path: one or the other");
    if (fifo->given_path != NULL) {
        if (*fifo->given_path == '\0')
            usage_error(role, "--path: it is empty");
        if (strlen(fifo->given_path) >= PATH_SIZE - 8) {
            errno = ENAMETOOLONG;
            fail("mkfifo", fifo->given_path);
        }
        snprintf(fifo->path, sizeof fifo->path, "%s", fifo->given_path);
        name_of_path(fifo->given_path, fifo->session);
        return;
    }
    if (fifo->name == NULL)
        fifo->name = "default";
    snprintf(fifo->session, sizeof fifo->session, "%s", fifo->name);
    object_path(fifo->path, "fifo", fifo->name, "fifo");
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

void fifo_check(const char *path, const struct stat *status)
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
    fifo_check(path, &status);
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

/* The door of the rendezvous is held meanwhile: of two that start at once one makes it. */
void fifo_join(struct fifo *fifo, enum member_role member, bool only_one, uint64_t deadline)
{
    struct rendezvous *rendezvous = &fifo->rendezvous;
    const bool is_chat = *fifo->back != '\0';
    snprintf(paths[0], PATH_SIZE, "%s", fifo->path);
    snprintf(paths[1], PATH_SIZE, "%s", fifo->back);
    rendezvous->may_follow = !is_chat;
    rendezvous_join(rendezvous, is_chat ? "chat" : "fifo", fifo->session, member, only_one,
                    deadline, remove_fifos);
    provide(rendezvous, 0, fifo->mode);
    if (is_chat)
        provide(rendezvous, 1, fifo->mode);
    rendezvous_enter(rendezvous);
}

/* Between the look at a name and open() another file may have taken it. */
static int checked(int end, const char *path)
{
    struct stat status;
    if (fstat(end, &status) == -1)
        fail("fstat", path);
    fifo_check(path, &status);
    make_fast(end);
    return end;
}

int fifo_open_read(const char *path)
{
    const int end = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
    if (end == -1)
        fail("open", path);
    return checked(end, path);
}

bool fifo_is_there(const char *path, int end)
{
    struct stat named, opened;
    return fstat(end, &opened) == 0 && lstat(path, &named) == 0 && named.st_dev == opened.st_dev &&
           named.st_ino == opened.st_ino;
}

int fifo_try_write(const char *path)
{
    int end;
    do
        end = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
    while (end == -1 && interrupted());
    if (end == -1 && errno != ENXIO)
        fail("open", path);
    return end == -1 ? -1 : checked(end, path);
}

/* Nobody would wake us from that wait when the time is over, so we try again and again. */
int fifo_open_write(const char *path, uint64_t deadline)
{
    int end;
    bool told = false;
    const uint64_t began = now();
    for (uint64_t pause = 100 * MICROSECOND; (end = fifo_try_write(path)) == -1;) {
        if (now() >= deadline)
            fail_that(EXIT_PEER, "no consumer came to \"%s\" in time", path);
        if (!told && now() - began > SECOND / 5) {
            say("waiting for a consumer");
            told = true;
        }
        sleep_for(pause);
        pause = pause < 20 * MILLISECOND ? 2 * pause : pause;
    }
    return end;
}
