/* SPDX-License-Identifier: MIT
 * The slots of `run`: a System V set of two semaphores, which stays until it is removed. One counts
 * the free slots, the other says how many there are. One semop(), which is atomic, looks at both
 * and changes both: otherwise somebody would act on a number that has changed meanwhile.
 *
 * A file says which set it is. Whoever makes the set holds the file's lock, which the kernel lets
 * go of however its owner ends. A set that was made only half is found by its key.
 */
#include "semaphore.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/rendezvous/private_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/sem.h>
#include <unistd.h>

enum { MAGIC = 0x1bc5107a };

static const char not_ours[] = "is no file of ours";

struct record {
    uint32_t magic;
    int32_t set; /* -1: not known yet */
    int64_t key;
};

/* Opens and locks the file. That takes a moment, or 2 s of a holder that is stopped (SIGSTOP). */
static bool take_file(struct permits *permits, const char *name, int flags, uint64_t deadline)
{
    const uint64_t soon = now() + 2 * SECOND;
    permits->set = -1;
    object_path(permits->path, "semaphore", name, "slots");
    permits->file =
        take_lock_file(permits->path, flags, not_ours, deadline > soon ? deadline : soon);
    return permits->file != -1;
}

/* No set could be made: nothing is left of the attempt, whose file is locked. */
static _Noreturn void give_up(const struct permits *permits, const char *call)
{
    complain(call, permits->path);
    destroy_object(SYSV_SET, "", permits->set);
    unlink(permits->path);
    exit(failure_status);
}

static void write_record(const struct permits *permits, int set)
{
    const struct record record = {.magic = MAGIC, .set = set, .key = permits->key};
    errno = ENOSPC; /* what a short count stands for */
    if (pwrite(permits->file, &record, sizeof record, 0) != sizeof record)
        give_up(permits, "pwrite");
}

/* The noted set, if it is there; by key and id, as in noted_sysv(). cleans: with the lock held. */
static void find_set(struct permits *permits, bool cleans)
{
    struct record record = {0};
    if (pread(permits->file, &record, sizeof record, 0) != sizeof record || record.magic != MAGIC)
        return;
    permits->key = (key_t)record.key;
    const int set = semget(permits->key, PERMITS, 0);
    if (record.set == -1 && cleans)
        destroy_half_made(SYSV_SET, set, permits->file);
    else if (set == record.set && semctl(set, PERMITS_ALL, GETVAL) != 0)
        permits->set = set;
    else if (set == record.set && cleans) /* without slots: whoever was removing it died */
        semctl(set, 0, IPC_RMID);
}

/* The key is noted before the set exists. Otherwise a death in between would leave it for good. */
static void make_set(struct permits *permits, int slots)
{
    unsigned short values[PERMITS] = {(unsigned short)slots, (unsigned short)slots};
    for (int project = 0; permits->set == -1;) {
        permits->key = next_key(permits->path, &project);
        if (semget(permits->key, 0, 0) != -1 || errno != ENOENT)
            continue; /* not ours */
        write_record(permits, -1);
        permits->set = semget(permits->key, PERMITS, IPC_CREAT | IPC_EXCL | 0600);
        if (permits->set == -1 && errno != EEXIST)
            give_up(permits, "semget");
    }
    if (semctl(permits->set, 0, SETALL, (union semun){.array = values}) == -1)
        give_up(permits, "semctl SETALL");
    write_record(permits, permits->set);
}

bool permits_look(struct permits *permits, const char *name)
{
    permits->set = -1;
    object_path(permits->path, "semaphore", name, "slots");
    permits->file = open_lock_file(permits->path, 0, not_ours);
    if (permits->file == -1)
        return true;
    const bool changes = is_changing(permits->file, permits->path);
    find_set(permits, false);
    const bool sound = changes || permits->set != -1 || is_changing(permits->file, permits->path);
    close(permits->file);
    return sound;
}

void permits_open(struct permits *permits, const char *name, int slots, uint64_t deadline)
{
    take_file(permits, name, O_CREAT, deadline);
    find_set(permits, true);
    if (permits->set == -1)
        make_set(permits, slots);
    close(permits->file); /* and so unlocked */
}

bool permits_take(const struct permits *permits, int slots, uint64_t deadline)
{
    struct sembuf changes[] = {
        {.sem_num = PERMITS_ALL, .sem_op = (short)-slots, .sem_flg = IPC_NOWAIT},
        {.sem_num = PERMITS_ALL, .sem_op = 0, .sem_flg = IPC_NOWAIT}, /* it was just that many */
        {.sem_num = PERMITS_ALL, .sem_op = (short)slots},
        {.sem_num = PERMITS_FREE, .sem_op = -1, .sem_flg = SEM_UNDO}, /* sleeps while none is */
    };
    for (;;) {
        const bool is_late = deadline != UINT64_MAX && now() >= deadline;
        if (is_late) /* one last look */
            changes[3].sem_flg = SEM_UNDO | IPC_NOWAIT;
        if (semop(permits->set, changes, sizeof changes / sizeof *changes) == 0)
            return true;
        if (errno == EAGAIN && is_late && semctl(permits->set, PERMITS_ALL, GETVAL) == slots)
            fail_that(EXIT_PEER, "no slot of %d became free in time: COMMAND was not started",
                      slots);
        if (errno == EAGAIN || errno == EIDRM || errno == EINVAL)
            return false;
        if (!interrupted())
            fail("semop", permits->path);
    }
}

bool permits_change(const struct permits *permits, int slots)
{
    const short old = (short)semctl(permits->set, PERMITS_ALL, GETVAL);
    if (old <= 0) /* gone, or about to be: the file is locked until it is. Any number will do */
        return old == 0 || errno == EIDRM || errno == EINVAL;
    struct sembuf changes[] = {
        {.sem_num = PERMITS_FREE, .sem_op = (short)-old, .sem_flg = IPC_NOWAIT},
        {.sem_num = PERMITS_FREE, .sem_op = 0, .sem_flg = IPC_NOWAIT}, /* all of them were free */
        {.sem_num = PERMITS_ALL, .sem_op = (short)-old, .sem_flg = IPC_NOWAIT},
        {.sem_num = PERMITS_ALL, .sem_op = 0, .sem_flg = IPC_NOWAIT},
        {.sem_num = PERMITS_FREE, .sem_op = (short)slots}, /* 0 does not wait: it is 0 by now */
        {.sem_num = PERMITS_ALL, .sem_op = (short)slots},
    };
    const int result = semop(permits->set, changes, sizeof changes / sizeof *changes);
    if (result == -1 && errno != EAGAIN && errno != EIDRM && errno != EINVAL)
        fail("semop", permits->path);
    return result == 0 || errno != EAGAIN;
}

bool permits_remove(struct permits *permits, const char *name)
{
    if (!take_file(permits, name, 0, 0))
        return false;
    find_set(permits, true);
    /* from now on there are no slots: whoever comes tries again */
    if (permits->set != -1 && !permits_change(permits, 0)) {
        const int all = semctl(permits->set, PERMITS_ALL, GETVAL);
        fail_that(EXIT_FAILED, "%d of its %d slots are in use, and %d wait: not removed",
                  all - semctl(permits->set, PERMITS_FREE, GETVAL), all,
                  semctl(permits->set, PERMITS_FREE, GETNCNT));
    }
    if (permits->set != -1 && semctl(permits->set, 0, IPC_RMID) == -1)
        fail("semctl IPC_RMID", permits->path);
    or_fail(unlink(permits->path), "unlink", permits->path);
    close(permits->file);
    return true;
}
