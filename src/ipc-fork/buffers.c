/*
 * ipc-fork buffers: why output from before fork can appear twice.
 *
 * Usage: ipc-fork buffers [--pace SECONDS]
 *
 * stdio keeps what is printed in a buffer, in memory, and fork copies memory: parent and child then
 * hold the same bytes, and exit() writes them in both. Either of two habits helps.
 */
#include "fork.h"

#include "ipc/narration/lesson.h"

enum habit { NONE, FLUSH_BEFORE_FORK, LEAVE_WITH__EXIT };

static long print_and_fork(struct narration *n, enum habit habit);
static long narrate_content(struct narration *n, FILE *file, const char *remark);
static _Noreturn void live_as_child(struct narration *n, enum habit habit);

int fork_buffers(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(
        role, argc, argv, "Printed once before fork: why is it there twice?", "parent", "child");
    narrate_text(n, "-> the mistake: fork while a buffer is not empty");
    const long careless = print_and_fork(n, NONE);
    narrate_text(n, "-> right: flush before fork");
    const long flushed = print_and_fork(n, FLUSH_BEFORE_FORK);
    narrate_text(n, "-> or right: the child leaves with _exit()");
    const long left = print_and_fork(n, LEAVE_WITH__EXIT);
    narrate_text(n,
                 "fork copied the buffer: %ld bytes; %ld with fflush() before, %ld with _exit().",
                 careless, flushed, left);
    return EXIT_DONE;
}

static long print_and_fork(struct narration *n, enum habit habit)
{
    FILE *const file = tmpfile(); /* no terminal: fully buffered, setvbuf(3p) */
    if (file == NULL)
        fail("tmpfile", NULL);
    narrate(n, LEFT, "fprintf(file, \"hello\\n\")");
    fprintf(file, "hello\n");
    narrate_content(n, file, "   in a buffer");
    if (habit == FLUSH_BEFORE_FORK) {
        narrate(n, LEFT, "fflush(file)");
        if (fflush(file) != 0)
            fail("write", "temporary file");
    }

    narrate(n, LEFT, "fork()");
    narration_hold(n);
    const pid_t parent = getpid(), child = fork(); /* start_child() would flush */
    if (child == -1)
        fail("fork", NULL);
    if (child == 0) {
        note_parent(parent);
        live_as_child(n, habit);
    }
    register_child(child);
    char left[64], right[64], words[STATUS_WORDS_SIZE];
    snprintf(left, sizeof left, "fork() = %ld", (long)child);
    snprintf(right, sizeof right, "fork() = 0   I am %ld", (long)child);
    narrate_both(n, left, right);
    narration_release(n);
    const int status = reap_child(child);
    narrate(n, LEFT, "waitpid(%ld) = %s", (long)child, status_in_words(status, words));
    end_as_child(child, "child", status);

    narrate(n, LEFT, "fflush(file)");
    if (fflush(file) != 0)
        fail("write", "temporary file");
    const long size = narrate_content(n, file, "");
    fclose(file);
    return size;
}

/* What has left the buffers. The offset stays where it is: it is shared. */
static long narrate_content(struct narration *n, FILE *file, const char *remark)
{
    char bytes[64];
    const ssize_t size = pread(fileno(file), bytes, sizeof bytes, 0);
    if (size == -1)
        fail("pread", "temporary file");
    narrate(n, LEFT, "file: %zd bytes %s%s", size, quoted(bytes, (size_t)size).text, remark);
    return (long)size;
}

static _Noreturn void live_as_child(struct narration *n, enum habit habit)
{
    narration_join(n);
    if (habit == LEAVE_WITH__EXIT) {
        narrate(n, RIGHT, "_exit(0)   leaves buffers alone");
        _exit(EXIT_DONE);
    }
    narrate(n, RIGHT, "exit(0)   flushes its buffers");
    exit(EXIT_DONE);
}
