/*
 * ipc-fork loop: five forks in a loop, and children that forget to leave it.
 *
 * A child that goes on with the loop forks, too, and so do its children: n forks make 2^n - 1
 * descendants. It cannot run away: every fork takes a ticket first, and there are only so many.
 */
#include "fork.h"

#include "ipc/common/children.h"
#include "ipc/common/cleanup.h"
#include "ipc/common/platform.h"
#include "ipc/narration/narration.h"

#include <stdatomic.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FORKS = 5, TICKETS = (1 << FORKS) - 1 };

/* In memory shared by all: our own variables are copies after fork. */
struct tree {
    atomic_int tickets; /* taken, by calls of fork */
    atomic_int born;
};

/* Reaps our own children; EXIT_FAILED if any of them, or of theirs, failed; EXIT_PEER if killed. */
static int wait_for_all(const pid_t *children, int count)
{
    int result = EXIT_DONE;
    for (int i = 0; i < count; i++) {
        char words[STATUS_WORDS_SIZE];
        const int status = reap_child(children[i]);
        if (!WIFEXITED(status))
            complain_that("a child (pid %ld) died: %s", (long)children[i],
                          status_in_words(status, words));
        if (WIFEXITED(status) && WEXITSTATUS(status) != EXIT_PEER && status != 0)
            result = EXIT_FAILED;
        else if (status != 0 && result == EXIT_DONE)
            result = EXIT_PEER;
    }
    return result;
}

/* Only the program itself, whose number is 0, returns: how many were made, or -(exit status). */
static int fork_in_loop(struct narration *n, struct tree *tree, bool leaves)
{
    pid_t children[FORKS];
    int number = 0, count = 0, result = EXIT_DONE;
    for (int i = 0; i < FORKS; i++) {
        end_if_signalled();
        narration_hold(n);
        const int ticket = atomic_fetch_add(&tree->tickets, 1) + 1;
        if (ticket > TICKETS)
            fail_that(EXIT_FAILED, "[%d] may not fork: no ticket is left", number);
        const pid_t parent = getpid(), child = fork();
        if (child == -1) {
            complain("fork", NULL);
            result = EXIT_FAILED;
            narration_release(n);
            break;
        }
        if (child == 0) {
            note_parent(parent);
            narration_join(n);
            if (leaves)
                _exit(EXIT_DONE); /* what the others forget */
            number = ticket;
            count = 0;
            continue;
        }
        register_child(child);
        children[count++] = child;
        atomic_fetch_add(&tree->born, 1);
        if (number == 0)
            narrate(n, LEFT, "i = %d: fork() = %ld, [%d]", i, (long)child, ticket);
        else
            narrate(n, RIGHT, "[%d] i = %d: fork() = %ld, [%d]", number, i, (long)child, ticket);
        narration_release(n);
    }
    const int ended = wait_for_all(children, count);
    if (result == EXIT_DONE)
        result = ended;
    if (number != 0)
        _exit(result);
    return result == EXIT_DONE ? atomic_load(&tree->born) : -result;
}

int fork_loop(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    print_text("for (i = 0; i < %d; i++) fork();   how many processes does that make?", FORKS);
    struct tree *trees = shared_memory(2 * sizeof *trees);
    if (trees == NULL)
        fail("mmap", NULL);
    struct narration *n = narration_open(STDOUT_FILENO, "program", "descendants", pace);
    narrate_text(n, "-> the mistake: a child goes on with the loop");
    const int careless = fork_in_loop(n, &trees[0], false);
    if (careless < 0)
        return -careless;
    narrate_text(n, "-> all have exited; right: a child leaves the loop, if (child == 0) _exit(0)");
    const int right = fork_in_loop(n, &trees[1], true);
    if (right < 0)
        return -right;
    narrate_text(n, "%d turns made %d descendants, as each one went on; %d where they leave.",
                 FORKS, careless, right);
    return EXIT_DONE;
}
