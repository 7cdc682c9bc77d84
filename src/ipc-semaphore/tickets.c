/*
 * The slots of `run`: a System V set of two semaphores, which is there until it is removed. One
 * counts the free slots, the other says how many there are; both are looked at and changed by one
 * semop(), which is atomic, so nobody acts on a number that has changed meanwhile.
 *
 * Which set it is stands in a file. Whoever makes the set holds the file's lock, which the kernel
 * lets go of however he ends; a set that was made only half is found by its key, and made anew.
 */
#include "semaphore.h"

#include "ipc/common/cleanup.h"
#include "ipc/rendezvous/names.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/sem.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAGIC = 0x1bc5107a, PROJECTS = 255 };

struct record {
    uint32_t magic;
    int32_t set; /* -1: not known yet */
    int64_t key;
};

static bool lock(int file)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int result;
    do
        result = fcntl(file, F_SETLKW, &whole);
    while (result == -1 && interrupted());
    return result == 0;
}

/* Opens and locks the file; again, if it was removed meanwhile. False where there is none. */
static bool open_file(struct tickets *tickets, bool make)
{
    for (;;) {
        struct stat opened, present;
        tickets->file =
            open(tickets->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | (make ? O_CREAT : 0), 0600);
        if (tickets->file == -1 && errno == ENOENT && !make)
            return false;
        if (tickets->file == -1)
            fail("open", tickets->path);
        if (!lock(tickets->file))
            fail("fcntl F_SETLKW", tickets->path);
        if (fstat(tickets->file, &opened) == -1)
            fail("fstat", tickets->path);
        if (!S_ISREG(opened.st_mode) || opened.st_uid != geteuid())
            fail_that(failure_status, "\"%s\" is no file of ours: not used", tickets->path);
        if (lstat(tickets->path, &present) == 0 && present.st_ino == opened.st_ino &&
            present.st_dev == opened.st_dev)
            return true;
        close(tickets->file);
    }
}

/* No set could be made: nothing is left of the attempt, whose file is locked. */
static _Noreturn void give_up(const struct tickets *tickets, const char *call)
{
    complain(call, tickets->path);
    if (tickets->set != -1)
        semctl(tickets->set, 0, IPC_RMID);
    unlink(tickets->path);
    exit(failure_status);
}

static void write_record(const struct tickets *tickets, int set)
{
    const struct record record = {.magic = MAGIC, .set = set, .key = tickets->key};
    errno = ENOSPC; /* what a short count stands for */
    if (pwrite(tickets->file, &record, sizeof record, 0) != sizeof record)
        give_up(tickets, "pwrite");
}

/* Of somebody who died before it was noted: nobody has used it yet. */
static void remove_half_made(const struct tickets *tickets)
{
    struct semid_ds status;
    const int set = semget(tickets->key, TICKETS, 0);
    if (set != -1 && semctl(set, 0, IPC_STAT, (union semun){.buf = &status}) == 0 &&
        status.sem_perm.cuid == geteuid() && status.sem_otime == 0 &&
        made_as_noted(tickets->file, status.sem_ctime))
        semctl(set, 0, IPC_RMID);
}

/* With the lock held: the set that was noted, if it is there; by key and id, as in noted_sysv(). */
static void find_set(struct tickets *tickets)
{
    struct record record = {0};
    tickets->set = -1;
    if (pread(tickets->file, &record, sizeof record, 0) != sizeof record || record.magic != MAGIC)
        return;
    tickets->key = (key_t)record.key;
    if (record.set == -1)
        remove_half_made(tickets);
    else if (semget(tickets->key, TICKETS, 0) == record.set)
        tickets->set = record.set;
    /* without slots: who was removing it died */
    if (tickets->set != -1 && semctl(tickets->set, TICKETS_ALL, GETVAL) == 0) {
        semctl(tickets->set, 0, IPC_RMID);
        tickets->set = -1;
    }
}

static void make_set(struct tickets *tickets, int slots)
{
    unsigned short values[TICKETS] = {(unsigned short)slots, (unsigned short)slots};
    for (int project = 1; project <= PROJECTS; project++) {
        tickets->key = ftok(tickets->path, project);
        if (tickets->key == -1)
            fail("ftok", tickets->path);
        if (semget(tickets->key, 0, 0) != -1 || errno != ENOENT)
            continue; /* not ours */
        write_record(tickets, -1);
        tickets->set = semget(tickets->key, TICKETS, IPC_CREAT | IPC_EXCL | 0600);
        if (tickets->set == -1 && errno == EEXIST)
            continue;
        if (tickets->set == -1)
            give_up(tickets, "semget");
        if (semctl(tickets->set, 0, SETALL, (union semun){.array = values}) == -1)
            give_up(tickets, "semctl SETALL");
        write_record(tickets, tickets->set);
        return;
    }
    fail_that(failure_status, "all keys of \"%s\" are taken", tickets->path);
}

void tickets_open(struct tickets *tickets, const char *name, int slots)
{
    object_path(tickets->path, "semaphore", name, "slots");
    tickets->set = -1;
    if (!open_file(tickets, slots > 0))
        return;
    find_set(tickets);
    if (tickets->set == -1 && slots > 0)
        make_set(tickets, slots);
    close(tickets->file); /* and so unlocked */
}

bool tickets_take(const struct tickets *tickets, int slots)
{
    const short all = (short)slots;
    struct sembuf changes[] = {
        {.sem_num = TICKETS_ALL, .sem_op = (short)-all, .sem_flg = IPC_NOWAIT},
        {.sem_num = TICKETS_ALL, .sem_op = 0, .sem_flg = IPC_NOWAIT}, /* it was just that many */
        {.sem_num = TICKETS_ALL, .sem_op = all},
        {.sem_num = TICKETS_FREE, .sem_op = -1, .sem_flg = SEM_UNDO}, /* sleeps while none is */
    };
    while (semop(tickets->set, changes, sizeof changes / sizeof *changes) == -1) {
        if (errno == EAGAIN || errno == EIDRM || errno == EINVAL)
            return false;
        if (!interrupted())
            fail("semop", tickets->path);
    }
    return true;
}

bool tickets_change(const struct tickets *tickets, int slots)
{
    const short old = (short)semctl(tickets->set, TICKETS_ALL, GETVAL);
    const short new = (short)slots;
    if (old == -1)
        return errno == EIDRM || errno == EINVAL; /* gone: any number will do */
    if (old == 0)
        return true; /* about to be gone: the file is locked until it is */
    struct sembuf changes[] = {
        {.sem_num = TICKETS_FREE, .sem_op = (short)-old, .sem_flg = IPC_NOWAIT},
        {.sem_num = TICKETS_FREE, .sem_op = 0, .sem_flg = IPC_NOWAIT}, /* all of them were free */
        {.sem_num = TICKETS_ALL, .sem_op = (short)-old, .sem_flg = IPC_NOWAIT},
        {.sem_num = TICKETS_ALL, .sem_op = 0, .sem_flg = IPC_NOWAIT},
        {.sem_num = TICKETS_FREE, .sem_op = new},
        {.sem_num = TICKETS_ALL, .sem_op = new},
    };
    return semop(tickets->set, changes, sizeof changes / sizeof *changes) == 0 || errno == EIDRM ||
           errno == EINVAL;
}

/* Takes all slots, if all are free, and says that there are none: whoever comes now tries again. */
static void take_all(const struct tickets *tickets)
{
    const int all = semctl(tickets->set, TICKETS_ALL, GETVAL);
    struct sembuf changes[] = {
        {.sem_num = TICKETS_FREE, .sem_op = (short)-all, .sem_flg = IPC_NOWAIT},
        {.sem_num = TICKETS_FREE, .sem_op = 0, .sem_flg = IPC_NOWAIT},
        {.sem_num = TICKETS_ALL, .sem_op = (short)-all, .sem_flg = IPC_NOWAIT},
        {.sem_num = TICKETS_ALL, .sem_op = 0, .sem_flg = IPC_NOWAIT},
    };
    if (semop(tickets->set, changes, sizeof changes / sizeof *changes) == 0)
        return;
    if (errno != EAGAIN)
        fail("semop", tickets->path);
    fail_that(EXIT_FAILED, "%d of its %d slots are in use, and %d wait: not removed",
              all - semctl(tickets->set, TICKETS_FREE, GETVAL), all,
              semctl(tickets->set, TICKETS_FREE, GETNCNT));
}

bool tickets_remove(struct tickets *tickets, const char *name)
{
    object_path(tickets->path, "semaphore", name, "slots");
    if (!open_file(tickets, false))
        return false;
    find_set(tickets);
    if (tickets->set != -1) {
        take_all(tickets);
        if (semctl(tickets->set, 0, IPC_RMID) == -1)
            fail("semctl IPC_RMID", tickets->path);
    }
    if (unlink(tickets->path) == -1)
        fail("unlink", tickets->path);
    close(tickets->file);
    return true;
}
