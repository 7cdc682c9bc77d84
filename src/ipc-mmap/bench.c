/*
 * ipc-mmap bench: what a round trip over two rings and a stream through one cost, in a mapped file
 * and in anonymous memory.
 *
 * Usage: ipc-mmap bench [--size SIZE]… [--count N] [--bytes SIZE] [--wait block|spin] [--csv]
 */
#include "mmap.h"

#include "ipc/bench/bench.h"
#include "ipc/common/cleanup.h"
#include "ipc/narration/platform.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

static void *memory;

static bench_action open_mapped_file, open_anonymous;
static void unmap(void);

int mmap_bench(const struct role *role, int argc, char **argv)
{
    static const struct bench_variant variants[] = {
        {.name = "file", .open = open_mapped_file, .close = unmap, OVER_RINGS},
        {.name = "anonymous", .open = open_anonymous, .close = unmap, OVER_RINGS},
        {0}};
    return run_bench(role, argc, argv, "mmap", variants);
}

static void open_mapped_file(const struct bench_case *bench)
{
    char path[PATH_SIZE];
    const int file = new_file(path, "bench", "", 0);
    (void)bench;
    remove_new_file(); /* it lasts until the last of the two has gone */
    do
        errno = posix_fallocate(file, 0, (off_t)(ring_bench_size()));
    while (interrupted());
    if (errno != 0)
        fail("posix_fallocate", path);
    memory = mmap(NULL, ring_bench_size(), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ring_bench_open(memory_or_fail(memory, "mmap", path));
    close(file);
}

static void open_anonymous(const struct bench_case *bench)
{
    (void)bench;
    memory = shared_memory(ring_bench_size());
    ring_bench_open(memory);
}

static void unmap(void)
{
    munmap(memory, ring_bench_size());
}
