/*
 * ipc-pipe demo: the textbook pipe, its waiting made visible.
 *
 * The parent fills the pipe, the child empties it: pipe, fork, close the ends one does not use,
 * write, read until end of file, waitpid.
 */
#include "pipe.h"

#include "ipc/children.h"
#include "ipc/cleanup.h"
#include "ipc/clock.h"
#include "ipc/narration.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MESSAGES = 3, READ_END = 0, WRITE_END = 1 };

int pipe_demo(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    struct narration *n = narration_open(STDOUT_FILENO, "parent", "child", pace);
    int end[2];
    if (pipe(end) == -1)
        fail("pipe", NULL);
    narrate(n, LEFT, "pipe() = {%d read, %d write}", end[0], end[1]);
    pid_t child = narrate_fork(n);
    if (child == 0) {
        close(end[WRITE_END]);
        narrate(n, RIGHT, "close(%d)   child only reads", end[WRITE_END]);
        char text[100];
        ssize_t got;
        do {
            uint64_t began = now();
            do
                got = read(end[READ_END], text, sizeof text);
            while (got == -1 && interrupted());
            narrate_waited(n, RIGHT, began, "the pipe was empty", "read(%d) = %zd  %s",
                           end[READ_END], got, quoted(text, (size_t)got).text);
        } while (got > 0);
        exit(0);
    }
    narrate(n, LEFT, "close(%d)   parent only writes", end[READ_END]);
    close(end[READ_END]);
    for (int i = 1; i <= 3; i++) {
        char text[32];
        snprintf(text, sizeof text, "hello, world #%d", i);
        sleep_for(20 * MILLISECOND);
        narrate(n, LEFT, "write(%d, %s)", end[WRITE_END], quoted(text, strlen(text)).text);
        if (write(end[WRITE_END], text, strlen(text)) == -1)
            fail("write", "pipe");
    }
    narrate(n, LEFT, "close(%d)   the last writer, and a long line to see how wrapping goes",
            end[WRITE_END]);
    close(end[WRITE_END]);
    char words[STATUS_WORDS_SIZE];
    int status = reap_child(child);
    narrate(n, LEFT, "waitpid(%ld) = %s", (long)child, status_in_words(status, words));
    return 0;
}
