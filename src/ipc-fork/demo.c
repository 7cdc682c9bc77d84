/* SPDX-License-Identifier: MIT
 * ipc-fork demo: a parent makes children and waits for them, in the order in which they end.
 *
 * Usage: ipc-fork demo [-n N] [--pace SECONDS | --step]
 *
 * fork() returns twice: the child's pid in the parent, 0 in the child. Each child leaves an exit
 * status behind, which the parent consumes with waitpid() until there is no child left: ECHILD.
 */
#include "fork.h"

#include "ipc/narration/lesson.h"

enum { COLUMN_SIZE = 100, WORKING_CHILDREN = 2, WORK_MS = 10 };

static pid_t children[CHILDREN_MOST];

static long fork_children(struct narration *n, long count);
static _Noreturn void live_as_child(struct narration *n, long i);
static void consume_children(struct narration *n, long count);

int fork_demo(const struct role *role, int argc, char **argv)
{
    long count = CHILDREN_DEFAULT;
    struct pacing pacing = NO_PACING;
    const struct option_row options[] = {OPTION_CHILDREN(&count), OPTIONS_PACING(&pacing), {0}};
    parse_arguments(role, argc, argv, options, 0);
    return narrate_children(open_lesson(role, &pacing, NULL, "parent", "children"), count);
}

int narrate_children(struct narration *n, long count)
{
    narrate_text(n, "with --step, from a second terminal: ps -o pid,ppid,stat,args --ppid %ld",
                 (long)getpid());
    narrate(n, LEFT, "getpid() = %ld", (long)getpid());
    const long made = fork_children(n, count);
    consume_children(n, made);
    narrate_text(n, "all children have exited");
    return made < count ? EXIT_FAILED : EXIT_DONE;
}

/* Returns how many there are: fewer than asked for if fork failed. */
static long fork_children(struct narration *n, long count)
{
    char left[COLUMN_SIZE], right[COLUMN_SIZE];
    const pid_t parent = getpid();
    for (long i = 0; i < count; i++) {
        end_if_signalled();
        narrate(n, LEFT, "fork()");
        narration_hold(n); /* the child tells nothing before the line about its birth stands */
        const pid_t child = fork();
        if (child == 0) {
            note_parent(parent);
            narration_join(n);
            live_as_child(n, i);
        }
        if (child == -1) {
            const int error = errno;
            narrate(n, LEFT, "fork() = -1  %s", strerror(error));
            narration_release(n);
            errno = error;
            complain("fork", NULL);
            complain_that("%ld of %ld children were made", i, count);
            return i;
        }
        register_child(child);
        children[i] = child;
        snprintf(left, sizeof left, "fork() = %ld", (long)child);
        snprintf(right, sizeof right, "[%ld] fork() = 0   I am %ld", i, (long)child);
        narrate_both(n, left, right);
        narration_release(n);
    }
    return count;
}

static _Noreturn void live_as_child(struct narration *n, long i)
{
    /* The first ones take longer. Otherwise children would end in the order in which they began. */
    const int work_ms = i < WORKING_CHILDREN ? (int)(WORKING_CHILDREN - i) * WORK_MS : 0;
    narrate(n, RIGHT, work_ms > 0 ? "[%ld] getppid() = %ld  works %d ms" : "[%ld] getppid() = %ld",
            i, (long)getppid(), work_ms);
    narration_pause(n, (uint64_t)work_ms * MILLISECOND);
    narrate(n, RIGHT, "[%ld] _exit(%ld)", i, i % 256); /* a status is 8 bits: wait(3p) */
    _exit((int)(i % 256));
}

/*
 * The kernel wakes us when a child ends, however it ends. A signal in between is noted, and an
 * alarm follows it (cleanup.h). Ends with exit 3 if somebody killed a child, once all are consumed.
 */
static void consume_children(struct narration *n, long count)
{
    char words[STATUS_WORDS_SIZE];
    pid_t killed = 0;
    int status, status_of_killed = 0;
    for (long living = count;;) {
        pid_t child;
        narrate_call(n, LEFT, living > 0 ? "waitpid(-1)" : "waitpid(-1, WNOHANG)");
        do /* the program that became us by exec may have left us children: we await none of them */
            child = waitpid(-1, &status, living > 0 ? 0 : WNOHANG);
        while (child == -1 && interrupted());
        if (child == -1 && errno != ECHILD)
            fail("waitpid", NULL);
        if (child == -1)
            narrate_return(n, NULL, "-1 ECHILD"); /* in one row */
        if (child == 0)
            narrate_return(n, NULL, "0  only a child that we did not make is left");
        if (child <= 0)
            break;
        if (!forget_child(child)) {
            narrate_return(n, NULL, "%ld  not made by us", (long)child);
            continue;
        }
        end_if_signalled(); /* Ctrl-C ends the children, too: their end may be seen first */
        long i = 0;
        while (children[i] != child)
            i++;
        narrate_return(n, NULL, "%ld  [%ld] %s", (long)child, i, status_in_words(status, words));
        living--;
        if (!WIFEXITED(status)) {
            killed = child;
            status_of_killed = status;
        }
    }
    end_as_child(killed, "child", status_of_killed);
}
