/*
 * The kinds of objects.
 */
#include "ipc/rendezvous/objects.h"

#include <mqueue.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

enum { CHANGES_UNTIL_S = 60 };

static int remove_segment(int id)
{
    return shmctl(id, IPC_RMID, NULL);
}

static int remove_queue(int id)
{
    return msgctl(id, IPC_RMID, NULL);
}

static int remove_set(int id)
{
    return semctl(id, 0, IPC_RMID);
}

/* When it was changed last, and whether it was ever used; 0 if our user made none of that id. */
static time_t segment_changed(int id, bool *used)
{
    struct shmid_ds status;
    if (shmctl(id, IPC_STAT, &status) == -1 || status.shm_perm.cuid != geteuid())
        return 0;
    *used = status.shm_atime != 0;
    return status.shm_ctime;
}

static time_t queue_changed(int id, bool *used)
{
    struct msqid_ds status;
    if (msgctl(id, IPC_STAT, &status) == -1 || status.msg_perm.cuid != geteuid())
        return 0;
    *used = status.msg_stime != 0 || status.msg_rtime != 0;
    return status.msg_ctime;
}

static time_t set_changed(int id, bool *used)
{
    struct semid_ds status;
    union { /* semctl(3p) leaves it to its caller */
        int value;
        struct semid_ds *status;
    } argument = {.status = &status};
    if (semctl(id, 0, IPC_STAT, argument) == -1 || status.sem_perm.cuid != geteuid())
        return 0;
    *used = status.sem_otime != 0;
    return status.sem_ctime;
}

static const struct object_type {
    const char *word; /* in notes */
    int (*unlink)(const char *name);
    int (*remove)(int id);
    time_t (*changed)(int id, bool *used);
} types[OBJECT_KINDS] = {
    [A_FILE] = {"file", unlink, NULL, NULL},
    [POSIX_SEMAPHORE] = {"semaphore", sem_unlink, NULL, NULL},
    [POSIX_SEGMENT] = {"posix-segment", shm_unlink, NULL, NULL},
    [POSIX_QUEUE] = {"posix-queue", mq_unlink, NULL, NULL},
    [SYSV_SEGMENT] = {"segment", NULL, remove_segment, segment_changed},
    [SYSV_QUEUE] = {"queue", NULL, remove_queue, queue_changed},
    [SYSV_SET] = {"set", NULL, remove_set, set_changed},
};

void destroy_object(enum object_kind kind, const char *name, int id)
{
    if (types[kind].unlink != NULL)
        types[kind].unlink(name);
    else
        types[kind].remove(id);
}

int write_note(char *line, size_t size, enum object_kind kind, const char *name, int id)
{
    const struct object_type *type = &types[kind];
    bool used;
    const long long changed = type->changed != NULL ? type->changed(id, &used) : 0;
    return snprintf(line, size, "%s %d %lld %s", type->word, id, changed, name);
}

static void destroy_if_made(enum object_kind kind, int id, time_t earliest, time_t latest,
                            bool unused)
{
    bool used = false;
    const time_t changed = types[kind].changed(id, &used);
    if (changed != 0 && changed >= earliest && changed <= latest && !(unused && used))
        types[kind].remove(id);
}

void destroy_noted(const char *line, int whose)
{
    char word[16];
    int id, name = 0;
    long long noted;
    if (sscanf(line, "%15s %d %lld %n", word, &id, &noted, &name) != 3 || name == 0)
        return;
    enum object_kind kind = A_FILE;
    while (kind < OBJECT_KINDS && strcmp(types[kind].word, word) != 0)
        kind++;
    if (kind == OBJECT_KINDS)
        return;
    if (whose == OURS || types[kind].changed == NULL)
        destroy_object(kind, line + name, id);
    else /* some of what is done to an object after its birth counts as a change, too */
        destroy_if_made(kind, id, (time_t)noted, (time_t)noted + CHANGES_UNTIL_S, false);
}

void destroy_half_made(enum object_kind kind, int id, int file)
{
    struct stat status;
    /* between the note and the object there is no other call; the clocks of both may differ */
    if (id != -1 && fstat(file, &status) == 0)
        destroy_if_made(kind, id, status.st_mtime - 1, status.st_mtime + 2, true);
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
