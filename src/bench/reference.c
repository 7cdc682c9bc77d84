/* SPDX-License-Identifier: MIT
 * The least that two processes can exchange: one atomic word, which each side makes one larger.
 */
#include "ipc/bench/bench.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/narration/platform.h"
#include "ipc/transfer/platform.h"

#include <stdlib.h>

static _Atomic uint32_t *word; /* in shared memory: odd when the message has gone there */

static void open_word(const struct bench_case *bench)
{
    (void)bench;
    if (word == NULL)
        word = shared_memory(sizeof *word);
    atomic_store(word, 0);
}

static void send_word(const struct bench_case *bench, enum direction way, const void *none)
{
    (void)none;
    atomic_store(word, way == THERE);
    if (bench->wait == WAIT_BLOCK)
        wake_sleepers(word);
}

static const void *receive_word(const struct bench_case *bench, enum direction way, void *buffer)
{
    const uint32_t before = way == BACK;
    while (atomic_load(word) == before) {
        if (bench->wait == WAIT_SPIN) {
            bench_spin();
        } else {
            end_if_signalled();
            sleep_while(word, before, 100 * MILLISECOND);
        }
    }
    return buffer;
}

double measure_reference(const struct bench_case *bench)
{
    static const struct bench_variant variant = VARIANT("word", .sizeless = true, .open = open_word,
                                                        .send = send_word, .receive = receive_word);
    const enum bench_wait wait = bench->wait == WAIT_SPIN ? WAIT_SPIN : WAIT_BLOCK;
    const struct bench_case word_case = {&variant, wait, 0, bench->cpus};
    struct bench_record *const record = new_record();
    measure(&word_case, &(struct bench_effort){.seconds = 0.02, .trips_only = true}, record);
    const double median = figures_of(&word_case, record).time[0];
    free(record);
    return median;
}

bool has_moved(double before, double after)
{
    return before > 1.25 * after || after > 1.25 * before;
}
