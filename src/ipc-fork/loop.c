/*
 * ipc-fork loop: five forks in a loop, and children that forget to leave it.
 *
 * Usage: ipc-fork loop [--pace SECONDS]
 *
 * A child that goes on with the loop forks, too, and so do its children: n forks make 2^n - 1
 * descendants. It cannot run away: every fork takes a ticket first, and there are only so many.
 */
#include "fork.h"

#include "ipc/narration/lesson.h"

#include <stdatomic.h>

enum { FORKS = 5, TICKETS = (1 << FORKS) - 1 };

/* In memory shared by all: our own variables are copies after fork. */
struct tree {
    atomic_int tickets; /* taken, by calls of fork */
    atomic_int born;
};

static int fork_in_loop(struct narration *n, struct tree *tree, bool leaves);

int fork_loop(const struct role *role, int argc, char **argv)
{
    char question[100];
    snprintf(question, sizeof question,
             "for (i = 0; i < %d; i++) fork();   how many processes does that make?", FORKS);
    struct narration *n = begin_lesson(role, argc, argv, question, "program", "descendants");
    struct tree *trees = shared_memory(2 * sizeof *trees);
    if (trees == NULL)
        fail("mmap", NULL);
    narrate_text(n, "-> the mistake: a child goes on with the loop");
    const int careless = fork_in_loop(n, &trees[0], false);
    narrate_text(n, "-> all have exited; right: a child leaves the loop, if (child == 0) _exit(0)");
    const int right = fork_in_loop(n, &trees[1], true);
    narrate_text(n, "%d turns made %d descendants, as each one went on; %d where they leave.",
                 FORKS, careless, right);
    return EXIT_DONE;
}

/* Only the program itself, whose number is 0, returns: how many descendants were made. */
static int fork_in_loop(struct narration *n, struct tree *tree, bool leaves)
{
    int number = 0;
    for (int i = 0; i < FORKS; i++) {
        end_if_signalled();
        narration_hold(n);
        const int ticket = atomic_fetch_add(&tree->tickets, 1) + 1;
        if (ticket > TICKETS)
            fail_that(EXIT_FAILED, "[%d] may not fork: no ticket is left", number);
        const pid_t parent = getpid(), child = fork();
        if (child == -1)
            fail("fork", NULL);
        if (child == 0) {
            note_parent(parent);
            narration_join(n);
            if (leaves)
                _exit(EXIT_DONE); /* what the others forget */
            number = ticket;
            continue;
        }
        register_child(child);
        atomic_fetch_add(&tree->born, 1);
        if (number == 0)
            narrate(n, LEFT, "i = %d: fork() = %ld, [%d]", i, (long)child, ticket);
        else
            narrate(n, RIGHT, "[%d] i = %d: fork() = %ld, [%d]", number, i, (long)child, ticket);
        narration_release(n);
    }
    reap_children(); /* our own; each of them reaps its own */
    if (number != 0)
        _exit(EXIT_DONE);
    return atomic_load(&tree->born);
}
