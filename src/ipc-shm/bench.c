/*
 * ipc-shm bench: what a round trip over two rings and a stream through one cost, in segments of
 * both families; and beside them what a plain memcpy of as many bytes costs within one process.
 *
 * Usage: ipc-shm bench [--size SIZE]… [--count N] [--bytes SIZE] [--wait block|spin] [--csv]
 */
#include "shm.h"

#include "ipc/bench/bench.h"
#include "ipc/common/cleanup.h"
#include "ipc/rendezvous/objects.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

static void *memory, *source, *target;

static bench_action open_sysv, open_posix, open_copy, copy;
static void close_sysv(void), close_posix(void), close_copy(void);

int shm_bench(const struct role *role, int argc, char **argv)
{
    static const struct bench_variant variants[] = {
        {.name = "sysv", .open = open_sysv, .close = close_sysv, OVER_RINGS},
        {.name = "posix", .open = open_posix, .close = close_posix, OVER_RINGS},
        {.name = "memcpy", .open = open_copy, .alone = copy, .close = close_copy},
        {0}};
    return run_bench(role, argc, argv, "shm", variants);
}

/* Noted before it exists; removed once it is attached: it lasts until the last of the two has gone.
 */
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
    do
        errno = posix_fallocate(object, 0, (off_t)(ring_bench_size()));
    while (interrupted());
    if (errno != 0)
        fail("posix_fallocate", name);
    memory = mmap(NULL, ring_bench_size(), PROT_READ | PROT_WRITE, MAP_SHARED, object, 0);
    ring_bench_open(memory_or_fail(memory, "mmap", name));
    close(object);
}

static void close_posix(void)
{
    munmap(memory, ring_bench_size());
}

static void open_copy(const struct bench_case *bench)
{
    source = malloc(bench->size);
    target = malloc(bench->size);
    if (source == NULL || target == NULL)
        fail("malloc", NULL);
    memset(source, 1, bench->size);
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
