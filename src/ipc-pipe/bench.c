/*
 * ipc-pipe bench: what a round trip over two pipes and a stream through one cost.
 *
 * Usage: ipc-pipe bench [--size SIZE]… [--count N] [--bytes SIZE] [--wait block|spin] [--csv]
 */
#include "pipe.h"

#include "ipc/bench/bench.h"

#include <unistd.h>

static bench_action open_pipes;

int pipe_bench(const struct role *role, int argc, char **argv)
{
    static const struct bench_variant variants[] = {
        {.name = "pipe", .open = open_pipes, OVER_DESCRIPTORS}, {0}};
    return run_bench(role, argc, argv, "pipe", variants);
}

static void open_pipes(const struct bench_case *bench)
{
    (void)bench;
    for (enum direction direction = THERE; direction <= BACK; direction++) {
        int ends[2];
        or_fail(pipe(ends), "pipe", NULL);
        bench_ends[direction] = (struct bench_ends){ends[READ_END], ends[WRITE_END]};
    }
}
