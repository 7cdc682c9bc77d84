/* SPDX-License-Identifier: MIT
 * ipc-fork parent: the demo; with a COMMAND, N copies of it at once, and how each one ended.
 *
 * Usage: ipc-fork parent [-n N] [--pace SECONDS | --step]
 *        ipc-fork parent [-n N] [-q] -- COMMAND [ARG]...
 *
 * Each copy is a child that knows its number, IPC_INDEX, and becomes COMMAND by exec. A signal that
 * ends us is passed on to all of them (children.h).
 */
#include "fork.h"

#include "ipc/narration/lesson.h"

static pid_t copies[CHILDREN_MOST];

static int run_copies(long count, char **command);
static _Noreturn void become_copy(long i, char **command);
static int await_copies(long running);
static const char *meaning(int status);

int fork_parent(const struct role *role, int argc, char **argv)
{
    long count = CHILDREN_DEFAULT;
    struct pacing pacing = NO_PACING;
    const struct option_row options[] = {
        OPTION_CHILDREN(&count), OPTIONS_PACING(&pacing), OPTION_QUIET, {0}};
    const struct operands operands = parse_arguments(role, argc, argv, options, 0);
    if (operands.command == NULL) {
        if (quiet)
            usage_error(role, "--quiet is for a COMMAND");
        return narrate_children(open_lesson(role, &pacing, NULL, "parent", "children"), count);
    }
    if (is_paced(&pacing))
        usage_error(role, "--pace and --step are for the narrated demo, not for a COMMAND");
    return run_copies(count, operands.command);
}

static int run_copies(long count, char **command)
{
    const pid_t parent = getpid();
    long made = 0;
    for (; made < count; made++) {
        end_if_signalled();
        const pid_t child = fork();
        if (child == 0) {
            note_parent(parent);
            become_copy(made, command);
        }
        if (child == -1) {
            complain("fork", NULL);
            complain_that("%ld of %ld copies were started", made, count);
            break;
        }
        register_child(child);
        copies[made] = child;
    }
    const int result = await_copies(made);
    return made < count ? EXIT_FAILED : result;
}

static _Noreturn void become_copy(long i, char **command)
{
    char index[24];
    snprintf(index, sizeof index, "%ld", i);
    if (setenv("IPC_INDEX", index, 1) == -1) {
        complain("setenv", "IPC_INDEX");
        _exit(EXIT_OWN_FAILURE);
    }
    become_command(command);
}

/*
 * The kernel wakes waitpid when a copy ends, however it ends. A signal that ends us in between is
 * noted, and an alarm follows it (cleanup.h).
 */
static int await_copies(long running)
{
    int result = EXIT_DONE;
    while (running > 0) {
        int status;
        pid_t child;
        do
            child = waitpid(-1, &status, 0);
        while (child == -1 && interrupted());
        or_fail(child, "waitpid", NULL);
        if (!forget_child(child)) /* of the program that became us by exec */
            continue;
        end_if_signalled(); /* Ctrl-C ends the copies, too: their end may be seen first */
        running--;
        long i = 0;
        while (copies[i] != child)
            i++;
        char words[STATUS_WORDS_SIZE];
        say("[%ld] pid %ld: %s%s", i, (long)child, status_in_words(status, words), meaning(status));
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
            result = EXIT_FAILED;
    }
    return result;
}

/* What a status says besides its number, by the convention of shells and env(1). */
static const char *meaning(int status)
{
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_DONE;
    return code == EXIT_NOT_FOUND        ? "   not found"
           : code == EXIT_CANNOT_EXECUTE ? "   found, but cannot be executed"
                                         : "";
}
