/*
 * ipc-fifo open: each side's open() sleeps until the other side has come, too.
 *
 * With O_NONBLOCK it does not: a reader gets its descriptor at once, a writer ENXIO, since there
 * would be nobody to read.
 */
#include "fifo.h"

#include "ipc/common/children.h"
#include "ipc/common/clock.h"
#include "ipc/common/io.h"
#include "ipc/rendezvous/undo_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAUSE = 150 };

static char path[PATH_SIZE];

static int open_end(struct narration *n, enum column column, int flags)
{
    const char *flag = (flags & O_ACCMODE) == O_RDONLY ? "O_RDONLY" : "O_WRONLY";
    int end;
    narrate(n, column, "open(%s%s)", flag, (flags & O_NONBLOCK) != 0 ? " | O_NONBLOCK" : "");
    const uint64_t began = now(); /* after the pause that a class may have asked for */
    do
        end = open(path, flags);
    while (end == -1 && interrupted());
    const int error = errno;
    if (end == -1)
        narrate(n, column, "open(%s) = -1   %s", flag, error == ENXIO ? "ENXIO" : strerror(error));
    else
        narrate_waited(n, column, began,
                       (flags & O_ACCMODE) == O_RDONLY ? "for a writer" : "for a reader",
                       "open(%s) = %d", flag, end);
    return end;
}

/* One side opens at once, the other a while later. The kernel lets both go on together. */
static void meet(struct narration *n, int early, int late)
{
    const pid_t child = start_child();
    if (child == -1)
        fail("fork", NULL);
    if (child == 0) {
        sleep_for(PAUSE * MILLISECOND);
        const int end = open_end(n, RIGHT, late);
        _exit(end == -1 ? EXIT_FAILED : EXIT_DONE);
    }
    const int end = open_end(n, LEFT, early);
    reap_child(child);
    close(end);
}

int fifo_open(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    char name[32];
    snprintf(name, sizeof name, "open-%ld", (long)getpid());
    object_path(path, "fifo", name, "fifo");
    note_object(A_FILE, path, 0);
    if (mkfifo(path, 0600) == -1)
        fail("mkfifo", path);

    print_text("Opening a FIFO hangs. Is it broken?");
    struct narration *n = narration_open(STDOUT_FILENO, "early", "late", pace);
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
