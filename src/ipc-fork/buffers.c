/* SPDX-License-Identifier: MIT
 * ipc-fork buffers: why output from before fork can appear twice.
 *
 * Usage: ipc-fork buffers [--pace SECONDS | --step]
 *
 * stdio keeps what is printed in a buffer, in memory, and fork copies memory: parent and child then
 * hold the same bytes, and exit() writes them in both. On a terminal a newline empties the buffer.
 */
#include "fork.h"

#include "ipc/narration/lesson.h"

#include <sys/stat.h>

enum habit { NONE, FLUSH_BEFORE_FORK, LEAVE_WITH__EXIT, LINES };

static long print_and_fork(struct narration *n, enum habit habit);
static long flush(struct narration *n, FILE *file);
static long narrate_file(struct narration *n, FILE *file, const char *call);

int fork_buffers(const struct role *role, int argc, char **argv)
{
    struct narration *n =
        begin_lesson(role, argc, argv, "Printed once, before fork(): why does it appear twice?",
                     "parent", "child");
    narrate_mistake(n, "calling fork() while a buffer is not empty");
    const long careless = print_and_fork(n, NONE);
    narrate_right(n, "emptying it before");
    const long right = print_and_fork(n, FLUSH_BEFORE_FORK);
    narrate_right(n, "or a child that leaves with _exit()");
    print_and_fork(n, LEAVE_WITH__EXIT);
    narrate_text(n, "-> on a terminal, which is line buffered, there is nothing to copy");
    print_and_fork(n, LINES);
    narrate_answer(
        n, "fork() copied the buffer: %ld bytes, not %ld. On a terminal a newline empties it.",
        careless, right);
    return EXIT_DONE;
}

static long print_and_fork(struct narration *n, enum habit habit)
{
    FILE *const file = tmpfile(); /* no terminal: fully buffered, setvbuf(3p) */
    if (file == NULL)
        fail("tmpfile", NULL);
    if (habit == LINES && setvbuf(file, NULL, _IOLBF, 0) == 0)
        narrate(n, LEFT, "setvbuf(f, NULL, _IOLBF, 0)");
    fputs("hello\n", file);
    narrate_file(n, file, "fputs(\"hello\\n\", f)");
    if (habit == LINES)
        return 0; /* there is nothing to copy; exit() closes it */
    if (habit == FLUSH_BEFORE_FORK)
        flush(n, file);

    narrate(n, LEFT, "fork()"); /* not start_child(), which would flush */
    narration_hold(n);
    const pid_t parent = getpid(), child = or_fail(fork(), "fork", NULL);
    if (child == 0) {
        note_parent(parent);
        narration_join(n);
        narrate(n, RIGHT,
                habit == LEAVE_WITH__EXIT ? "_exit(0)   leaves buffers alone"
                                          : "exit(0)   flushes its buffers");
        if (habit == LEAVE_WITH__EXIT)
            _exit(EXIT_DONE);
        exit(EXIT_DONE);
    }
    register_child(child);
    char left[64], right[64];
    snprintf(left, sizeof left, "fork() = %ld", (long)child);
    snprintf(right, sizeof right, "fork() = 0   I am %ld", (long)child);
    narrate_both(n, left, right);
    narration_release(n);
    end_as_child(child, "child", narrate_wait(n, LEFT, child));

    const long size = flush(n, file);
    fclose(file);
    return size;
}

static long flush(struct narration *n, FILE *file)
{
    if (fflush(file) != 0)
        fail("write", "temporary file");
    return narrate_file(n, file, "fflush(f)");
}

/* What has left the buffers by then. */
static long narrate_file(struct narration *n, FILE *file, const char *call)
{
    struct stat status;
    or_fail(fstat(fileno(file), &status), "fstat", "temporary file");
    narrate(n, LEFT, "%s   %ld in file", call, (long)status.st_size);
    return (long)status.st_size;
}
