/*
 * The kinds of objects, and the notes of what a killed process leaves behind.
 *
 * A process notes each object in a file of its own, which it holds locked while it lives, and the
 * next of our programs that makes an object removes what stands in the files that nobody holds. A
 * death between an object's birth and its note leaves it for good. A death between its removal and
 * that of the note leaves a note of something that is gone, or is another's by now: ids start anew
 * when the system does. Therefore the next process removes an object only if it is as old as the
 * note.
 */
#include "ipc/rendezvous/objects.h"

#include "ipc/common/error.h"
#include "ipc/common/io.h"
#include "ipc/rendezvous/private_files.h"

#include <fcntl.h>
#include <mqueue.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

enum { LINE_SIZE = PATH_SIZE + 64, CHANGES_UNTIL_S = 60 };

static const struct object_type {
    const char *word;                /* in notes */
    int (*unlink)(const char *name); /* NULL of System V */
} types[OBJECT_KINDS] = {
    [A_FILE] = {"file", unlink},
    [POSIX_SEMAPHORE] = {"semaphore", sem_unlink},
    [POSIX_SEGMENT] = {"posix-segment", shm_unlink},
    [POSIX_QUEUE] = {"posix-queue", mq_unlink},
    [SYSV_SEGMENT] = {"segment", NULL},
    [SYSV_QUEUE] = {"queue", NULL},
    [SYSV_SET] = {"set", NULL},
};

static char notes_path[PATH_SIZE]; /* of our notes */
static pid_t owner;                /* whose notes those are; 0: there are none */
static int notes;
static size_t log_handle;
static int objects_noted; /* objects that stand in it */

void destroy_object(enum object_kind kind, const char *name, int id)
{
    if (types[kind].unlink != NULL)
        types[kind].unlink(name);
    else if (kind == SYSV_SEGMENT)
        shmctl(id, IPC_RMID, NULL);
    else if (kind == SYSV_QUEUE)
        msgctl(id, IPC_RMID, NULL);
    else
        semctl(id, 0, IPC_RMID);
}

/* When it was changed last, and whether it was ever used; 0 if our user made none of that id. */
static time_t last_change(enum object_kind kind, int id, bool *used)
{
    struct shmid_ds segment;
    struct msqid_ds queue;
    struct semid_ds set;
    union { /* semctl(3p) leaves it to its caller */
        int value;
        struct semid_ds *status;
    } argument = {.status = &set};
    const uid_t us = geteuid();
    if (kind == SYSV_SEGMENT && shmctl(id, IPC_STAT, &segment) == 0 &&
        segment.shm_perm.cuid == us) {
        *used = segment.shm_atime != 0;
        return segment.shm_ctime;
    }
    if (kind == SYSV_QUEUE && msgctl(id, IPC_STAT, &queue) == 0 && queue.msg_perm.cuid == us) {
        *used = queue.msg_stime != 0 || queue.msg_rtime != 0;
        return queue.msg_ctime;
    }
    if (kind == SYSV_SET && semctl(id, 0, IPC_STAT, argument) == 0 && set.sem_perm.cuid == us) {
        *used = set.sem_otime != 0;
        return set.sem_ctime;
    }
    return 0;
}

void destroy_half_made(enum object_kind kind, int id, int file)
{
    bool used;
    struct stat status;
    const time_t changed = last_change(kind, id, &used);
    /* between the note and the object there is no other call; the clocks of both may differ */
    if (changed != 0 && !used && fstat(file, &status) == 0 && changed >= status.st_mtime - 1 &&
        changed <= status.st_mtime + 2)
        destroy_object(kind, "", id);
}

/*
 * Destroys what a line of notes says; of those that a dead process left behind, a System V object
 * only if our user made it at that time.
 */
enum { OURS, LEFT_BEHIND };
static void destroy_noted(const char *line, int whose)
{
    char word[16];
    bool used;
    int id, name = 0;
    long long noted;
    if (sscanf(line, "%15s %d %lld %n", word, &id, &noted, &name) != 3 || name == 0)
        return;
    enum object_kind kind = A_FILE;
    while (kind < OBJECT_KINDS && strcmp(types[kind].word, word) != 0)
        kind++;
    if (kind == OBJECT_KINDS)
        return;
    const time_t changed = last_change(kind, id, &used);
    /* some of what is done to an object after its birth counts as a change, too */
    if (whose == OURS || types[kind].unlink != NULL ||
        (changed != 0 && changed >= noted && changed <= noted + CHANGES_UNTIL_S))
        destroy_object(kind, line + name, id);
}

/* What a killed process left; then its notes: a death in between leaves them for the next one. */
static void clear(int file, const char *name)
{
    char line[LINE_SIZE];
    FILE *const lines = fdopen(file, "r");
    if (lines == NULL)
        fail("fdopen", name);
    while (fgets(line, sizeof line, lines) != NULL) {
        line[strcspn(line, "\n")] = '\0';
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
 * we begin again. The notes of a dead process that had our pid are cleared before ours are made.
 */
static void open_notes(void)
{
    char process[24];
    const char *mechanism = strncmp(program_name, "ipc-", 4) == 0 ? program_name + 4 : program_name;
    snprintf(process, sizeof process, "%ld", (long)getpid());
    object_path(notes_path, mechanism, process, "undo");
    do {
        sweep_lock_files("*.undo", clear);
        notes = take_lock_file(notes_path, O_CREAT | O_EXCL | O_APPEND, "is not ours", UINT64_MAX);
    } while (notes == -1);
    owner = getpid();
    objects_noted = 0;
    log_handle = undo_at_end(remove_notes, notes_path, 0);
}

size_t note_object(enum object_kind kind, const char *name, int id)
{
    bool used;
    char line[LINE_SIZE];
    if (owner != getpid())
        open_notes();
    const int length = snprintf(line, sizeof line, "%s %d %lld %s", types[kind].word, id,
                                (long long)last_change(kind, id, &used), name);
    const size_t handle = undo_at_end(destroy_noted, line, OURS);
    line[length] = '\n';
    if (!write_full(notes, line, (size_t)length + 1))
        fail("write", notes_path);
    objects_noted++;
    return handle;
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
