/*
 * ipc-pipe sigpipe: what happens to a process that writes where nobody reads.
 *
 * Usage: ipc-pipe sigpipe [--pace SECONDS]
 *
 * By default the kernel sends it SIGPIPE, which ends it without a word; with the signal ignored
 * write() fails with EPIPE, and can be told from a full disk. While a read end is open somewhere,
 * the writer's own included, neither comes.
 */
#include "pipe.h"

#include "ipc/narration/lesson.h"

#include <signal.h>
#include <sys/wait.h>

static int write_alone(struct narration *n, void (*disposition)(int), bool keeps_read_end);

int pipe_sigpipe(const struct role *role, int argc, char **argv)
{
    struct narration *n =
        begin_lesson(role, argc, argv, "What happens to a writer when nobody is left to read?",
                     "parent", "writer (child)");
    narrate_text(n, "-> the default: a program that never looks is ended");
    const int by_default = write_alone(n, SIG_DFL, false);
    narrate_text(n, "-> the mistake: the writer itself holds a read end open");
    const int with_reader = write_alone(n, SIG_IGN, true);
    narrate_text(n, "-> right, for a program that has to clean up: ignore it, look at errno");
    const int ignored = write_alone(n, SIG_IGN, false);
    if (!WIFSIGNALED(by_default) || !WIFEXITED(with_reader) || !WIFEXITED(ignored))
        fail_that(EXIT_FAILED, "the writers did not end as they were expected to");
    char name[SIGNAL_NAME_SIZE];
    narrate_text(n, "%s kills it, or, where that is ignored, write fails with EPIPE.",
                 signal_name(WTERMSIG(by_default), name));
    return EXIT_DONE;
}

/* A writer whose read end is closed everywhere, or not; returns how it ended. */
static int write_alone(struct narration *n, void (*disposition)(int), bool keeps_read_end)
{
    int ends[2];
    open_pipe(n, LEFT, ends);
    if (!keeps_read_end) { /* before the fork: otherwise our copy is a reader for a moment */
        narrate(n, LEFT, "close(%d)   the only read end", ends[READ_END]);
        close(ends[READ_END]);
    }
    const pid_t writer = narrate_fork(n, LEFT, "");
    if (writer == 0) {
        if (keeps_read_end)
            narrate(n, RIGHT, "keeps %d, the read end", ends[READ_END]);
        narrate(n, RIGHT, "sigaction(SIGPIPE, %s)", disposition == SIG_DFL ? "SIG_DFL" : "SIG_IGN");
        if (sigaction(SIGPIPE, &(struct sigaction){.sa_handler = disposition}, NULL) == -1)
            fail("sigaction", "SIGPIPE");
        narrate(n, RIGHT, "write(%d, \"hello\")", ends[WRITE_END]);
        const ssize_t written = write_some(ends[WRITE_END], "hello", 5);
        const int error = errno;
        if (written == -1)
            narrate(n, RIGHT, "write() = -1   %s: %s", error == EPIPE ? "EPIPE" : "?",
                    strerror(error));
        else
            narrate(n, RIGHT, "write() = %zd   and nobody will read it", written);
        _exit(written == -1 && error == EPIPE ? 1 : 0);
    }
    if (keeps_read_end) {
        narrate(n, LEFT, "close(%d)", ends[READ_END]);
        close(ends[READ_END]);
    }
    close(ends[WRITE_END]);
    char words[STATUS_WORDS_SIZE];
    const int status = reap_child(writer);
    narrate(n, LEFT, "waitpid(%ld) =\n%s", (long)writer, status_in_words(status, words));
    if (WIFSIGNALED(status) && WTERMSIG(status) != SIGPIPE)
        end_as_child(writer, "writer", status);
    return status;
}
