/*
 * The rendezvous. See the header for the protocol; here each step says what a death there leaves.
 */
#include "ipc/rendezvous/rendezvous.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/error.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { DOOR = 0, SLOT_BYTE = 1, RECORD_MAGIC = 0x1bcd0001, POLL_MOST = 20 * MILLISECOND };

struct record {
    uint32_t magic;
    uint32_t unused;
    int64_t objects[OBJECTS_MOST];
    /* Those that left, per role: their slots are free again. */
    int32_t left[MEMBER_ROLES];
    int32_t left_all_sent, left_all_received;
    struct member members[MEMBERS_MOST];
};

static struct rendezvous *joined; /* for the way out: a process joins one session */
static size_t leave_at_end;
static bool door_held;

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

static struct flock byte_lock(short type, off_t byte)
{
    return (struct flock){.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
}

static bool set_lock(int file, short type, off_t byte)
{
    struct flock lock = byte_lock(type, byte);
    if (fcntl(file, F_SETLK, &lock) == 0)
        return true;
    if (errno != EACCES && errno != EAGAIN)
        fail("fcntl F_SETLK", joined != NULL ? joined->path : NULL);
    return false;
}

/* Whether another process holds that byte. */
static bool is_locked(int file, off_t byte)
{
    struct flock lock = byte_lock(F_WRLCK, byte);
    if (fcntl(file, F_GETLK, &lock) == -1)
        fail("fcntl F_GETLK", NULL);
    return lock.l_type != F_UNLCK;
}

/* False where there is no such file and it is not to be made. */
static bool open_file(struct rendezvous *rendezvous, bool create)
{
    struct stat status;
    rendezvous->file =
        open(rendezvous->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | (create ? O_CREAT : 0), 0600);
    if (rendezvous->file == -1 && errno == ENOENT && !create)
        return false;
    if (rendezvous->file == -1)
        fail("open", rendezvous->path); /* ELOOP: a symbolic link */
    if (fstat(rendezvous->file, &status) == -1)
        fail("fstat", rendezvous->path);
    if (!S_ISREG(status.st_mode) || status.st_uid != geteuid())
        fail_that(EXIT_FAILED, "\"%s\" is not a file of ours: not used", rendezvous->path);
    return true;
}

/*
 * Opens the file and locks its door. The holder may have removed the file while we waited: then
 * our lock is on a file that nobody finds any more, and we start again. A holder that dies is no
 * holder. Polls, since a wait in fcntl has no time limit (a stopped holder would stop us, too).
 */
static bool take_door(struct rendezvous *rendezvous, bool create, uint64_t deadline)
{
    struct stat opened, present;
    for (;;) {
        if (!open_file(rendezvous, create))
            return false;
        for (uint64_t pause = 50 * MICROSECOND; !set_lock(rendezvous->file, F_WRLCK, DOOR);) {
            if (now() >= deadline)
                fail_that(EXIT_PEER, "\"%s\" stayed locked", rendezvous->path);
            sleep_for(pause);
            pause = pause < POLL_MOST ? 2 * pause : pause;
        }
        if (fstat(rendezvous->file, &opened) == 0 && stat(rendezvous->path, &present) == 0 &&
            opened.st_ino == present.st_ino && opened.st_dev == present.st_dev)
            break;
        close(rendezvous->file);
    }
    door_held = true;
    return true;
}

static void open_door(const struct rendezvous *rendezvous)
{
    set_lock(rendezvous->file, F_UNLCK, DOOR);
    door_held = false;
}

static void read_record(const struct rendezvous *rendezvous, struct record *record)
{
    const ssize_t got = pread(rendezvous->file, record, sizeof *record, 0);
    if (got == -1)
        fail("pread", rendezvous->path);
    if (got != sizeof *record || record->magic != RECORD_MAGIC)
        memset(record, 0, sizeof *record); /* new, or its maker died before it wrote */
}

static void write_part(const struct rendezvous *rendezvous, const void *part, size_t size,
                       size_t offset)
{
    errno = ENOSPC; /* what a short count stands for */
    const ssize_t written = pwrite(rendezvous->file, part, size, (off_t)offset);
    if (written != (ssize_t)size)
        fail("pwrite", rendezvous->path);
}

static void write_head(const struct rendezvous *rendezvous, struct record *record)
{
    record->magic = RECORD_MAGIC;
    write_part(rendezvous, record, offsetof(struct record, members), 0);
}

static void write_member(const struct rendezvous *rendezvous, int slot, const struct member *member)
{
    write_part(rendezvous, member, sizeof *member,
               offsetof(struct record, members) + (size_t)slot * sizeof *member);
}

static struct member read_member(const struct rendezvous *rendezvous, int slot)
{
    struct member member = {0};
    if (pread(rendezvous->file, &member, sizeof member,
              (off_t)(offsetof(struct record, members) + (size_t)slot * sizeof member)) == -1)
        fail("pread", rendezvous->path);
    return member;
}

static bool is_done(const struct member *member)
{
    return member->state == STATE_ALL_SENT || member->state == STATE_ALL_RECEIVED;
}

/*
 * A member's byte is let go after its slot was set free, or by its death. So: first look at the
 * lock, then at the slot again; if the slot is still taken, that member has died. False if it left
 * between these looks: it is counted in the head now, which was read before.
 */
static bool count_member(const struct rendezvous *rendezvous, int slot, struct member member,
                         struct peers *peers)
{
    if (is_locked(rendezvous->file, SLOT_BYTE + slot)) {
        peers->alive++;
        peers->alive_pid = (pid_t)member.pid;
        peers->caught_up += member.state == STATE_CAUGHT_UP;
    } else {
        const struct member again = read_member(rendezvous, slot);
        if (again.state == STATE_FREE || again.pid != member.pid)
            return false;
        member = again;
        if (!is_done(&member)) {
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

static bool count_members(const struct rendezvous *rendezvous, const struct record *record,
                          enum member_role role, struct peers *peers)
{
    *peers = (struct peers){.left = record->left[role]};
    if (role == PRODUCER)
        peers->all_sent = record->left_all_sent;
    else
        peers->all_received = record->left_all_received;
    for (int slot = 0; slot < MEMBERS_MOST; slot++)
        if (record->members[slot].state != STATE_FREE &&
            record->members[slot].role == (int32_t)role && slot != rendezvous->slot &&
            !count_member(rendezvous, slot, record->members[slot], peers))
            return false;
    return true;
}

struct peers rendezvous_peers(const struct rendezvous *rendezvous, enum member_role role)
{
    struct record record;
    struct peers peers;
    do
        read_record(rendezvous, &record);
    while (!count_members(rendezvous, &record, role, &peers));
    return peers;
}

/* Removes what a session made, and its file; the door is held, so nobody is joining it. */
static void end_session(struct rendezvous *rendezvous)
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

/* What a newcomer is to do in the session that it found. */
enum finding { BE_FIRST, JOIN_IN, WAIT_OUT };

static enum finding survey(struct rendezvous *rendezvous, struct record *record, bool only_one)
{
    const enum member_role role = rendezvous->role;
    const struct peers producers = rendezvous_peers(rendezvous, PRODUCER);
    const struct peers consumers = rendezvous_peers(rendezvous, CONSUMER);
    const struct peers same = role == PRODUCER ? producers : consumers;
    memcpy(rendezvous->objects, record->objects, sizeof record->objects);

    if (producers.alive + consumers.alive == 0) {
        const bool whole =
            rendezvous->bytes_outlive && producers.all_sent > 0 &&
            producers.all_sent == producers.left && producers.died == 0 &&
            consumers.died + consumers.left == 0 &&
            (rendezvous->objects_exist == NULL || rendezvous->objects_exist(rendezvous));
        if (whole && role == CONSUMER)
            return JOIN_IN;
        if (whole)
            fail_that(EXIT_FAILED,
                      "a stream that was sent whole waits for its consumer\n"
                      "  consume it, or discard it with '%s remove --name %s'",
                      program_name, rendezvous->name);
        if (rendezvous->remove_objects != NULL)
            rendezvous->remove_objects(rendezvous);
        memset(rendezvous->objects, 0, sizeof rendezvous->objects);
        memset(record, 0, sizeof *record);
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

void rendezvous_join(struct rendezvous *rendezvous, const char *mechanism, const char *name,
                     enum member_role role, bool only_one, uint64_t deadline,
                     void (*remove_objects)(const struct rendezvous *))
{
    struct record record;
    object_path(rendezvous->path, mechanism, name, "rendezvous");
    rendezvous->mechanism = mechanism;
    rendezvous->name = name;
    rendezvous->role = role;
    rendezvous->slot = -1;
    rendezvous->remove_objects = remove_objects;

    enum finding finding;
    for (;;) {
        take_door(rendezvous, true, deadline);
        read_record(rendezvous, &record);
        finding = survey(rendezvous, &record, only_one);
        if (finding != WAIT_OUT)
            break;
        open_door(rendezvous);
        close(rendezvous->file);
        if (now() >= deadline)
            fail_that(EXIT_PEER, "the session \"%s\" before this one did not end in time", name);
        sleep_for(POLL_MOST / 2);
    }
    rendezvous->first = finding == BE_FIRST;

    joined = rendezvous;
    leave_at_end = undo_at_end(leave_now, rendezvous->path, 0);
    if (rendezvous->first) /* all of it: from now on there is room, for those who leave, too */
        write_part(rendezvous, &record, sizeof record, 0);
    /* a death from here to rendezvous_enter() leaves a session with nobody in it */
    int slot = 0;
    while (slot < MEMBERS_MOST && (record.members[slot].state != STATE_FREE ||
                                   !set_lock(rendezvous->file, F_WRLCK, SLOT_BYTE + slot)))
        slot++;
    if (slot == MEMBERS_MOST)
        fail_that(EXIT_FAILED, "more than %d are at \"%s\" already", MEMBERS_MOST, name);
    rendezvous->slot = slot;
    const struct member self = {.role = (int32_t)role, .many = !only_one, .pid = getpid()};
    write_member(rendezvous, slot, &self);
}

void rendezvous_note_objects(struct rendezvous *rendezvous)
{
    struct record record;
    read_record(rendezvous, &record);
    memcpy(record.objects, rendezvous->objects, sizeof record.objects);
    write_head(rendezvous, &record);
}

void rendezvous_enter(struct rendezvous *rendezvous)
{
    rendezvous_note_objects(rendezvous);
    rendezvous_set_state(rendezvous, STATE_JOINED, 0);
    open_door(rendezvous);
}

void rendezvous_set_state(struct rendezvous *rendezvous, enum member_state state, uint64_t bytes)
{
    struct member self = read_member(rendezvous, rendezvous->slot);
    self.state = (int32_t)state;
    self.bytes = bytes;
    write_member(rendezvous, rendezvous->slot, &self);
}

void rendezvous_leave(struct rendezvous *rendezvous, bool keep)
{
    struct record record;
    joined = NULL; /* should any of this fail, we do not come here again */
    forget_undo(leave_at_end);
    if (!door_held) {
        /* not for ever: whoever holds it may be stopped. Then the next session cleans up. */
        for (int tries = 0; !set_lock(rendezvous->file, F_WRLCK, DOOR); tries++) {
            if (tries == 2000)
                return;
            nanosleep(&(struct timespec){.tv_nsec = MILLISECOND}, NULL);
        }
        door_held = true;
    }
    read_record(rendezvous, &record);
    if (rendezvous->slot != -1) {
        /* the head first: counted twice for a moment, never missing */
        struct member self = record.members[rendezvous->slot];
        if (self.state != STATE_FREE) {
            record.left[rendezvous->role]++;
            record.left_all_sent += self.state == STATE_ALL_SENT;
            record.left_all_received += self.state == STATE_ALL_RECEIVED;
            write_head(rendezvous, &record);
        }
        self.state = STATE_FREE;
        write_member(rendezvous, rendezvous->slot, &self);
        set_lock(rendezvous->file, F_UNLCK, SLOT_BYTE + rendezvous->slot);
    }
    const struct peers producers = rendezvous_peers(rendezvous, PRODUCER);
    const struct peers consumers = rendezvous_peers(rendezvous, CONSUMER);
    const bool awaited = keep && consumers.left + consumers.died == 0; /* nobody came meanwhile */
    if (producers.alive + consumers.alive == 0 && !awaited)
        end_session(rendezvous);
    open_door(rendezvous);
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
        pause = pause < POLL_MOST ? 2 * pause : pause;
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
        pause = pause < POLL_MOST ? 2 * pause : pause;
    }
}

bool rendezvous_remove(const char *mechanism, const char *name,
                       void (*remove_objects)(const struct rendezvous *))
{
    struct record record;
    static struct rendezvous rendezvous;
    object_path(rendezvous.path, mechanism, name, "rendezvous");
    rendezvous.mechanism = mechanism;
    rendezvous.name = name;
    rendezvous.slot = -1;
    rendezvous.remove_objects = remove_objects;
    if (!take_door(&rendezvous, false, now() + 2 * SECOND))
        return false;
    read_record(&rendezvous, &record);
    memcpy(rendezvous.objects, record.objects, sizeof record.objects);
    for (enum member_role role = PRODUCER; role < MEMBER_ROLES; role++) {
        const struct peers peers = rendezvous_peers(&rendezvous, role);
        if (peers.alive > 0)
            fail_that(EXIT_FAILED, "\"%s\" is in use by a %s (pid %ld)", name,
                      role_word(&rendezvous, role), (long)peers.alive_pid);
    }
    end_session(&rendezvous);
    open_door(&rendezvous);
    return true;
}

/* One that is joined, left or swept by somebody else just now has its door locked: left alone. */
static void sweep_session(struct rendezvous *rendezvous)
{
    struct stat opened, present;
    if (lstat(rendezvous->path, &present) == -1 || !S_ISREG(present.st_mode) ||
        !open_file(rendezvous, false))
        return;
    if (set_lock(rendezvous->file, F_WRLCK, DOOR) && fstat(rendezvous->file, &opened) == 0 &&
        stat(rendezvous->path, &present) == 0 && opened.st_ino == present.st_ino &&
        opened.st_dev == present.st_dev && rendezvous_peers(rendezvous, PRODUCER).alive == 0 &&
        rendezvous_peers(rendezvous, CONSUMER).alive == 0)
        unlink(rendezvous->path);
    close(rendezvous->file); /* opens the door */
}

void rendezvous_sweep(const char *mechanism)
{
    static const char suffix[] = ".rendezvous";
    static struct rendezvous found;
    const size_t length = strlen(mechanism);
    DIR *const directory = opendir(private_directory());
    if (directory == NULL)
        fail("opendir", private_directory());
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        const size_t size = strlen(entry->d_name);
        if (strncmp(entry->d_name, mechanism, length) != 0 || entry->d_name[length] != '-' ||
            size < sizeof suffix || strcmp(entry->d_name + size + 1 - sizeof suffix, suffix) != 0)
            continue;
        found = (struct rendezvous){.slot = -1};
        snprintf(found.path, sizeof found.path, "%s/%s", private_directory(), entry->d_name);
        sweep_session(&found);
    }
    closedir(directory);
}

bool rendezvous_look(struct rendezvous *rendezvous, const char *mechanism, const char *name)
{
    struct record record;
    object_path(rendezvous->path, mechanism, name, "rendezvous");
    rendezvous->mechanism = mechanism;
    rendezvous->name = name;
    rendezvous->slot = -1;
    if (!open_file(rendezvous, false))
        return false;
    read_record(rendezvous, &record);
    memcpy(rendezvous->objects, record.objects, sizeof record.objects);
    return true;
}
