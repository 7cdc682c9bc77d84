/* SPDX-License-Identifier: MIT
 * ipc-fifo bench: what a round trip over two FIFOs and a stream through one cost.
 *
 * Usage: ipc-fifo bench [--size SIZE]… [--wait block|spin] [--cpus same|two|both|free] [OPTION]…
 */
#include "fifo.h"

#include "ipc/bench/bench.h"

#include <stdio.h>

static bench_action open_fifos;

int fifo_bench(const struct role *role, int argc, char **argv)
{
    static const struct bench_variant variants[] = {
        VARIANT("fifo", .open = open_fifos, OVER_DESCRIPTORS), {0}};
    return run_bench(role, argc, argv, variants);
}

/* A name is needed only until both ends are open. */
static void open_fifos(const struct bench_case *bench)
{
    char name[32], path[PATH_SIZE];
    (void)bench;
    snprintf(name, sizeof name, "bench-%ld", (long)getpid());
    object_path(path, "fifo", name, "fifo");
    for (enum direction way = THERE; way <= BACK; way++) {
        const size_t handle = note_object(A_FILE, path);
        or_fail(mkfifo(path, 0600), "mkfifo", path);
        /* O_NONBLOCK: otherwise the first open() would wait for the second */
        const int read_end = or_fail(open(path, O_RDONLY | O_NONBLOCK), "open", path);
        const int write_end = or_fail(open(path, O_WRONLY | O_NONBLOCK), "open", path);
        remove_object(handle);
        bench_ends[way] = (struct bench_ends){read_end, write_end};
    }
}
