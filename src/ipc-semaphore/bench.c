/* SPDX-License-Identifier: MIT
 * ipc-semaphore bench: what a hand-over costs, from a post to the wait that it ends, in both
 * families; and what a wait and a post cost that nobody competes for.
 *
 * Usage: ipc-semaphore bench [--wait block|spin] [--cpus same|two|both|free] [OPTION]…
 */
#include "semaphore.h"

#include "ipc/bench/bench.h"
#include "ipc/common/clock.h"
#include "ipc/narration/platform.h"
#include "ipc/rendezvous/objects.h"

#include <errno.h>
#include <sys/sem.h>

static sem_t *semaphores; /* by direction, in shared memory, until the end of the process */
static int set;
static size_t handle;

static bench_action open_posix, open_sysv, post_and_wait_posix, post_and_wait_sysv;
static bench_send send_posix, send_sysv;
static bench_receive receive_posix, receive_sysv;
static void close_sysv(void);

#define OVER_POSIX .sizeless = true, .open = open_posix
#define OVER_SYSV .sizeless = true, .open = open_sysv, .close = close_sysv

int semaphore_bench(const struct role *role, int argc, char **argv)
{
    static const struct bench_variant variants[] = {
        VARIANT("posix", OVER_POSIX, .send = send_posix, .receive = receive_posix),
        VARIANT("sysv", OVER_SYSV, .send = send_sysv, .receive = receive_sysv),
        /* a post and a wait of one process: what a lock costs that nobody else wants */
        VARIANT("posix-own", OVER_POSIX, .alone = post_and_wait_posix),
        VARIANT("sysv-own", OVER_SYSV, .alone = post_and_wait_sysv),
        {0}};
    return run_bench(role, argc, argv, variants);
}

static void open_posix(const struct bench_case *bench)
{
    (void)bench;
    if (semaphores == NULL)
        semaphores = shared_memory(2 * sizeof *semaphores);
    if (sem_init(&semaphores[THERE], 1, 0) == -1 || sem_init(&semaphores[BACK], 1, 0) == -1)
        fail("sem_init", NULL);
}

static void send_posix(const struct bench_case *bench, enum direction way, const void *none)
{
    (void)bench;
    (void)none;
    or_fail(sem_post(&semaphores[way]), "sem_post", NULL);
}

static const void *receive_posix(const struct bench_case *bench, enum direction way, void *buffer)
{
    sem_t *semaphore = &semaphores[way];
    while ((bench->wait == WAIT_SPIN ? sem_trywait(semaphore) : sem_wait(semaphore)) == -1)
        bench_retry("sem_wait");
    return buffer;
}

static void post_and_wait_posix(const struct bench_case *bench)
{
    send_posix(bench, THERE, NULL);
    receive_posix(bench, THERE, NULL);
}

static void open_sysv(const struct bench_case *bench)
{
    (void)bench;
    key_t key;
    handle = note_key(SYSV_SET, &key);
    set = or_fail(semget(key, 2, IPC_CREAT | IPC_EXCL | 0600), "semget", NULL);
}

static void close_sysv(void)
{
    remove_object(handle);
}

/* At 32,767 it is full (SEMVMX: ERANGE) until the receiver has caught up. */
static void send_sysv(const struct bench_case *bench, enum direction way, const void *none)
{
    struct sembuf post = {.sem_num = (unsigned short)way, .sem_op = 1};
    (void)none;
    while (semop(set, &post, 1) == -1) {
        if (errno != ERANGE)
            bench_retry("semop");
        else if (bench->wait == WAIT_SPIN)
            bench_spin();
        else
            sleep_for(10 * MICROSECOND);
    }
}

static const void *receive_sysv(const struct bench_case *bench, enum direction way, void *buffer)
{
    const short flags = bench->wait == WAIT_SPIN ? IPC_NOWAIT : 0;
    struct sembuf wait = {.sem_num = (unsigned short)way, .sem_op = -1, .sem_flg = flags};
    while (semop(set, &wait, 1) == -1)
        bench_retry("semop");
    return buffer;
}

static void post_and_wait_sysv(const struct bench_case *bench)
{
    send_sysv(bench, THERE, NULL);
    receive_sysv(bench, THERE, NULL);
}
