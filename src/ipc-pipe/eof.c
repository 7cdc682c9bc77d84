/* SPDX-License-Identifier: MIT
 * ipc-pipe eof: the forgotten write end that keeps a reader waiting.
 *
 * Usage: ipc-pipe eof [--pace SECONDS | --step]
 *
 * read() says end of file when no write end is open any more, anywhere. The one that is forgotten
 * is the writer's, who waits for the reader's end; or the reader's own; or that of another process
 * which inherited it.
 */
#include "pipe.h"

#include "ipc/narration/lesson.h"

enum { PAUSE_MS = 200 };

static void keep_both(struct narration *n);
static void inherit_end(struct narration *n);

int pipe_eof(const struct role *role, int argc, char **argv)
{
    struct narration *n =
        begin_lesson(role, argc, argv, "All is written. Why does the reader still wait?",
                     "writer (parent)", "reader (child)");
    narrate_mistake(n, "the writer waits for the reader to end, and has not closed");
    keep_both(n);
    narrate_mistake(n, "the writer has closed; but the reader, and another child, have not");
    inherit_end(n);
    narrate_right(n, "after fork() each closes what it does not use; one alone is not enough");
    narrate_answer(n, "End of file comes when the last write end anywhere is closed: close yours.");
    return EXIT_DONE;
}

/* The reader's close alone does not help. It looks with poll(), or both would wait for ever. */
static void keep_both(struct narration *n)
{
    int ends[2];
    open_pipe(n, LEFT, ends);
    const pid_t reader = narrate_fork(n, LEFT, "");
    if (reader == 0) {
        close_end(n, RIGHT, ends[WRITE_END], "");
        read_word(n, RIGHT, ends[READ_END], "it was empty");
        _exit(would_hang(n, RIGHT, ends[READ_END], POLLIN) ? EXIT_DONE : EXIT_FAILED);
    }
    write_word(n, LEFT, ends[WRITE_END], "all");
    end_as_child(reader, "reader", narrate_wait(n, LEFT, reader));
    narrate(n, LEFT, "close(%d), close(%d)   too late", ends[READ_END], ends[WRITE_END]);
    close(ends[READ_END]);
    close(ends[WRITE_END]);
}

/* Nor does the writer's: the reader's own has to go, and the one that a stranger inherited. */
static void inherit_end(struct narration *n)
{
    int ends[2];
    open_pipe(n, LEFT, ends);
    const pid_t stranger = start_child();
    if (stranger == 0) /* it has nothing to do with the pipe, and so does not close it */
        for (;;)       /* until it is killed, or sleep_for() finds its parent dead */
            sleep_for(SECOND);
    narrate(n, LEFT, "fork() = %ld   another child", (long)stranger);
    struct gate about_to_read = new_gate(); /* now: the stranger would keep it open, too */
    const pid_t reader = narrate_fork(n, LEFT, "");
    if (reader == 0) {
        read_word(n, RIGHT, ends[READ_END], "it was empty");
        const bool hung = would_hang(n, RIGHT, ends[READ_END], POLLIN);
        close_end(n, RIGHT, ends[WRITE_END], "   its own end");
        open_gate(&about_to_read, 1);
        const bool ended = !read_word(n, RIGHT, ends[READ_END], "that child had it");
        _exit(hung && ended ? EXIT_DONE : EXIT_FAILED);
    }
    write_word(n, LEFT, ends[WRITE_END], "all");
    close_end(n, LEFT, ends[WRITE_END], "");
    if (pass_gate(&about_to_read)) /* or the reader has died */
        narration_pause(n, PAUSE_MS * MILLISECOND);
    siginfo_t ended = {0};
    if (waitid(P_PID, (id_t)stranger, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
        ended.si_pid != 0)
        fail_that(EXIT_PEER, "the other child (pid %ld) died", (long)stranger);
    narrate(n, LEFT, "kill(%ld, SIGKILL)", (long)stranger);
    or_fail(kill(stranger, SIGKILL), "kill", NULL);
    reap_child(stranger);
    end_as_child(reader, "reader", narrate_wait(n, LEFT, reader));
}
