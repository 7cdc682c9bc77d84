/*
 * The FIFO as a file: found, made, opened, removed.
 */
#include "fifo.h"

#include "ipc/cleanup.h"
#include "ipc/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NOTED_MADE, NOTED_DEVICE, NOTED_INODE };

static char removed_path[PATH_SIZE]; /* for the rendezvous' way out */

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
        session_of_path(fifo->given_path, fifo->session);
        return;
    }
    if (fifo->name == NULL)
        fifo->name = "default";
    check_name(role, fifo->name);
    snprintf(fifo->session, sizeof fifo->session, "%s", fifo->name);
    object_path(fifo->path, "fifo", fifo->name, "fifo");
}

/* For the rendezvous: removes the FIFO that one of us made, if it still is that one. */
static void remove_fifo(const struct rendezvous *rendezvous)
{
    struct stat status;
    if (rendezvous->objects[NOTED_MADE] != 0 && lstat(removed_path, &status) == 0 &&
        S_ISFIFO(status.st_mode) &&
        (rendezvous->objects[NOTED_INODE] == 0 ||
         ((int64_t)status.st_dev == rendezvous->objects[NOTED_DEVICE] &&
          (int64_t)status.st_ino == rendezvous->objects[NOTED_INODE])))
        unlink(removed_path);
}

bool fifo_make(const char *path, mode_t mode)
{
    struct stat status;
    if (mkfifo(path, mode) == 0)
        return true;
    if (errno != EEXIST)
        fail("mkfifo", path);
    if (lstat(path, &status) == -1)
        fail("lstat", path);
    if (!S_ISFIFO(status.st_mode))
        fail_that(EXIT_FAILED, "\"%s\" is %s, not a FIFO: not used", path,
                  S_ISLNK(status.st_mode)   ? "a symbolic link"
                  : S_ISDIR(status.st_mode) ? "a directory"
                  : S_ISREG(status.st_mode) ? "a regular file"
                                            : "something else");
    if (status.st_uid != geteuid())
        fail_that(EXIT_FAILED, "\"%s\" belongs to user %ld: not used", path, (long)status.st_uid);
    return false;
}

/*
 * The door of the rendezvous is held meanwhile: of two that start at once one makes it. Who dies
 * between the note and mkfifo() leaves a note of something that is not there; who dies after it,
 * a FIFO that the next session's first finds noted, removes, and makes again.
 */
void fifo_join(struct fifo *fifo, enum party_role party, bool only_one, uint64_t deadline)
{
    struct rendezvous *rendezvous = &fifo->rendezvous;
    struct stat status;
    snprintf(removed_path, sizeof removed_path, "%s", fifo->path);
    rendezvous->may_follow = true;
    rendezvous_join(rendezvous, "fifo", fifo->session, party, only_one, deadline, remove_fifo);
    if (lstat(fifo->path, &status) == -1 && errno == ENOENT) {
        rendezvous->objects[NOTED_MADE] = 1;
        rendezvous->objects[NOTED_INODE] = 0;
        rendezvous_note_objects(rendezvous);
    }
    if (!fifo_make(fifo->path, fifo->mode)) {
        if (rendezvous->objects[NOTED_INODE] == 0) /* somebody else's, in that moment */
            rendezvous->objects[NOTED_MADE] = 0;
    } else if (lstat(fifo->path, &status) == 0) {
        rendezvous->objects[NOTED_DEVICE] = (int64_t)status.st_dev;
        rendezvous->objects[NOTED_INODE] = (int64_t)status.st_ino;
    }
    rendezvous_enter(rendezvous);
}

int fifo_open_read(const char *path)
{
    const int end = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
    if (end == -1)
        fail("open", path);
    make_fast(end);
    return end;
}

int fifo_try_write(const char *path)
{
    int end;
    do
        end = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
    while (end == -1 && interrupted());
    if (end == -1 && errno != ENXIO)
        fail("open", path);
    if (end != -1)
        make_fast(end);
    return end;
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
