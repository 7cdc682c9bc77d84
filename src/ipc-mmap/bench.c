/* SPDX-License-Identifier: MIT
 * ipc-mmap bench: what a round trip over two rings and a stream through one cost, in a mapped file
 * and in anonymous memory.
 *
 * Usage: ipc-mmap bench [--size SIZE]… [--wait block|spin] [--cpus same|two|both|free] [OPTION]…
 */
#include "mmap.h"

#include "ipc/bench/bench.h"
#include "ipc/narration/platform.h"

static bench_action open_mapped_file, open_anonymous;

int mmap_bench(const struct role *role, int argc, char **argv)
{
    static const struct bench_variant variants[] = {
        VARIANT("file", .open = open_mapped_file, .close = ring_bench_unmap, OVER_RINGS),
        VARIANT("anonymous", .open = open_anonymous, .close = ring_bench_unmap, OVER_RINGS),
        {0}};
    return run_bench(role, argc, argv, variants);
}

static void open_mapped_file(const struct bench_case *bench)
{
    char path[PATH_SIZE];
    const int file = new_file(path, "bench", "", 0);
    (void)bench;
    remove_new_file(); /* it lasts until the last of the two has gone */
    ring_bench_map(file, path);
}

static void open_anonymous(const struct bench_case *bench)
{
    (void)bench;
    ring_bench_open(shared_memory(ring_bench_size()));
}
