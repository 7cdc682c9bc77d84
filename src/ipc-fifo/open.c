/*
 * ipc-fifo open: each side's open() sleeps until the other side has come, too.
 *
 * Usage: ipc-fifo open [--pace SECONDS]
 *
 * With O_NONBLOCK it does not: a reader gets its descriptor at once, a writer ENXIO, since there
 * would be nobody to read.
 */
#include "fifo.h"

#include "ipc/narration/lesson.h"

#include <fcntl.h>
#include <sys/stat.h>

enum { PAUSE_MS = 150 };

static char path[PATH_SIZE];

static void meet(struct narration *n, int early, int late);
static int open_end(struct narration *n, enum column column, int flags);

int fifo_open(const struct role *role, int argc, char **argv)
{
    struct narration *n =
        begin_lesson(role, argc, argv, "Opening a FIFO hangs. Is it broken?", "early", "late");
    fifo_own_path(path, "open", "fifo");
    or_fail(mkfifo(path, 0600), "mkfifo", path);
    watch_children();

    narrate_text(n, "-> the reader comes first");
    meet(n, O_RDONLY, O_WRONLY);
    narrate_text(n, "-> the writer comes first");
    meet(n, O_WRONLY, O_RDONLY);
    narrate_text(n, "-> the mistake: O_NONBLOCK, and to expect the same of both");
    const int writer = open_end(n, LEFT, O_WRONLY | O_NONBLOCK);
    const int reader = open_end(n, LEFT, O_RDONLY | O_NONBLOCK);
    char byte;
    narrate(n, LEFT, "read(%d) = %zd   no writer: that is an end of file", reader,
            read_some(reader, &byte, 1));
    narrate_text(n, "-> right: the reader first, then the writer finds somebody");
    const int second = open_end(n, LEFT, O_WRONLY | O_NONBLOCK);
    if (writer != -1 || reader == -1 || second == -1)
        fail_that(EXIT_FAILED, "the FIFO did not open as it was expected to");
    narrate_text(n, "No: each side waits for the other. O_NONBLOCK: reader at once, writer ENXIO.");
    return EXIT_DONE;
}

/* One side opens at once, the other a while later. The kernel lets both go on together. */
static void meet(struct narration *n, int early, int late)
{
    const pid_t child = start_child();
    if (child == 0) {
        sleep_for(PAUSE_MS * MILLISECOND);
        const int end = open_end(n, RIGHT, late);
        _exit(end == -1 ? EXIT_FAILED : EXIT_DONE);
    }
    const int end = open_end(n, LEFT, early);
    reap_successful(child, "child");
    close(end);
}

static int open_end(struct narration *n, enum column column, int flags)
{
    const bool reads = (flags & O_ACCMODE) == O_RDONLY;
    const char *flag = reads ? "O_RDONLY" : "O_WRONLY";
    int end;
    narrate(n, column, "open(%s%s)", flag, (flags & O_NONBLOCK) != 0 ? " | O_NONBLOCK" : "");
    const uint64_t began = now(); /* after the pause that a class may have asked for */
    do
        end = open(path, flags);
    while (end == -1 && interrupted());
    if (end == -1)
        narrate(n, column, "open(%s) = -1   %s", flag, errno == ENXIO ? "ENXIO" : strerror(errno));
    else
        narrate_waited(n, column, began, reads ? "for a writer" : "for a reader", "open(%s) = %d",
                       flag, end);
    return end;
}
