/*
 * ipc-pipe eof: the forgotten write end that keeps a reader waiting.
 *
 * Usage: ipc-pipe eof [--pace SECONDS]
 *
 * read() says end of file when no write end is open any more, anywhere. The one that is forgotten
 * is the reader's own, or that of another process which inherited it.
 */
#include "pipe.h"

#include "ipc/narration/lesson.h"

#include <signal.h>

enum { HANG_SHOWN_MS = 300 }; /* how long a wait is looked at that would never end */

static bool forget_own_end(struct narration *n);
static bool inherit_end(struct narration *n);
static void run_writer(struct narration *n, const int ends[2]);

int pipe_eof(const struct role *role, int argc, char **argv)
{
    struct narration *n =
        begin_lesson(role, argc, argv, "The writer has ended. Why does the reader still wait?",
                     "writer (child)", "reader (parent)");
    narrate_text(n, "-> the mistake: the reader kept its own write end");
    const bool own = forget_own_end(n);
    narrate_text(n, "-> the mistake: a process that was forked before inherited it");
    const bool inherited = inherit_end(n);
    if (!own || !inherited)
        fail_that(EXIT_FAILED, "the end of file did not come as it was expected to");
    narrate_text(n, "-> right: after fork, each process closes every end that it does not use");
    narrate_text(n, "End of file comes when the last write end anywhere is closed: close yours.");
    return EXIT_DONE;
}

static bool forget_own_end(struct narration *n)
{
    int ends[2];
    open_pipe(n, RIGHT, ends);
    run_writer(n, ends);
    read_word(n, RIGHT, ends[READ_END]);
    const bool hangs = would_hang(n, RIGHT, ends[READ_END], HANG_SHOWN_MS, "its own end is open");
    narrate(n, RIGHT, "close(%d)   right: before it reads", ends[WRITE_END]);
    close(ends[WRITE_END]);
    const bool hangs_still = would_hang(n, RIGHT, ends[READ_END], HANG_SHOWN_MS, "");
    close(ends[READ_END]);
    return hangs && !hangs_still;
}

static bool inherit_end(struct narration *n)
{
    int ends[2];
    open_pipe(n, RIGHT, ends);
    const pid_t stranger = start_child();
    if (stranger == 0)
        for (;;) /* until it is killed below, or sleep_for() finds its parent dead */
            sleep_for(SECOND);
    narrate(n, RIGHT, "fork() = %ld   does something else", (long)stranger);
    run_writer(n, ends);
    narrate(n, RIGHT, "close(%d)", ends[WRITE_END]);
    close(ends[WRITE_END]);
    read_word(n, RIGHT, ends[READ_END]);
    const bool hangs =
        would_hang(n, RIGHT, ends[READ_END], HANG_SHOWN_MS, "the other child has that end, too");
    if (!hangs)
        fail_that(EXIT_PEER, "the other child (pid %ld) died", (long)stranger);
    narrate(n, RIGHT, "kill(%ld, SIGKILL)   closes it", (long)stranger);
    or_fail(kill(stranger, SIGKILL), "kill", NULL);
    reap_child(stranger);
    const bool hangs_still = would_hang(n, RIGHT, ends[READ_END], HANG_SHOWN_MS, "");
    close(ends[READ_END]);
    return !hangs_still;
}

/* A writer that writes a word and exits; the reader's copies of the ends stay as they are. */
static void run_writer(struct narration *n, const int ends[2])
{
    const pid_t writer = narrate_fork(n, RIGHT, "");
    if (writer == 0) {
        narrate(n, LEFT, "close(%d)", ends[READ_END]);
        close(ends[READ_END]);
        write_word(n, LEFT, ends[WRITE_END], "all");
        narrate(n, LEFT, "_exit(0)   closes its end");
        _exit(EXIT_DONE);
    }
    reap_successful(writer, "writer"); /* before a read, which hangs if the writer has died */
    narrate(n, RIGHT, "waitpid(%ld) = exit status 0", (long)writer);
}
