/* SPDX-License-Identifier: MIT
 * The rendezvous; each step says what a death there leaves.
 *
 * One regular file per mechanism and name, opened once per process and closed only at exit: that
 * drops its locks (private_files.h). Byte 0 is the lock of the rendezvous, held while somebody
 * joins, leaves or cleans up. Each other byte belongs to the member in the slot of that number,
 * locked while it lives. A slot whose byte is not locked, but whose state says joined, is that of a
 * member that has died.
 */
#include "ipc/rendezvous/rendezvous.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The layout's version, and what a program of another word size does not share. */
enum { RECORD_MAGIC = 0x1bcd0005, OUR_BITS = 8 * sizeof(void *) };
enum { LONGEST_PAUSE = 20 * MILLISECOND, LEAVE_LIMIT_MS = 2000 };

struct member {
    int32_t role, state;
    int64_t pid;
};

struct record {
    uint32_t magic, bits;
    int64_t objects[OBJECTS_MOST];
    /* Those that left, per role: their slots are free again. */
    int32_t left[MEMBER_ROLES], left_done[MEMBER_ROLES];
    struct member members[1 + MEMBERS_MOST]; /* by slot */
};

static struct rendezvous *joined; /* for the way out: a process joins one rendezvous */
static struct member self;        /* as it was written last */
static size_t leave_at_end;
static bool leaving; /* then nothing fails: the rest of the cleanup is yet to come */

static const char not_ours[] = "is not a file of ours";
static const char *const usual_words[MEMBER_ROLES] = {"producer", "consumer"};

void peer_died(enum member_role role, pid_t pid)
{
    fail_that(EXIT_PEER, "the %s (pid %ld) died", usual_words[role], (long)pid);
}

void rendezvous_check(const struct rendezvous *rendezvous, enum member_role role)
{
    const struct peers peers = rendezvous_peers(rendezvous, role);
    if (peers.alive > 0)
        return;
    if (peers.died > 0)
        peer_died(role, peers.dead_pid);
    if (peers.done == 0)
        fail_that(EXIT_PEER, "the %s ended before everything was through", usual_words[role]);
}

static struct record read_record(const struct rendezvous *rendezvous)
{
    struct record record = {0};
    const ssize_t got = pread(rendezvous->file, &record, sizeof record, 0);
    const bool is_whole = got == sizeof record, is_ours = record.magic == RECORD_MAGIC;
    if (is_whole && is_ours)
        return record;
    if (got == -1 && !leaving)
        fail("pread", rendezvous->path);
    if (got != 0 && !is_ours && !leaving)
        fail_that(EXIT_FAILED, "\"%s\" is another program's, or another version's: not used",
                  rendezvous->path);
    return (struct record){.bits = OUR_BITS}; /* new, or its maker died while it wrote */
}

/* Returns how many bits a word of those has who are there. */
static uint32_t read_objects(struct rendezvous *rendezvous)
{
    const struct record record = read_record(rendezvous);
    memcpy(rendezvous->objects, record.objects, sizeof record.objects);
    return record.bits;
}

static bool write_part(const struct rendezvous *rendezvous, const void *part, size_t size,
                       size_t offset)
{
    errno = ENOSPC; /* what a short count stands for */
    const bool written = pwrite(rendezvous->file, part, size, (off_t)offset) == (ssize_t)size;
    if (!written && !leaving)
        fail("pwrite", rendezvous->path);
    return written;
}

/* Somebody else may have written there. Each member looks whether its own entry still stands. */
static bool is_sound(const struct rendezvous *rendezvous, const struct record *record)
{
    bool sound = rendezvous->slot == 0 || self.state == STATE_FREE ||
                 memcmp(&record->members[rendezvous->slot], &self, sizeof self) == 0;
    for (enum member_role role = PRODUCER; role < MEMBER_ROLES; role++)
        sound &= record->left_done[role] >= 0 && record->left_done[role] <= record->left[role];
    return sound;
}

/*
 * A member's lock is let go after its slot was set free, or by its death. So we look at the locks
 * between two looks at the record: where nothing has changed meanwhile, one without a lock is dead.
 */
struct peers rendezvous_peers(const struct rendezvous *rendezvous, enum member_role role)
{
    bool lives[1 + MEMBERS_MOST];
    struct record record, again = read_record(rendezvous);
    do {
        record = again;
        for (int slot = 1; slot <= MEMBERS_MOST; slot++)
            lives[slot] = record.members[slot].state != STATE_FREE &&
                          is_locked_by_another(rendezvous->file, slot);
        again = read_record(rendezvous);
    } while (memcmp(&again, &record, sizeof record) != 0);
    if (!leaving && !is_sound(rendezvous, &record))
        fail_that(EXIT_FAILED, "\"%s\" is damaged", rendezvous->path);

    const struct peers none = {0}, *earlier = role == CONSUMER ? &rendezvous->earlier : &none;
    struct peers peers = {.left = record.left[role] - earlier->left,
                          .done = record.left_done[role] - earlier->done,
                          .died = -earlier->died};
    for (int slot = 1; slot <= MEMBERS_MOST; slot++) {
        const struct member *member = &record.members[slot];
        if (member->state == STATE_FREE || slot == rendezvous->slot || member->role != (int)role)
            continue;
        peers.done += member->state == STATE_DONE;
        if (lives[slot]) {
            peers.alive++;
            peers.alive_pid = (pid_t)member->pid;
            peers.caught_up += member->state == STATE_CAUGHT_UP;
        } else if (member->state == STATE_DONE) {
            peers.left++;
        } else {
            peers.died++;
            peers.dead_pid = (pid_t)member->pid;
        }
    }
    return peers;
}

/* With the lock held, so that nobody is joining. */
static void end_rendezvous(const struct rendezvous *rendezvous)
{
    if (rendezvous->remove_objects != NULL)
        rendezvous->remove_objects(rendezvous);
    /* last: until then a successor finds the objects noted in it. Another may have replaced it. */
    if (is_same_file(rendezvous->file, rendezvous->path))
        unlink(rendezvous->path);
}

/* False if those who are here are to be waited out. */
static bool may_join(struct rendezvous *rendezvous, bool only_one, uint32_t bits)
{
    const struct peers producers = rendezvous_peers(rendezvous, PRODUCER);
    const struct peers consumers = rendezvous_peers(rendezvous, CONSUMER);
    const struct peers same = rendezvous->role == PRODUCER ? producers : consumers;
    const bool nobody_lives = producers.alive + consumers.alive == 0;
    /* whether a stream waits here that was sent whole, and that nobody has come for */
    const bool is_sent_whole = nobody_lives && rendezvous->holds_stream != NULL &&
                               producers.done > 0 && producers.done == producers.left &&
                               producers.died == 0 && consumers.died + consumers.left == 0 &&
                               rendezvous->holds_stream(rendezvous);
    rendezvous->first = nobody_lives && !is_sent_whole;
    if (rendezvous->first) {
        if (rendezvous->remove_objects != NULL)
            rendezvous->remove_objects(rendezvous);
        memset(rendezvous->objects, 0, sizeof rendezvous->objects);
    } else if (bits != OUR_BITS) { /* what they share is laid out in another way */
        fail_that(EXIT_FAILED, "\"%s\" is in use by a program of %u bits, and this is one of %u",
                  rendezvous->name, (unsigned)bits, (unsigned)OUR_BITS);
    } else if (is_sent_whole && rendezvous->role == PRODUCER) {
        fail_that(EXIT_FAILED,
                  "a stream that was sent whole waits for its consumer\n"
                  "  consume it, or discard it with '%s remove --name %s'",
                  program_name, rendezvous->name);
    } else if (only_one && same.alive > 0) {
        fail_that(EXIT_FAILED, "a %s of the name \"%s\" runs already (pid %ld)",
                  rendezvous->words[rendezvous->role], rendezvous->name, (long)same.alive_pid);
    }
    const bool is_broken = (producers.died > 0 && producers.alive == 0) ||
                           (consumers.died > 0 && consumers.alive == 0);
    const bool is_played = same.left > 0 && same.alive == 0;
    return nobody_lives || rendezvous->may_follow || !(is_broken || is_played);
}

static void take_slot(struct rendezvous *rendezvous)
{
    const struct record record = read_record(rendezvous);
    for (int slot = 1; slot <= MEMBERS_MOST; slot++) {
        if (record.members[slot].state != STATE_FREE)
            continue;
        if (set_lock(rendezvous->file, F_WRLCK, slot)) {
            rendezvous->slot = slot;
            return;
        }
        fail_unless_locked_by_another(rendezvous->file, rendezvous->path);
    }
    fail_that(EXIT_FAILED, "more than %d are at \"%s\" already", MEMBERS_MOST, rendezvous->name);
}

static void leave_now(const char *name, int id)
{
    (void)name;
    (void)id;
    rendezvous_leave(joined);
}

void rendezvous_join(struct rendezvous *rendezvous, const char *mechanism, const char *name,
                     enum member_role role, bool only_one, uint64_t deadline)
{
    static const struct record beginning = {.magic = RECORD_MAGIC, .bits = OUR_BITS};
    object_path(rendezvous->path, mechanism, name, "rendezvous");
    rendezvous->name = name;
    rendezvous->role = role;
    rendezvous->slot = 0;
    rendezvous->first = false;
    joined = rendezvous;
    if (rendezvous->words == NULL)
        rendezvous->words = usual_words;
    for (;;) {
        rendezvous->file = take_lock_file(rendezvous->path, O_CREAT, not_ours, deadline);
        leave_at_end = undo_at_end(leave_now, rendezvous->path, 0);
        if (may_join(rendezvous, only_one, read_objects(rendezvous)))
            break;
        forget_undo(leave_at_end);
        close(rendezvous->file); /* and so unlocked */
        if (now() >= deadline)
            fail_that(EXIT_PEER, "the session \"%s\" before this one did not end in time", name);
        sleep_for(LONGEST_PAUSE / 2);
    }
    if (rendezvous->first) /* all of it: from now on there is room, for those who leave, too */
        write_part(rendezvous, &beginning, sizeof beginning, 0);
    /* a death from here to rendezvous_enter() leaves a rendezvous with nobody in it */
    take_slot(rendezvous);
    if (role == PRODUCER && rendezvous->may_follow)
        rendezvous->earlier = rendezvous_peers(rendezvous, CONSUMER);
}

void rendezvous_note_objects(struct rendezvous *rendezvous)
{
    write_part(rendezvous, rendezvous->objects, sizeof rendezvous->objects,
               offsetof(struct record, objects));
}

void rendezvous_enter(struct rendezvous *rendezvous)
{
    rendezvous_note_objects(rendezvous);
    rendezvous_set_state(rendezvous, STATE_JOINED);
    if (!set_lock(rendezvous->file, F_UNLCK, FILE_LOCK))
        fail("fcntl F_SETLK", rendezvous->path); /* otherwise nobody else could join */
    rendezvous->entered = now();
}

void rendezvous_set_state(struct rendezvous *rendezvous, enum member_state state)
{
    self = (struct member){(int32_t)rendezvous->role, (int32_t)state, getpid()};
    write_part(rendezvous, &self, sizeof self,
               offsetof(struct record, members) + (size_t)rendezvous->slot * sizeof self);
}

/*
 * The head first: for a moment it is counted twice. The other way round it would be missing. If
 * that fails the slot is not free: without its lock it is that of one that died, or was done.
 */
static void free_slot(struct rendezvous *rendezvous)
{
    struct record record = read_record(rendezvous);
    const bool sound = is_sound(rendezvous, &record);
    record.left[rendezvous->role] += sound && self.state != STATE_FREE;
    record.left_done[rendezvous->role] += sound && self.state == STATE_DONE;
    if (!sound) /* the others are to find it damaged, too: -1 and one more would be 0 */
        record.left_done[PRODUCER] = record.left_done[CONSUMER] = -1;
    if (record.magic != 0 && write_part(rendezvous, &record, offsetof(struct record, members), 0))
        rendezvous_set_state(rendezvous, STATE_FREE);
    for (int tries = 0; tries < 3 && !set_lock(rendezvous->file, F_UNLCK, rendezvous->slot);)
        tries++; /* while it stays locked, the last one to leave takes us for one that lives */
}

/* By the locks alone. An error here would leave all objects behind, so it is tried again. */
static bool others_live(const struct rendezvous *rendezvous)
{
    for (int tries = 0; tries < 3; tries++) {
        struct flock lock = {.l_type = F_WRLCK, .l_start = FILE_LOCK + 1, .l_len = MEMBERS_MOST};
        if (fcntl(rendezvous->file, F_GETLK, &lock) == 0)
            return lock.l_type != F_UNLCK;
    }
    return true;
}

/* Whether a consumer has left or died: nobody else lives. */
static bool a_consumer_came(const struct rendezvous *rendezvous)
{
    const struct record record = read_record(rendezvous);
    bool came = record.left[CONSUMER] > 0;
    for (int slot = 1; slot <= MEMBERS_MOST; slot++)
        came = came ||
               (record.members[slot].state != STATE_FREE && record.members[slot].role == CONSUMER);
    return came;
}

void rendezvous_leave(struct rendezvous *rendezvous)
{
    forget_undo(leave_at_end);
    leaving = true;
    /* between join and enter we hold the lock already, and are given it again */
    for (int waited_ms = 0; !set_lock(rendezvous->file, F_WRLCK, FILE_LOCK); waited_ms++) {
        if (waited_ms == LEAVE_LIMIT_MS)
            return; /* the holder may be stopped (SIGSTOP). The next one that comes cleans up */
        nanosleep(&(struct timespec){.tv_nsec = MILLISECOND}, NULL);
    }
    if (rendezvous->slot != 0)
        free_slot(rendezvous);
    else if (!rendezvous->first) { /* it was not joined: what is there is another's */
        remove_if_empty(rendezvous->file, rendezvous->path);
        return;
    }
    if (!others_live(rendezvous) && (!rendezvous->keep || a_consumer_came(rendezvous)))
        end_rendezvous(rendezvous);
    set_lock(rendezvous->file, F_UNLCK, FILE_LOCK);
}

void rendezvous_tell_waiting(struct rendezvous *rendezvous)
{
    const enum member_role own = rendezvous->role, other = own == PRODUCER ? CONSUMER : PRODUCER;
    if (rendezvous->told_waiting || now() - rendezvous->entered < SECOND / 5)
        return;
    say("%s, pid %ld: waiting for %s%s; in another terminal:\n  %s %s%s", rendezvous->words[own],
        (long)getpid(), rendezvous->words == usual_words ? "a " : "", rendezvous->words[other],
        program_name, rendezvous->words[other],
        rendezvous->options != NULL ? rendezvous->options : "");
    rendezvous->told_waiting = true;
}

void rendezvous_tell_peer(struct rendezvous *rendezvous)
{
    const enum member_role own = rendezvous->role, other = own == PRODUCER ? CONSUMER : PRODUCER;
    if (quiet || rendezvous->told_peer)
        return;
    const struct peers peers = rendezvous_peers(rendezvous, other);
    if (peers.alive > 0)
        say("%s, pid %ld: connected to %s%s, pid %ld", rendezvous->words[own], (long)getpid(),
            rendezvous->words == usual_words ? "the " : "", rendezvous->words[other],
            (long)peers.alive_pid);
    rendezvous->told_peer = peers.alive > 0;
}

bool rendezvous_await(struct rendezvous *rendezvous, enum member_role role, uint64_t deadline)
{
    for (uint64_t pause = 100 * MICROSECOND;;) {
        const struct peers peers = rendezvous_peers(rendezvous, role);
        if (peers.alive + peers.died + peers.left > 0)
            return true;
        if (now() >= deadline)
            return false;
        rendezvous_tell_waiting(rendezvous);
        sleep_for(pause);
        pause = pause < LONGEST_PAUSE ? 2 * pause : pause;
    }
}

bool rendezvous_await_received(const struct rendezvous *rendezvous)
{
    for (uint64_t pause = 20 * MICROSECOND;;) {
        const struct peers peers = rendezvous_peers(rendezvous, CONSUMER);
        const int confirmed = peers.done + (rendezvous->may_follow ? peers.caught_up : 0);
        if (peers.died == 0 && confirmed > 0 && confirmed >= peers.alive + peers.left)
            return true;
        if (peers.died > 0 || peers.alive == 0)
            return false;
        sleep_for(pause);
        pause = pause < LONGEST_PAUSE ? 2 * pause : pause;
    }
}

bool rendezvous_look(struct rendezvous *rendezvous, const char *mechanism, const char *name)
{
    object_path(rendezvous->path, mechanism, name, "rendezvous");
    rendezvous->name = name;
    rendezvous->file = open_lock_file(rendezvous->path, 0, not_ours);
    if (rendezvous->file == -1)
        return false;
    read_objects(rendezvous);
    return true;
}

bool rendezvous_remove(struct rendezvous *found)
{
    found->file = take_lock_file(found->path, 0, not_ours, now() + 2 * SECOND);
    if (found->file == -1)
        return false;
    read_objects(found);
    for (enum member_role role = PRODUCER; role < MEMBER_ROLES; role++) {
        const struct peers peers = rendezvous_peers(found, role);
        if (peers.alive > 0)
            fail_that(EXIT_FAILED, "\"%s\" is in use by a %s (pid %ld)", found->name,
                      usual_words[role], (long)peers.alive_pid);
    }
    end_rendezvous(found);
    set_lock(found->file, F_UNLCK, FILE_LOCK);
    return true;
}
