/* SPDX-License-Identifier: MIT
 * ipc-mmap anonymous: memory without a file, shared by parent and child, because the mapping is
 * inherited. MAP_ANONYMOUS is in POSIX since 2024; before that there was /dev/zero.
 *
 * Usage: ipc-mmap anonymous [--pace SECONDS | --step]
 */
#include "mmap.h"

#include "ipc/narration/lesson.h"

static struct narration *n;

static int *map(enum column column, int device, const char *name);

int mmap_anonymous(const struct role *role, int argc, char **argv)
{
    n = begin_lesson(role, argc, argv, "How do parent and child share memory without a file?",
                     "parent", "child");
    volatile int *const a = malloc(sizeof *a);
    narrate(n, LEFT, "malloc(%zu) = a", sizeof *a);
    /* MAP_ANONYMOUS, where there is such a thing: common/platform.c */
    volatile int *const b = shared_memory(sizeof *b);
    if (a == NULL)
        fail("malloc", NULL);
    narrate(n, LEFT, "mmap(PROT_READ|PROT_WRITE, MAP_SHARED|MAP_ANONYMOUS) = b");
    const int device = or_fail(open("/dev/zero", O_RDWR), "open", "/dev/zero");
    narrate(n, LEFT, "open(\"/dev/zero\", O_RDWR) = %d", device);
    volatile int *const c = map(LEFT, device, "c");
    *a = 0;

    const pid_t child = narrate_fork(n, LEFT, "");
    volatile int *const d = map(child == 0 ? RIGHT : LEFT, device, "d");
    if (child == 0) {
        narrate(n, RIGHT, "*a = *b = *c = *d = 42");
        *a = *b = *c = *d = 42;
        _exit(EXIT_DONE);
    }
    end_as_child(child, "child", narrate_wait(n, LEFT, child));
    narrate_mistake(n, "malloc(), whose pages are copied at a store: *a is %d", *a);
    narrate_mistake(n, "mapping after the fork, each for itself: *d is %d", *d);
    narrate_right(n, "MAP_SHARED|MAP_ANONYMOUS before the fork: *b is %d", *b);
    narrate_right(n, "MAP_SHARED of /dev/zero, which is older: *c is %d", *c);
    if (*a != 0 || *b != 42 || *c != 42 || *d != 0)
        fail_that(EXIT_FAILED, "this system maps otherwise");
    free((void *)a);
    narrate_answer(n, "By a shared mapping made before the fork: the child inherits it.");
    return EXIT_DONE;
}

/* The device is the same, but each mapping of it is memory of its own. */
static int *map(enum column column, int device, const char *name)
{
    int *number =
        memory_or_fail(mmap(NULL, sizeof *number, PROT_READ | PROT_WRITE, MAP_SHARED, device, 0),
                       "mmap", "/dev/zero");
    narrate(n, column, "mmap(PROT_READ|PROT_WRITE, MAP_SHARED, %d) = %s", device, name);
    return number;
}
