/*
 * ipc-mmap anonymous: memory without a file, shared by parent and child, because the mapping is
 * inherited. MAP_ANONYMOUS is in POSIX since 2024; before that there was /dev/zero.
 *
 * Usage: ipc-mmap anonymous [--pace SECONDS]
 */
#include "mmap.h"

#include "ipc/narration/lesson.h"

#include <fcntl.h>
#include <sys/mman.h>

static struct narration *n;

static int store_in_child(volatile int *number);
static int map_too_late(void);
static int *map_zero(void);

int mmap_anonymous(const struct role *role, int argc, char **argv)
{
    n = begin_lesson(role, argc, argv, "How do parent and child share memory without a file?",
                     "parent", "child");
    narrate_text(n, "-> the mistake: malloc, whose pages are private, and copied at a store");
    int *number = malloc(sizeof *number);
    if (number == NULL)
        fail("malloc", NULL);
    bool as_expected = store_in_child(number) == 0;
    free(number);
    narrate_text(n, "-> and another one: to map after the fork, each for itself");
    as_expected = map_too_late() == 0 && as_expected;

    narrate_text(n, "-> right: MAP_SHARED | MAP_ANONYMOUS before the fork");
    number = shared_memory(sizeof *number);
    if (number == NULL)
        fail("mmap", "anonymous memory");
    as_expected = store_in_child(number) == 42 && as_expected;
    munmap(number, sizeof *number);
    narrate_text(n, "-> right as well, and older: MAP_SHARED of /dev/zero");
    number = map_zero();
    as_expected = store_in_child(number) == 42 && as_expected;
    munmap(number, sizeof *number);
    if (!as_expected)
        fail_that(EXIT_FAILED, "this system maps otherwise");
    narrate_text(n, "By a shared mapping made before the fork: the child inherits it.");
    return EXIT_DONE;
}

/* The child stores 42. Returns what the parent sees. */
static int store_in_child(volatile int *number)
{
    *number = 0;
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        narrate(n, RIGHT, "*number = 42");
        *number = 42;
        _exit(EXIT_DONE);
    }
    reap_successful(child, "child");
    narrate(n, LEFT, "child ended: *number is %d", *number);
    return *number;
}

/* The same, mapped by each for itself: the device is the same, the memory is not. */
static int map_too_late(void)
{
    const pid_t child = narrate_fork(n, LEFT, "");
    int *number = map_zero();
    if (child == 0) {
        narrate(n, RIGHT, "mmap(/dev/zero), *number = 42");
        *number = 42;
        _exit(EXIT_DONE);
    }
    narrate(n, LEFT, "mmap(/dev/zero)");
    reap_successful(child, "child");
    narrate(n, LEFT, "child ended: *number is %d", *number);
    const int seen = *number;
    munmap(number, sizeof *number);
    return seen;
}

static int *map_zero(void)
{
    const int device = or_fail(open("/dev/zero", O_RDWR), "open", "/dev/zero");
    int *number =
        memory_or_fail(mmap(NULL, sizeof *number, PROT_READ | PROT_WRITE, MAP_SHARED, device, 0),
                       "mmap", "/dev/zero");
    close(device);
    return number;
}
