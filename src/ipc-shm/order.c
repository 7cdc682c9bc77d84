/* SPDX-License-Identifier: MIT
 * ipc-shm order: data, and the flag that announces it. Does whoever sees the flag see the data?
 *
 * Usage: ipc-shm order [--pace SECONDS | --step]
 *
 * The writer stores a number in data and then in flag, then the next. The reader loads flag, then
 * data, which must not be older. How often it is depends on compiler, processor and timing:
 * counted.
 */
#include "shm.h"

#include "ipc/narration/lesson.h"

#include <stdatomic.h>

/* Flag and data are not in one cache line: otherwise they would always arrive together. */
enum { DATA, FLAG = 16, LINE = 32, LOOK_MS = 100, BATCH = 1000 };
enum { NO_PAIR, PLAIN_PAIR, VOLATILE_PAIR, ATOMIC_PAIR, ENDED };

static struct shared {
    unsigned plain[LINE];
    volatile unsigned kept[LINE];
    atomic_uint atomic[LINE]; /* data, too: here it is stored while it is loaded */
    atomic_int pair;          /* the one that is written */
} * shared;

static struct narration *n;

static _Noreturn void write_pairs(void);
static long count_missing(int pair, const char *reads, const char *writes);
static bool misses_data(int pair);

int shm_order(const struct role *role, int argc, char **argv)
{
    static const char loads[] = "seen = flag; got = data;", stores[] = "data = i; flag = i;";
    n = begin_lesson(role, argc, argv,
                     "Data is written, then a flag. Does whoever sees the flag see the data?",
                     "reader", "writer (child)");
    shared = shared_memory(sizeof *shared);
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0)
        write_pairs();
    watch_children();
    narrate_mistake(n, "plain variables: the compiler may reorder the two, or omit some");
    const long plain = count_missing(PLAIN_PAIR, loads, stores);
    narrate_mistake(n, "volatile: the compiler keeps the order, the processor need not");
    const long kept = count_missing(VOLATILE_PAIR, loads, stores);
    narrate_text(n, "0 is no promise: x86 keeps this order, ARM and POWER need not; and another");
    narrate_text(n, "compiler, other timing, or a single processor can hide what is wrong");
    narrate_right(n, "a release store of the flag, an acquire load: they promise the data");
    narrate_text(n, "atomic_store_explicit(&flag, i, memory_order_release), and");
    narrate_text(n, "atomic_load_explicit(&flag, memory_order_acquire); the data relaxed");
    const long ordered =
        count_missing(ATOMIC_PAIR, "seen = acquire flag; got = data", "data = i; release flag = i");
    atomic_store(&shared->pair, ENDED);
    end_as_child(child, "child", narrate_wait(n, LEFT, child));
    if (ordered != 0)
        fail_that(EXIT_FAILED, "release and acquire did not keep the order");
    narrate_answer(n, "Data missing: %ld times plain, %ld volatile, 0 with release and acquire.",
                   plain, kept);
    return EXIT_DONE;
}

static _Noreturn void write_pairs(void)
{
    int pair;
    for (unsigned i = 1; (pair = atomic_load(&shared->pair)) != ENDED; i++) {
        if (i % BATCH == 0)
            end_if_signalled(); /* it never sleeps */
        if (i % BATCH == 0 && parent_died())
            break;
        if (pair == PLAIN_PAIR) {
            shared->plain[DATA] = i;
            shared->plain[FLAG] = i;
        } else if (pair == VOLATILE_PAIR) {
            shared->kept[DATA] = i;
            shared->kept[FLAG] = i;
        } else if (pair == ATOMIC_PAIR) {
            atomic_store_explicit(&shared->atomic[DATA], i, memory_order_relaxed);
            atomic_store_explicit(&shared->atomic[FLAG], i, memory_order_release);
        }
    }
    _exit(EXIT_DONE);
}

static long count_missing(int pair, const char *reads, const char *writes)
{
    long looks = 0, missing = 0;
    narrate_both(n, reads, writes);
    atomic_store(&shared->pair, pair);
    const uint64_t until = narration_time(n) + LOOK_MS * MILLISECOND;
    for (; looks % BATCH != 0 || narration_time(n) < until; looks++) {
        missing += misses_data(atomic_load(&shared->pair));
        if (looks % BATCH == 0)
            end_if_signalled();
    }
    narrate(n, LEFT, "%ld looks: %ld lack data", looks, missing);
    return missing;
}

/* Each pair by itself: what gcc and clang make of the first loads data before flag. */
static bool misses_data(int pair)
{
    if (pair == PLAIN_PAIR) {
        const unsigned seen = shared->plain[FLAG];
        const unsigned got = shared->plain[DATA];
        return (int)(got - seen) < 0;
    }
    if (pair == VOLATILE_PAIR) {
        const unsigned seen = shared->kept[FLAG];
        const unsigned got = shared->kept[DATA];
        return (int)(got - seen) < 0;
    }
    const unsigned seen = atomic_load_explicit(&shared->atomic[FLAG], memory_order_acquire);
    const unsigned got = atomic_load_explicit(&shared->atomic[DATA], memory_order_relaxed);
    return (int)(got - seen) < 0;
}
