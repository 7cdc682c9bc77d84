/* SPDX-License-Identifier: MIT
 * ipc-pipe bench: what a round trip over two pipes and a stream through one cost.
 *
 * Usage: ipc-pipe bench [--size SIZE]… [--wait block|spin] [--cpus same|two|both|free] [OPTION]…
 */
#include "pipe.h"

#include "ipc/bench/bench.h"

static bench_action open_pipes;

int pipe_bench(const struct role *role, int argc, char **argv)
{
    static const struct bench_variant variants[] = {
        VARIANT("pipe", .open = open_pipes, OVER_DESCRIPTORS), {0}};
    return run_bench(role, argc, argv, variants);
}

static void open_pipes(const struct bench_case *bench)
{
    (void)bench;
    for (enum direction way = THERE; way <= BACK; way++) {
        int ends[2];
        or_fail(pipe(ends), "pipe", NULL);
        bench_ends[way] = (struct bench_ends){ends[READ_END], ends[WRITE_END]};
    }
}
