/* SPDX-License-Identifier: MIT
 * ipc-pipe sigpipe: what happens to a process that writes where nobody reads.
 *
 * Usage: ipc-pipe sigpipe [--pace SECONDS | --step]
 *
 * By default the kernel sends it SIGPIPE, which ends it without a word; with the signal ignored
 * write() fails with EPIPE, and can be told from a full disk. While a read end is open somewhere,
 * the writer's own included, neither comes.
 */
#include "pipe.h"

#include "ipc/narration/lesson.h"

static int write_alone(struct narration *n, const int ends[2], void (*disposition)(int),
                       struct gate *alone);

int pipe_sigpipe(const struct role *role, int argc, char **argv)
{
    int ends[2];
    struct narration *n =
        begin_lesson(role, argc, argv, "What happens to a writer when nobody is left to read?",
                     "parent", "writer (child)");
    narrate_mistake(n, "the writer itself keeps a read end open");
    open_pipe(n, LEFT, ends);
    struct gate alone = new_gate();
    const int with_reader = write_alone(n, ends, SIG_IGN, &alone);
    narrate_text(n, "-> by default: a program that never looks is ended");
    const int by_default = write_alone(n, ends, SIG_DFL, NULL);
    narrate_right(n, "to clean up, ignore the signal; and after -1 look at errno");
    const int ignored = write_alone(n, ends, SIG_IGN, NULL);
    if (!WIFSIGNALED(by_default) || !WIFEXITED(with_reader) || !WIFEXITED(ignored))
        fail_that(EXIT_FAILED, "the writers did not end as they were expected to");
    char name[SIGNAL_NAME_SIZE];
    narrate_answer(n, "%s kills it; or, where that is ignored, write() fails with EPIPE.",
                   signal_name(WTERMSIG(by_default), name));
    return EXIT_DONE;
}

/* alone: where the writer waits until its read end is the only one. Returns how it ended. */
static int write_alone(struct narration *n, const int ends[2], void (*disposition)(int),
                       struct gate *alone)
{
    const pid_t writer = narrate_fork(n, LEFT, "");
    if (writer == 0) {
        if (alone != NULL && !pass_gate(alone))
            _exit(EXIT_PEER);
        narrate(n, RIGHT, "sigaction(SIGPIPE, %s)", disposition == SIG_DFL ? "SIG_DFL" : "SIG_IGN");
        if (sigaction(SIGPIPE, &(struct sigaction){.sa_handler = disposition}, NULL) == -1)
            fail("sigaction", "SIGPIPE");
        if (disposition == SIG_DFL) /* nothing can be told after it */
            narrate(n, RIGHT, "write(%d, \"hello\")", ends[WRITE_END]);
        const ssize_t written = write_some(ends[WRITE_END], "hello", 5);
        if (written == -1 && errno != EPIPE)
            fail("write", "pipe");
        narrate(n, RIGHT, "write(%d, \"hello\") = %zd%s", ends[WRITE_END], written,
                written == -1 ? "  EPIPE" : "   nobody reads");
        _exit(written == -1 ? 1 : 0);
    }
    if (alone != NULL) {
        close_end(n, LEFT, ends[READ_END], "   the child's stays");
        open_gate(alone, 1);
    }
    const int status = narrate_wait(n, LEFT, writer);
    if (WIFSIGNALED(status) && WTERMSIG(status) != SIGPIPE)
        end_as_child(writer, "writer", status);
    return status;
}
