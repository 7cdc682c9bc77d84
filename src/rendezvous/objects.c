/*
 * The kinds of objects.
 */
#include "ipc/rendezvous/objects.h"

#include <semaphore.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

static void unlink_file(const char *name, int id)
{
    (void)id;
    unlink(name);
}

static void unlink_semaphore(const char *name, int id)
{
    (void)id;
    sem_unlink(name);
}

static void remove_segment(const char *name, int id)
{
    (void)name;
    shmctl(id, IPC_RMID, NULL);
}

static void remove_queue(const char *name, int id)
{
    (void)name;
    msgctl(id, IPC_RMID, NULL);
}

static void remove_set(const char *name, int id)
{
    (void)name;
    semctl(id, 0, IPC_RMID);
}

/* When a System V object of our user was changed last; 0 where there is none of that id. */
static time_t segment_changed(int id)
{
    struct shmid_ds status;
    return shmctl(id, IPC_STAT, &status) == 0 && status.shm_perm.cuid == geteuid()
               ? status.shm_ctime
               : 0;
}

static time_t queue_changed(int id)
{
    struct msqid_ds status;
    return msgctl(id, IPC_STAT, &status) == 0 && status.msg_perm.cuid == geteuid()
               ? status.msg_ctime
               : 0;
}

static time_t set_changed(int id)
{
    struct semid_ds status;
    union { /* semctl(3p) leaves it to its caller */
        int value;
        struct semid_ds *status;
    } argument = {.status = &status};
    return semctl(id, 0, IPC_STAT, argument) == 0 && status.sem_perm.cuid == geteuid()
               ? status.sem_ctime
               : 0;
}

const struct object_type object_types[OBJECT_KINDS] = {
    [A_FILE] = {"file", unlink_file, NULL},
    [POSIX_SEMAPHORE] = {"semaphore", unlink_semaphore, NULL},
    [SYSV_SEGMENT] = {"segment", remove_segment, segment_changed},
    [SYSV_QUEUE] = {"queue", remove_queue, queue_changed},
    [SYSV_SET] = {"set", remove_set, set_changed},
};
