/*
 * ipc-semaphore bench: what a hand-over costs, from a post to the wait that it ends, in both
 * families; and what a wait and a post cost that nobody competes for.
 */
#include "semaphore.h"

#include "ipc/bench/bench.h"
#include "ipc/common/clock.h"
#include "ipc/common/platform.h"
#include "ipc/rendezvous/undo_log.h"

#include <errno.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/sem.h>

static sem_t *semaphores; /* by direction, in shared memory */
static int set;
static size_t handle;

static void open_posix(const struct bench_case *bench)
{
    (void)bench;
    semaphores = shared_memory(2 * sizeof *semaphores);
    if (semaphores == NULL || sem_init(&semaphores[THERE], 1, 0) == -1 ||
        sem_init(&semaphores[BACK], 1, 0) == -1)
        fail("sem_init", NULL);
}

static void close_posix(const struct bench_case *bench)
{
    (void)bench;
    munmap(semaphores, 2 * sizeof *semaphores);
}

static void send_posix(const struct bench_case *bench, enum direction direction, const void *none)
{
    (void)bench;
    (void)none;
    if (sem_post(&semaphores[direction]) == -1)
        fail("sem_post", NULL);
}

static const void *receive_posix(const struct bench_case *bench, enum direction direction,
                                 void *buffer)
{
    sem_t *semaphore = &semaphores[direction];
    while ((bench->wait == WAIT_SPIN ? sem_trywait(semaphore) : sem_wait(semaphore)) == -1) {
        if (errno == EAGAIN)
            bench_spin();
        else if (!interrupted())
            fail("sem_wait", NULL);
    }
    return buffer;
}

static void open_sysv(const struct bench_case *bench)
{
    (void)bench;
    set = semget(IPC_PRIVATE, 2, IPC_CREAT | 0600);
    if (set == -1)
        fail("semget", "IPC_PRIVATE");
    handle = note_object(SYSV_SET, "", set);
}

static void close_sysv(const struct bench_case *bench)
{
    (void)bench;
    remove_object(handle);
}

/* At 32,767 it is full (SEMVMX: ERANGE): then the receiver has to catch up. */
static void send_sysv(const struct bench_case *bench, enum direction direction, const void *none)
{
    struct sembuf post = {.sem_num = (unsigned short)direction, .sem_op = 1};
    (void)none;
    while (semop(set, &post, 1) == -1) {
        if (errno == ERANGE && bench->wait == WAIT_SPIN)
            bench_spin();
        else if (errno == ERANGE)
            sleep_for(10 * MICROSECOND);
        else if (!interrupted())
            fail("semop", NULL);
    }
}

static const void *receive_sysv(const struct bench_case *bench, enum direction direction,
                                void *buffer)
{
    struct sembuf wait = {.sem_num = (unsigned short)direction,
                          .sem_op = -1,
                          .sem_flg = bench->wait == WAIT_SPIN ? IPC_NOWAIT : 0};
    while (semop(set, &wait, 1) == -1) {
        if (errno == EAGAIN)
            bench_spin();
        else if (!interrupted())
            fail("semop", NULL);
    }
    return buffer;
}

static void alone_posix(const struct bench_case *bench, void *message, void *buffer)
{
    static sem_t semaphore;
    static bool made;
    (void)bench;
    (void)message;
    (void)buffer;
    if (!made && sem_init(&semaphore, 1, 1) == -1)
        fail("sem_init", NULL);
    made = true;
    sem_wait(&semaphore);
    sem_post(&semaphore);
}

static void alone_sysv(const struct bench_case *bench, void *message, void *buffer)
{
    static int own = -1;
    struct sembuf wait = {.sem_op = -1}, post = {.sem_op = 1};
    (void)bench;
    (void)message;
    (void)buffer;
    if (own == -1) {
        own = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
        if (own == -1)
            fail("semget", "IPC_PRIVATE");
        note_object(SYSV_SET, "", own);
        semop(own, &post, 1);
    }
    semop(own, &wait, 1);
    semop(own, &post, 1);
}

int semaphore_bench(const struct role *role, int argc, char **argv)
{
    static const struct bench_variant variants[] = {
        {.name = "posix",
         .sizeless = true,
         .open = open_posix,
         .close = close_posix,
         .send = send_posix,
         .receive = receive_posix},
        {.name = "sysv",
         .sizeless = true,
         .open = open_sysv,
         .close = close_sysv,
         .send = send_sysv,
         .receive = receive_sysv},
        /* a wait and a post of one process: what a lock costs that nobody else wants */
        {.name = "posix-own", .sizeless = true, .alone = alone_posix},
        {.name = "sysv-own", .sizeless = true, .alone = alone_sysv},
        {0}};
    return run_bench(role, argc, argv, "semaphore", variants);
}
