/* SPDX-License-Identifier: MIT
 * ipc-fifo open: each side's open() sleeps until the other side has come, too.
 *
 * Usage: ipc-fifo open [--pace SECONDS | --step]
 *
 * With O_NONBLOCK it does not: a reader gets a descriptor at once, a writer ENXIO, as nobody reads.
 */
#include "fifo.h"

#include "ipc/narration/lesson.h"

enum { PAUSE_MS = 150 };

static char path[PATH_SIZE];

static void tell_close(struct narration *n, enum column column, int end);
static void try_without_sleep(struct narration *n);

int fifo_open(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(role, argc, argv, "Opening a FIFO hangs. Is it broken?",
                                       "early (parent)", "late (child)");
    fifo_own_path(path, "open", "fifo");
    narrate(n, LEFT, "mkfifo(\"fifo\", 0600)");
    or_fail(mkfifo(path, 0600), "mkfifo", path);
    watch_children();
    struct gate turn = new_gate();
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        tell_close(n, RIGHT, narrate_second_open(n, RIGHT, path, O_WRONLY, &turn, PAUSE_MS));
        tell_close(n, RIGHT, narrate_second_open(n, RIGHT, path, O_RDONLY, &turn, PAUSE_MS));
        if (pass_gate(&turn)) /* now the parent has closed it, too */
            try_without_sleep(n);
        _exit(EXIT_DONE);
    }
    narrate_text(n, "-> the reader comes first, the writer %d ms later", PAUSE_MS);
    tell_close(n, LEFT, narrate_open(n, LEFT, path, O_RDONLY, &turn));
    narrate_text(n, "-> the writer comes first");
    tell_close(n, LEFT, narrate_open(n, LEFT, path, O_WRONLY, &turn));
    open_gate(&turn, 1);
    end_as_child(child, "child", narrate_wait(n, LEFT, child));
    narrate_answer(
        n, "No: each open() waits for the other. O_NONBLOCK: reader at once, writer ENXIO.");
    return EXIT_DONE;
}

static void tell_close(struct narration *n, enum column column, int end)
{
    narrate(n, column, "close(%d)", end);
    close(end);
}

static void try_without_sleep(struct narration *n)
{
    char byte;
    narrate_mistake(n, "O_NONBLOCK, and expecting the same of both");
    const int writer = narrate_open(n, RIGHT, path, O_WRONLY | O_NONBLOCK, NULL);
    const int reader = narrate_open(n, RIGHT, path, O_RDONLY | O_NONBLOCK, NULL);
    const ssize_t got = read_some(reader, &byte, 1);
    narrate(n, RIGHT, "read(%d) = %zd   nobody writes", reader, got);
    narrate_right(n, "with O_NONBLOCK the reader first: then the writer finds it");
    const int second = narrate_open(n, RIGHT, path, O_WRONLY | O_NONBLOCK, NULL);
    if (writer != -1 || got != 0 || second == -1)
        fail_that(EXIT_FAILED, "the FIFO did not open as it was expected to");
}
