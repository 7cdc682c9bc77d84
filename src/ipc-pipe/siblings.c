/* SPDX-License-Identifier: MIT
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

#include <fcntl.h>
#include <stdio.h>

#define MARK ((mode_t)S_IXUSR)
enum { CUT_SHORT }; /* noted in the rendezvous: the pipe was marked when nobody was there */

static const struct {
    int descriptor, access;
    const char *name;
} ends[MEMBER_ROLES] = {[PRODUCER] = {STDOUT_FILENO, O_WRONLY, "standard output"},
                        [CONSUMER] = {STDIN_FILENO, O_RDONLY, "standard input"}};

static mode_t unmarked; /* the pipe's mode; 0: a FIFO, whose mark would outlive the transfer */

static bool has_a_name(const struct stat *pipe_or_fifo);
static void remove_unless_used(int file, const char *path);

void join_siblings(const struct role *role, struct pair *pair)
{
    const enum member_role member = pair->member;
    struct rendezvous *rendezvous = &pair->rendezvous;
    struct stat status;
    or_fail(fstat(ends[member].descriptor, &status), "fstat", ends[member].name);
    if (!S_ISFIFO(status.st_mode))
        usage_error(role, "%s is not a pipe; type: ipc-pipe producer FILE | ipc-pipe consumer",
                    ends[member].name);
    snprintf(pair->own_name, sizeof pair->own_name, "%ju", (uintmax_t)status.st_ino);
    pair->name = pair->own_name;
    unmarked = has_a_name(&status) ? 0 : status.st_mode & (S_IRWXU | S_IRWXG | S_IRWXO) & ~MARK;
    const bool was_marked = is_cut_short(pair);
    /* If this fails, since the pipe is another user's, or the system cannot do it, it is not
     * marked. Now: from here on anything may fail. */
    if (member == PRODUCER && unmarked != 0)
        fchmod(STDOUT_FILENO, unmarked | MARK);

    /* what was killed at other pipes: their inodes do not come again, and nobody would clean up */
    sweep_lock_files("pipe-*.rendezvous", remove_unless_used);
    rendezvous->may_follow = true;
    rendezvous_join(rendezvous, "pipe", pair->name, member, false, UINT64_MAX);
    /* a mark that was not there is ours, whoever joined before us and has seen it; a consumer looks
     * now, since a producer may have come and left while it waited to join */
    if (member == PRODUCER && (rendezvous->first || !was_marked))
        rendezvous->objects[CUT_SHORT] = was_marked;
    else if (rendezvous->first)
        rendezvous->objects[CUT_SHORT] = is_cut_short(pair);
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
    if (others.died == 0 && others.done >= others.alive + others.left && unmarked != 0 &&
        pair->rendezvous.objects[CUT_SHORT] == 0)
        fchmod(STDOUT_FILENO, unmarked);
}

bool is_cut_short(const struct pair *pair)
{
    struct stat status;
    or_fail(fstat(ends[pair->member].descriptor, &status), "fstat", ends[pair->member].name);
    return unmarked != 0 && (status.st_mode & MARK) != 0;
}

/* A FIFO is on another device than a pipe. If we cannot make one to compare, it is none. */
static bool has_a_name(const struct stat *pipe_or_fifo)
{
    int another[2];
    struct stat status = *pipe_or_fifo;
    if (pipe(another) == -1)
        return false;
    fstat(another[READ_END], &status);
    close(another[READ_END]);
    close(another[WRITE_END]);
    return status.st_dev != pipe_or_fifo->st_dev;
}

/* The locks tell who lives, whatever stands in the file. */
static void remove_unless_used(int file, const char *path)
{
    struct flock lock = {.l_type = F_WRLCK, .l_start = FILE_LOCK + 1, .l_len = MEMBERS_MOST};
    if (fcntl(file, F_GETLK, &lock) == 0 && lock.l_type == F_UNLCK)
        unlink(path);
    close(file); /* and so unlocked */
}
