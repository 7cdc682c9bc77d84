/* SPDX-License-Identifier: MIT
 * ipc-pipe shell: how the shell makes `ls | wc -l`.
 *
 * Usage: ipc-pipe shell [--pace SECONDS | --step]
 *
 * A pipe, and a child for each command, whose standard output or input becomes an end of it before
 * the command is executed: ls and wc know nothing of pipes. The shell has both ends, too. While its
 * write end is open wc has no end of file.
 */
#include "pipe.h"

#include "ipc/narration/lesson.h"

enum { HANG_SHOWN_MS = 300 };

static pid_t start(struct narration *n, const int ends[2], int end, char **command,
                   const char *label);

int pipe_shell(const struct role *role, int argc, char **argv)
{
    static char *list[] = {"ls", NULL}, *count[] = {"wc", "-l", NULL};
    int ends[2], status = 0;
    struct narration *n = begin_lesson(role, argc, argv, "ls | wc -l: how does the shell do that?",
                                       "shell (parent)", "ls [1], wc [2] (children)");
    open_pipe(n, LEFT, ends);
    const pid_t ls = start(n, ends, WRITE_END, list, "[1] ");
    const pid_t wc = start(n, ends, READ_END, count, "[2] ");
    narrate_mistake(n, "the shell keeps the write end, and waits; here for wc only %d ms",
                    HANG_SHOWN_MS);
    end_as_child(ls, "ls", narrate_wait(n, LEFT, ls));
    narration_pause(n, HANG_SHOWN_MS * MILLISECOND);
    if (or_fail(waitpid(wc, &status, WNOHANG), "waitpid", NULL) == wc) {
        forget_child(wc);
        end_as_child(wc, "wc", status);
        fail_that(EXIT_FAILED, "wc has ended, though the shell has a write end");
    }
    narrate(n, LEFT, "waitpid(%ld, WNOHANG) = 0", (long)wc);
    narrate_right(n, "the shell closes both ends; what wc then prints follows");
    narrate(n, LEFT, "close(%d), close(%d)", ends[READ_END], ends[WRITE_END]);
    narration_hold(n); /* wc writes to the same screen: no prompt of --step may come between */
    close(ends[READ_END]);
    close(ends[WRITE_END]);
    end_as_child(wc, "wc", narrate_wait(n, LEFT, wc));
    narration_release(n);
    narrate_answer(n, "A pipe, two forks, dup2, exec; and whoever does not use an end closes it.");
    return EXIT_DONE;
}

/*
 * A command that has that end as its standard output or input. After dup2() what is told would go
 * there, too: so it is told before.
 */
static pid_t start(struct narration *n, const int ends[2], int end, char **command,
                   const char *label)
{
    const bool writes = end == WRITE_END;
    const int standard = writes ? STDOUT_FILENO : STDIN_FILENO;
    const pid_t child = narrate_fork(n, LEFT, label);
    if (child != 0)
        return child;
    narrate(n, RIGHT, "%sdup2(%d, %d), close(%d), close(%d)", label, ends[end], standard,
            ends[READ_END], ends[WRITE_END]);
    narrate(n, RIGHT,
            writes ? "%sexecvp(\"ls\", {\"ls\"})   writes to 1"
                   : "%sexecvp(\"wc\", {\"wc\", \"-l\"})  reads 0",
            label);
    or_fail(dup2(ends[end], standard), "dup2", "pipe");
    close(ends[READ_END]);
    close(ends[WRITE_END]);
    release_ending_signals();
    restore_inherited_state();
    execvp(command[0], command);
    complain("exec", command[0]);
    _exit(EXIT_FAILED);
}
