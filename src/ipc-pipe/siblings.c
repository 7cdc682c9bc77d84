/*
 * Two siblings at a pipe that the shell made: how they find each other, make it fast, and know that
 * a producer ended early.
 *
 * The record of the rendezvous tells that while anybody who has joined lives. For a consumer that
 * comes later, the pipe itself is marked as long as a producer has not sent all: by a permission
 * bit, which means nothing there. The kernel keeps it however the producer ends, as long as the
 * pipe, and no longer. A record would stay for ever where no consumer of ours comes (`| cat`):
 * nobody is told when the last process lets go of a pipe.
 */
#include "pipe.h"
#include "platform.h"

#include "ipc/rendezvous/private_files.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MARK = S_IXUSR };
enum { CUT_SHORT }; /* noted in the rendezvous: the pipe was marked when nobody was there */

static const struct {
    int descriptor, access;
    const char *name;
} ends[MEMBER_ROLES] = {[PRODUCER] = {STDOUT_FILENO, O_WRONLY, "standard output"},
                        [CONSUMER] = {STDIN_FILENO, O_RDONLY, "standard input"}};

static bool is_anonymous; /* the mark of a FIFO would outlive the transfer */

static struct stat status_of_pipe(const struct pair *pair);
static void look_whether_anonymous(const struct stat *status);
static void remove_unless_used(int file, const char *path);
static void change_mark(const struct pair *pair, mode_t mark);

void join_siblings(const struct role *role, struct pair *pair)
{
    const enum member_role member = pair->member;
    struct rendezvous *rendezvous = &pair->rendezvous;
    const struct stat status = status_of_pipe(pair);
    if (!S_ISFIFO(status.st_mode))
        usage_error(role, "%s is not a pipe; type: ipc-pipe producer FILE | ipc-pipe consumer",
                    ends[member].name);
    snprintf(pair->own_name, sizeof pair->own_name, "%ju", (uintmax_t)status.st_ino);
    pair->name = pair->own_name;
    look_whether_anonymous(&status);
    const bool was_marked = is_cut_short(pair);
    if (member == PRODUCER)
        change_mark(pair, MARK); /* now: from here on anything may fail */

    /* what was killed at other pipes: their inodes do not come again, and nobody would clean up */
    sweep_lock_files("pipe-*.rendezvous", remove_unless_used);
    rendezvous->may_follow = true;
    rendezvous_join(rendezvous, "pipe", pair->name, member, false, UINT64_MAX);
    /* a mark that was not there is ours, whoever joined before us and has seen it */
    if (rendezvous->first || (member == PRODUCER && !was_marked))
        rendezvous->objects[CUT_SHORT] = was_marked;
    if (member == PRODUCER)
        change_mark(pair, MARK); /* again: another may have taken it off */
    rendezvous_enter(rendezvous);

    /* The end that we were given is the shell's, too, and other programs': it stays as it was. */
    const int end = reopen(ends[member].descriptor, ends[member].access | O_NONBLOCK | O_CLOEXEC);
    if (end == -1)
        return;
    make_fast(end);
    or_fail(dup2(end, ends[member].descriptor), "dup2", ends[member].name);
    close(end);
}

void note_all_sent(struct pair *pair)
{
    rendezvous_set_state(&pair->rendezvous, STATE_DONE); /* before the look: the last one unmarks */
    const struct peers others = rendezvous_peers(&pair->rendezvous, PRODUCER);
    if (others.died == 0 && others.done >= others.alive + others.left &&
        pair->rendezvous.objects[CUT_SHORT] == 0)
        change_mark(pair, 0);
}

bool is_cut_short(const struct pair *pair)
{
    return is_anonymous && (status_of_pipe(pair).st_mode & MARK) != 0;
}

/* If this fails, since the pipe is another user's or the system cannot do it, it bears no mark. */
static void change_mark(const struct pair *pair, mode_t mark)
{
    const mode_t mode = status_of_pipe(pair).st_mode & (S_IRWXU | S_IRWXG | S_IRWXO);
    if (is_anonymous)
        fchmod(ends[pair->member].descriptor, (mode & ~(mode_t)MARK) | mark);
}

static struct stat status_of_pipe(const struct pair *pair)
{
    struct stat status;
    or_fail(fstat(ends[pair->member].descriptor, &status), "fstat", ends[pair->member].name);
    return status;
}

/* If it cannot be known, it is one: FIFOs are rare. */
static void look_whether_anonymous(const struct stat *status)
{
    int another[2];
    struct stat pipes;
    is_anonymous = true;
    if (pipe(another) == -1)
        return;
    is_anonymous = fstat(another[READ_END], &pipes) == -1 || pipes.st_dev == status->st_dev;
    close(another[READ_END]);
    close(another[WRITE_END]);
}

/* The locks tell who lives, whatever stands in the file. */
static void remove_unless_used(int file, const char *path)
{
    struct flock lock = {.l_type = F_WRLCK, .l_start = FILE_LOCK + 1, .l_len = MEMBERS_MOST};
    if (fcntl(file, F_GETLK, &lock) == 0 && lock.l_type == F_UNLCK)
        unlink(path);
    close(file); /* and so unlocked */
}
