/* SPDX-License-Identifier: MIT
 * ipc-shm bench: what a round trip over two rings and a stream through one cost, in segments of
 * both families; and beside them what a plain memcpy of as many bytes costs within one process.
 *
 * Usage: ipc-shm bench [--size SIZE]… [--wait block|spin] [--cpus same|two|both|free] [OPTION]…
 */
#include "shm.h"

#include "ipc/bench/bench.h"
#include "ipc/rendezvous/objects.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

static void *memory, *source, *target;

static bench_action open_sysv, open_posix, open_copy, copy;
static void close_sysv(void), close_copy(void);

int shm_bench(const struct role *role, int argc, char **argv)
{
    static const struct bench_variant variants[] = {
        VARIANT("sysv", .open = open_sysv, .close = close_sysv, OVER_RINGS),
        VARIANT("posix", .open = open_posix, .close = ring_bench_unmap, OVER_RINGS),
        VARIANT("memcpy", .open = open_copy, .alone = copy, .close = close_copy),
        {0}};
    return run_bench(role, argc, argv, variants);
}

/* Noted before it exists; removed once attached: it lasts until the last of the two has gone. */
static void open_sysv(const struct bench_case *bench)
{
    (void)bench;
    key_t key;
    const size_t handle = note_key(SYSV_SEGMENT, &key);
    const int id = shmget(key, ring_bench_size(), IPC_CREAT | IPC_EXCL | 0600);
    if (id == -1)
        fail_shmget(NULL, ring_bench_size());
    memory = memory_or_fail(shmat(id, NULL, 0), "shmat", NULL);
    shmctl(id, IPC_RMID, NULL);
    forget_object(handle);
    ring_bench_open(memory);
}

static void close_sysv(void)
{
    shmdt(memory);
}

static void open_posix(const struct bench_case *bench)
{
    char name[POSIX_NAME_SIZE], own[32];
    (void)bench;
    snprintf(own, sizeof own, "bench-%ld", (long)getpid());
    posix_name(name, "shm", own);
    const size_t handle = note_object(POSIX_SEGMENT, name);
    const int object = or_fail(shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600), "shm_open", name);
    remove_object(handle);
    ring_bench_map(object, name);
}

static void open_copy(const struct bench_case *bench)
{
    source = new_message(bench->size);
    target = new_message(bench->size);
}

/* The compiler must not find out that the copies are all the same. */
static void copy(const struct bench_case *bench)
{
    void *(*volatile copy_bytes)(void *, const void *, size_t) = memcpy;
    copy_bytes(target, source, bench->size);
}

static void close_copy(void)
{
    free(source);
    free(target);
}
