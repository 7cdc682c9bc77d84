/* SPDX-License-Identifier: MIT
 * Objects that outlive a process, and the notes of what a killed process leaves behind.
 *
 * A process notes each object in a file of its own, which it holds locked while it lives; the next
 * one removes what stands in the files that nobody holds. An object is noted before it is made, so
 * it goes by a name, or by a key, which is ftok()'s of the file of notes: while that exists no
 * other file has its inode. A death between the removal and that of the note leaves a note of what
 * is gone, or, when the system has started anew, another's: an object older than its note is none
 * of ours.
 */
#include "ipc/rendezvous/objects.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/io.h"

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <time.h>
#include <unistd.h>

enum { LINE_SIZE = PATH_SIZE + 64, PROJECTS = 255 };

const char *const families[] = {"sysv", "posix", NULL};

/* Of those that go by a name. */
static int (*const unlink_kind[OBJECT_KINDS])(const char *name) = {
    [A_FILE] = unlink,
    [POSIX_SEMAPHORE] = sem_unlink,
    [POSIX_SEGMENT] = shm_unlink,
    [POSIX_QUEUE] = mq_unlink,
};

static char notes_path[PATH_SIZE]; /* of our notes */
static pid_t owner;                /* whose notes those are; 0: there are none */
static int notes;
static size_t log_handle;
static int objects_noted; /* objects that stand in it */

void destroy_object(enum object_kind kind, const char *name, int id)
{
    if (unlink_kind[kind] != NULL)
        unlink_kind[kind](name);
    else if (kind == SYSV_SEGMENT)
        shmctl(id, IPC_RMID, NULL);
    else if (kind == SYSV_QUEUE)
        msgctl(id, IPC_RMID, NULL);
    else
        semctl(id, 0, IPC_RMID);
}

/* When it was changed last; 0 if our user made none of that id, or, if unused, it was ever used. */
static time_t last_change(enum object_kind kind, int id, bool unused)
{
    struct shmid_ds segment;
    struct msqid_ds queue;
    struct semid_ds set;
    union { /* semctl(3p) leaves it to its caller */
        int value;
        struct semid_ds *status;
    } argument = {.status = &set};
    const uid_t us = geteuid();
    if (kind == SYSV_SEGMENT && shmctl(id, IPC_STAT, &segment) == 0 && segment.shm_perm.cuid == us)
        return unused && segment.shm_atime != 0 ? 0 : segment.shm_ctime;
    if (kind == SYSV_QUEUE && msgctl(id, IPC_STAT, &queue) == 0 && queue.msg_perm.cuid == us)
        return unused && (queue.msg_stime != 0 || queue.msg_rtime != 0) ? 0 : queue.msg_ctime;
    if (kind == SYSV_SET && semctl(id, 0, IPC_STAT, argument) == 0 && set.sem_perm.cuid == us)
        return unused && set.sem_otime != 0 ? 0 : set.sem_ctime;
    return 0;
}

static int find_sysv(enum object_kind kind, key_t key)
{
    return kind == SYSV_SEGMENT ? shmget(key, 0, 0)
           : kind == SYSV_QUEUE ? msgget(key, 0)
                                : semget(key, 0, 0);
}

/* Destroys what a line of notes says; a System V object LEFT_BEHIND only if it is not older. */
enum { OURS, LEFT_BEHIND };
static void destroy_noted(const char *line, int whose)
{
    unsigned kind, key;
    int name = 0;
    long long noted;
    if (sscanf(line, "%u %x %lld %n", &kind, &key, &noted, &name) != 3 || name == 0 ||
        kind >= OBJECT_KINDS)
        return;
    if (unlink_kind[kind] != NULL) {
        destroy_object(kind, line + name, 0);
        return;
    }
    const int id = find_sysv(kind, (key_t)key);
    const time_t made = last_change(kind, id, false);
    if (made != 0 && (whose == OURS || made >= noted - 1))
        destroy_object(kind, "", id);
}

/* What a killed process left; then its notes: a death in between leaves them for the next one. */
static void clear(int file, const char *name)
{
    char line[LINE_SIZE];
    FILE *const lines = fdopen(file, "r");
    if (lines == NULL)
        fail("fdopen", name);
    while (fgets(line, sizeof line, lines) != NULL) {
        char *const end = strchr(line, '\n');
        if (end == NULL) /* cut, the filesystem was full: the object was not made */
            continue;
        *end = '\0';
        destroy_noted(line, LEFT_BEHIND);
    }
    unlink(name);
    fclose(lines); /* and so unlocked */
}

/* The last to be undone: it was registered first. */
static void remove_notes(const char *name, int id)
{
    (void)id;
    unlink(name);
    close(notes);
    owner = 0;
}

/*
 * Another process may take our notes for a dead one's before they are locked, and remove them: then
 * we begin again. The notes of a dead process that had our pid are cleared before ours are made. If
 * something of that name stays (it is a directory, or the pid is a living process' in another PID
 * namespace), we take the next one.
 */
static void open_notes(void)
{
    char process[32];
    sweep_lock_files("*.undo", clear);
    for (int copy = 0; owner != getpid(); copy++) {
        end_if_signalled();
        snprintf(process, sizeof process, "%ld.%d", (long)getpid(), copy);
        object_path(notes_path, program_name, process, "undo");
        notes = take_lock_file(notes_path, O_CREAT | O_EXCL | O_APPEND, "is not ours", UINT64_MAX);
        if (notes != -1)
            owner = getpid();
    }
    objects_noted = 0;
    log_handle = undo_at_end(remove_notes, notes_path, 0);
}

static size_t note(enum object_kind kind, unsigned key, const char *name)
{
    char line[LINE_SIZE];
    const int length = snprintf(line, sizeof line, "%u %x %lld %s", (unsigned)kind, key,
                                (long long)time(NULL), name);
    const size_t handle = undo_at_end(destroy_noted, line, OURS);
    line[length] = '\n';
    if (!write_full(notes, line, (size_t)length + 1))
        fail("write", notes_path);
    objects_noted++;
    return handle;
}

size_t note_object(enum object_kind kind, const char *name)
{
    if (owner != getpid())
        open_notes();
    return note(kind, 0, name);
}

size_t note_key(enum object_kind kind, key_t *key)
{
    static int project;
    if (owner != getpid())
        open_notes();
    do {
        project %= PROJECTS;
        *key = next_key(notes_path, &project);
    } while (find_sysv(kind, *key) != -1 || errno != ENOENT);
    return note(kind, (unsigned)*key, "");
}

static void end_note(void)
{
    if (owner == getpid() && --objects_noted == 0)
        undo_now(log_handle);
}

void remove_object(size_t handle)
{
    undo_now(handle);
    end_note();
}

void forget_object(size_t handle)
{
    forget_undo(handle);
    end_note();
}

void note_file(int64_t note[FILE_NOTES], const struct stat *status)
{
    note[FILE_DEVICE] = (int64_t)status->st_dev;
    note[FILE_INODE] = (int64_t)status->st_ino;
}

bool is_noted_file(const int64_t note[FILE_NOTES], const struct stat *status)
{
    return note[FILE_DEVICE] == (int64_t)status->st_dev &&
           note[FILE_INODE] == (int64_t)status->st_ino;
}

void destroy_noted_file(const int64_t note[FILE_NOTES], const char *path, mode_t type)
{
    struct stat status;
    if (note[FILE_MADE] == 0 || lstat(path, &status) == -1 || (status.st_mode & S_IFMT) != type)
        return;
    if (note[FILE_INODE] != 0 ? is_noted_file(note, &status)
                              : status.st_size == 0 && status.st_uid == geteuid())
        unlink(path);
}

void note_made(struct rendezvous *rendezvous, int family, key_t key, bool made)
{
    rendezvous->objects[NOTED_FAMILY] = 1 + family;
    rendezvous->objects[NOTED_KEY] = key;
    rendezvous->objects[NOTED_MADE] = made;
    rendezvous_note_objects(rendezvous);
}

/*
 * The id, or -1 where there is an object with that key already. It is noted right after the object
 * is made: what was found by its key alone and is in use would not be taken for ours.
 */
static int make_with_key(struct rendezvous *rendezvous, key_t key, sysv_get *get, const char *call)
{
    if (get(key, 0) != -1 || errno != ENOENT)
        return -1;
    note_made(rendezvous, SYSV, key, true);
    const int id = get(key, IPC_CREAT | IPC_EXCL | 0600);
    rendezvous->objects[NOTED_MADE] = id != -1; /* somebody else's is not to be taken for ours */
    rendezvous->objects[NOTED_ID] = 1 + id;
    if (id == -1 && errno != EEXIST)
        fail(call, rendezvous->name);
    rendezvous_note_objects(rendezvous);
    return id;
}

/* Nobody else's ftok is on a file of ours, but 32 bits can still coincide. */
key_t next_key(const char *path, int *project)
{
    if (++*project > PROJECTS)
        fail_that(failure_status, "all keys of \"%s\" are taken", path);
    const key_t key = or_fail(ftok(path, *project), "ftok", path);
    return key != IPC_PRIVATE ? key : next_key(path, project);
}

int make_sysv(struct rendezvous *rendezvous, const char *key_text, key_t key, sysv_get *get,
              const char *call)
{
    int id = -1;
    if (key_text != NULL && (id = make_with_key(rendezvous, key, get, call)) == -1) {
        id = or_fail(get(key, 0), call, key_text);
        note_made(rendezvous, SYSV, key, false);
        rendezvous->objects[NOTED_ID] = 1 + id;
    }
    for (int project = 0; id == -1;)
        id = make_with_key(rendezvous, next_key(rendezvous->path, &project), get, call);
    return id;
}

/*
 * An id alone may be another's by now (ids start anew when the system does), and so may a key (it
 * is made of the number of a file, which another file can get).
 */
int noted_sysv(const struct rendezvous *rendezvous, sysv_get *get)
{
    const int64_t *noted = rendezvous->objects;
    if (noted[NOTED_FAMILY] != 1 + SYSV || noted[NOTED_ID] == 0)
        return -1;
    const int id = (int)(noted[NOTED_ID] - 1);
    return get((key_t)noted[NOTED_KEY], 0) == id ? id : -1;
}

void destroy_half_made(enum object_kind kind, int id, int file)
{
    struct stat status;
    const time_t changed = last_change(kind, id, true);
    /* between the note and the object there is no other call; the clocks of both may differ */
    if (changed != 0 && fstat(file, &status) == 0 && changed >= status.st_mtime - 1 &&
        changed <= status.st_mtime + 2)
        destroy_object(kind, "", id);
}

void remove_sysv(const struct rendezvous *rendezvous, enum object_kind kind, sysv_get *get)
{
    const int64_t *noted = rendezvous->objects;
    if (noted[NOTED_FAMILY] != 1 + SYSV || noted[NOTED_MADE] == 0)
        return;
    if (noted[NOTED_ID] == 0)
        destroy_half_made(kind, get((key_t)noted[NOTED_KEY], 0), rendezvous->file);
    else
        destroy_object(kind, "", noted_sysv(rendezvous, get));
}

void refuse_rendezvous(struct rendezvous *rendezvous, const char *what, const char *hint)
{
    rendezvous->keep = true;
    rendezvous_leave(rendezvous);
    fail_that(EXIT_FAILED, "\"%s\" %s\n  %s", rendezvous->name, what, hint);
}

void check_family(struct rendezvous *rendezvous, int family, const char *what)
{
    if (rendezvous->objects[NOTED_FAMILY] != 1 + family)
        refuse_rendezvous(rendezvous, what,
                          family == SYSV ? "this side needs --api posix, too"
                                         : "this side needs --api sysv, too");
}
