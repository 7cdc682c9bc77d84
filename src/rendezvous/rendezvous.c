/*
 * The rendezvous. See the header for the protocol; here each step says what a death there leaves.
 */
#include "ipc/rendezvous/rendezvous.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/error.h"
#include "ipc/rendezvous/lock_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MEMBER_LOCK = 1 + FILE_LOCK, RECORD_MAGIC = 0x1bcd0002 };
enum { LONGEST_PAUSE = 20 * MILLISECOND, LEAVE_LIMIT_MS = 2000 };

struct member {
    int32_t role;
    int32_t state;
    int64_t pid;
    uint64_t bytes; /* sent or received when it came to that state: to be compared at the end */
};

struct record {
    uint64_t magic;
    int64_t objects[OBJECTS_MOST];
    /* Those that left, per role: their slots are free again. */
    int32_t left[MEMBER_ROLES];
    int32_t left_all_sent, left_all_received;
    struct member members[MEMBERS_MOST];
};

static struct rendezvous *joined; /* for the way out: a process joins one rendezvous */
static size_t leave_at_end;

static const char not_ours[] = "is not a file of ours";
static const char *const usual_words[MEMBER_ROLES] = {"producer", "consumer"};

static const char *role_word(const struct rendezvous *rendezvous, enum member_role role)
{
    return (rendezvous->words != NULL ? rendezvous->words : usual_words)[role];
}

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
    if (peers.all_sent + peers.all_received == 0)
        fail_that(EXIT_PEER, "the %s ended before everything was through",
                  role_word(rendezvous, role));
}

static void locate(struct rendezvous *rendezvous, const char *mechanism, const char *name)
{
    object_path(rendezvous->path, mechanism, name, "rendezvous");
    rendezvous->name = name;
    rendezvous->slot = -1;
}

static void read_record(const struct rendezvous *rendezvous, struct record *record)
{
    const ssize_t got = pread(rendezvous->file, record, sizeof *record, 0);
    if (got == -1)
        fail("pread", rendezvous->path);
    if (got != sizeof *record || record->magic != RECORD_MAGIC)
        memset(record, 0, sizeof *record); /* new, or its maker died before it wrote */
}

static void read_objects(struct rendezvous *rendezvous, struct record *record)
{
    read_record(rendezvous, record);
    memcpy(rendezvous->objects, record->objects, sizeof record->objects);
}

static void write_part(const struct rendezvous *rendezvous, const void *part, size_t size,
                       size_t offset)
{
    errno = ENOSPC; /* what a short count stands for */
    if (pwrite(rendezvous->file, part, size, (off_t)offset) != (ssize_t)size)
        fail("pwrite", rendezvous->path);
}

/*
 * A member's lock is let go after its slot was set free, or by its death. So we look at the lock
 * first, and then at the slot again: if it is still taken, that member has died. False if it left
 * between these looks: then it is counted in the head, which was read before.
 */
static bool count_member(const struct rendezvous *rendezvous, int slot, struct member member,
                         struct peers *peers)
{
    if (is_locked_by_another(rendezvous->file, MEMBER_LOCK + slot)) {
        peers->alive++;
        peers->alive_pid = (pid_t)member.pid;
        peers->caught_up += member.state == STATE_CAUGHT_UP;
    } else {
        struct record again;
        read_record(rendezvous, &again);
        if (again.members[slot].state == STATE_FREE || again.members[slot].pid != member.pid)
            return false;
        member = again.members[slot];
        if (member.state != STATE_ALL_SENT && member.state != STATE_ALL_RECEIVED) {
            peers->died++;
            peers->dead_pid = (pid_t)member.pid;
            return true;
        }
        peers->left++;
    }
    peers->all_sent += member.state == STATE_ALL_SENT;
    peers->all_received += member.state == STATE_ALL_RECEIVED;
    return true;
}

static bool count_members(const struct rendezvous *rendezvous, enum member_role role,
                          struct peers *peers)
{
    struct record record;
    read_record(rendezvous, &record);
    *peers = (struct peers){.left = record.left[role]};
    if (role == PRODUCER)
        peers->all_sent = record.left_all_sent;
    else
        peers->all_received = record.left_all_received;
    for (int slot = 0; slot < MEMBERS_MOST; slot++) {
        const struct member *member = &record.members[slot];
        if (member->state != STATE_FREE && member->role == (int32_t)role &&
            slot != rendezvous->slot && !count_member(rendezvous, slot, *member, peers))
            return false;
    }
    return true;
}

struct peers rendezvous_peers(const struct rendezvous *rendezvous, enum member_role role)
{
    struct peers peers;
    while (!count_members(rendezvous, role, &peers))
        ;
    return peers;
}

/* With the lock held, so that nobody is joining. */
static void end_rendezvous(const struct rendezvous *rendezvous)
{
    if (rendezvous->remove_objects != NULL)
        rendezvous->remove_objects(rendezvous);
    unlink(rendezvous->path); /* last: until then a successor finds the objects noted in it */
}

static void leave_now(const char *name, int id)
{
    (void)name;
    (void)id;
    if (joined != NULL)
        rendezvous_leave(joined, false);
}

/* What a newcomer is to do about those whom it found. */
enum finding { BE_FIRST, JOIN_IN, WAIT_OUT };

/* Nobody lives: whether a stream waits here that was sent whole, and that nobody has come for. */
static bool is_sent_whole(const struct rendezvous *rendezvous, const struct peers *producers,
                          const struct peers *consumers)
{
    return rendezvous->bytes_outlive && producers->all_sent > 0 &&
           producers->all_sent == producers->left && producers->died == 0 &&
           consumers->died + consumers->left == 0 &&
           (rendezvous->objects_exist == NULL || rendezvous->objects_exist(rendezvous));
}

static enum finding survey(struct rendezvous *rendezvous, struct record *record, bool only_one)
{
    const enum member_role role = rendezvous->role;
    const struct peers producers = rendezvous_peers(rendezvous, PRODUCER);
    const struct peers consumers = rendezvous_peers(rendezvous, CONSUMER);
    const struct peers same = role == PRODUCER ? producers : consumers;

    if (producers.alive + consumers.alive == 0) {
        if (is_sent_whole(rendezvous, &producers, &consumers)) {
            if (role == CONSUMER)
                return JOIN_IN;
            fail_that(EXIT_FAILED,
                      "a stream that was sent whole waits for its consumer\n"
                      "  consume it, or discard it with '%s remove --name %s'",
                      program_name, rendezvous->name);
        }
        if (rendezvous->remove_objects != NULL)
            rendezvous->remove_objects(rendezvous);
        memset(rendezvous->objects, 0, sizeof rendezvous->objects);
        *record = (struct record){.magic = RECORD_MAGIC};
        return BE_FIRST;
    }
    if (only_one && same.alive > 0)
        fail_that(EXIT_FAILED, "a %s of the name \"%s\" runs already (pid %ld)",
                  role_word(rendezvous, role), rendezvous->name, (long)same.alive_pid);
    const bool broken = (producers.died > 0 && producers.alive == 0) ||
                        (consumers.died > 0 && consumers.alive == 0);
    const bool played = same.left > 0 && same.alive == 0;
    return (broken || played) && !rendezvous->may_follow ? WAIT_OUT : JOIN_IN;
}

static void take_slot(struct rendezvous *rendezvous, const struct record *record)
{
    int slot = 0;
    while (slot < MEMBERS_MOST && (record->members[slot].state != STATE_FREE ||
                                   !set_lock(rendezvous->file, F_WRLCK, MEMBER_LOCK + slot)))
        slot++;
    if (slot == MEMBERS_MOST)
        fail_that(EXIT_FAILED, "more than %d are at \"%s\" already", MEMBERS_MOST,
                  rendezvous->name);
    rendezvous->slot = slot;
}

void rendezvous_join(struct rendezvous *rendezvous, const char *mechanism, const char *name,
                     enum member_role role, bool only_one, uint64_t deadline,
                     void (*remove_objects)(const struct rendezvous *))
{
    struct record record;
    enum finding finding;
    locate(rendezvous, mechanism, name);
    rendezvous->role = role;
    rendezvous->remove_objects = remove_objects;
    for (;;) {
        rendezvous->file = take_lock_file(rendezvous->path, O_CREAT, not_ours, deadline);
        read_objects(rendezvous, &record);
        finding = survey(rendezvous, &record, only_one);
        if (finding != WAIT_OUT)
            break;
        close(rendezvous->file); /* and so unlocked */
        if (now() >= deadline)
            fail_that(EXIT_PEER, "the session \"%s\" before this one did not end in time", name);
        sleep_for(LONGEST_PAUSE / 2);
    }
    rendezvous->first = finding == BE_FIRST;
    joined = rendezvous;
    leave_at_end = undo_at_end(leave_now, rendezvous->path, 0);
    if (rendezvous->first) /* all of it: from now on there is room, for those who leave, too */
        write_part(rendezvous, &record, sizeof record, 0);
    /* a death from here to rendezvous_enter() leaves a rendezvous with nobody in it */
    take_slot(rendezvous, &record);
}

void rendezvous_note_objects(struct rendezvous *rendezvous)
{
    write_part(rendezvous, rendezvous->objects, sizeof rendezvous->objects,
               offsetof(struct record, objects));
}

void rendezvous_enter(struct rendezvous *rendezvous)
{
    rendezvous_note_objects(rendezvous);
    rendezvous_set_state(rendezvous, STATE_JOINED, 0);
    set_lock(rendezvous->file, F_UNLCK, FILE_LOCK);
}

void rendezvous_set_state(struct rendezvous *rendezvous, enum member_state state, uint64_t bytes)
{
    const struct member self = {.role = (int32_t)rendezvous->role,
                                .state = (int32_t)state,
                                .pid = getpid(),
                                .bytes = bytes};
    write_part(rendezvous, &self, sizeof self,
               offsetof(struct record, members) + (size_t)rendezvous->slot * sizeof self);
}

/* The head first: for a moment it is counted twice. The other way round it would be missing. */
static void free_slot(struct rendezvous *rendezvous)
{
    struct record record;
    read_record(rendezvous, &record);
    const struct member self = record.members[rendezvous->slot];
    if (self.state != STATE_FREE) {
        record.left[rendezvous->role]++;
        record.left_all_sent += self.state == STATE_ALL_SENT;
        record.left_all_received += self.state == STATE_ALL_RECEIVED;
        write_part(rendezvous, &record, offsetof(struct record, members), 0);
    }
    rendezvous_set_state(rendezvous, STATE_FREE, self.bytes);
    set_lock(rendezvous->file, F_UNLCK, MEMBER_LOCK + rendezvous->slot);
}

void rendezvous_leave(struct rendezvous *rendezvous, bool keep)
{
    joined = NULL; /* should any of this fail, we do not come here again */
    forget_undo(leave_at_end);
    /* between join and enter we hold the lock already, and are given it again */
    for (int waited_ms = 0; !set_lock(rendezvous->file, F_WRLCK, FILE_LOCK); waited_ms++) {
        if (waited_ms == LEAVE_LIMIT_MS)
            return; /* the holder may be stopped (SIGSTOP). The next one that comes cleans up */
        nanosleep(&(struct timespec){.tv_nsec = MILLISECOND}, NULL);
    }
    if (rendezvous->slot != -1)
        free_slot(rendezvous);
    const struct peers producers = rendezvous_peers(rendezvous, PRODUCER);
    const struct peers consumers = rendezvous_peers(rendezvous, CONSUMER);
    const bool awaited = keep && consumers.left + consumers.died == 0; /* nobody came meanwhile */
    if (producers.alive + consumers.alive == 0 && !awaited)
        end_rendezvous(rendezvous);
    set_lock(rendezvous->file, F_UNLCK, FILE_LOCK);
}

bool rendezvous_await(const struct rendezvous *rendezvous, enum member_role role, uint64_t deadline)
{
    bool told = false;
    const uint64_t began = now();
    for (uint64_t pause = 100 * MICROSECOND;;) {
        const struct peers peers = rendezvous_peers(rendezvous, role);
        if (peers.alive + peers.died + peers.left > 0)
            return true;
        if (now() >= deadline)
            return false;
        if (!told && now() - began > SECOND / 5) {
            say("waiting for a %s", role_word(rendezvous, role));
            told = true;
        }
        sleep_for(pause);
        pause = pause < LONGEST_PAUSE ? 2 * pause : pause;
    }
}

bool rendezvous_await_received(const struct rendezvous *rendezvous)
{
    for (uint64_t pause = 20 * MICROSECOND;;) {
        const struct peers peers = rendezvous_peers(rendezvous, CONSUMER);
        if (peers.all_received + peers.caught_up > 0)
            return true;
        if (peers.alive == 0)
            return false;
        sleep_for(pause);
        pause = pause < LONGEST_PAUSE ? 2 * pause : pause;
    }
}

bool rendezvous_remove(const char *mechanism, const char *name,
                       void (*remove_objects)(const struct rendezvous *))
{
    struct record record;
    static struct rendezvous rendezvous;
    locate(&rendezvous, mechanism, name);
    rendezvous.remove_objects = remove_objects;
    rendezvous.file = take_lock_file(rendezvous.path, 0, not_ours, now() + 2 * SECOND);
    if (rendezvous.file == -1)
        return false;
    read_objects(&rendezvous, &record);
    for (enum member_role role = PRODUCER; role < MEMBER_ROLES; role++) {
        const struct peers peers = rendezvous_peers(&rendezvous, role);
        if (peers.alive > 0)
            fail_that(EXIT_FAILED, "\"%s\" is in use by a %s (pid %ld)", name,
                      role_word(&rendezvous, role), (long)peers.alive_pid);
    }
    end_rendezvous(&rendezvous);
    set_lock(rendezvous.file, F_UNLCK, FILE_LOCK);
    return true;
}

static void remove_unless_used(int file, const char *path)
{
    struct rendezvous found = {.file = file, .slot = -1};
    snprintf(found.path, sizeof found.path, "%s", path);
    if (rendezvous_peers(&found, PRODUCER).alive + rendezvous_peers(&found, CONSUMER).alive == 0)
        unlink(path);
    close(file); /* and so unlocked */
}

void rendezvous_sweep(const char *mechanism)
{
    char prefix[NAME_MOST];
    snprintf(prefix, sizeof prefix, "%s-", mechanism);
    sweep_lock_files(prefix, ".rendezvous", remove_unless_used);
}

bool rendezvous_look(struct rendezvous *rendezvous, const char *mechanism, const char *name)
{
    struct record record;
    locate(rendezvous, mechanism, name);
    rendezvous->file = open_lock_file(rendezvous->path, 0, not_ours);
    if (rendezvous->file == -1)
        return false;
    read_objects(rendezvous, &record);
    return true;
}
