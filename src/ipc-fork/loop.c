/* SPDX-License-Identifier: MIT
 * ipc-fork loop: five forks in a loop, and children that forget to leave it.
 *
 * Usage: ipc-fork loop [--pace SECONDS | --step]
 *
 * A child that goes on with the loop forks, too, and so do its children: n forks make 2^n - 1
 * descendants. It cannot run away: every fork takes a ticket first, and there are only so many. A
 * child waits until its parent has told of it.
 */
#include "fork.h"

#include "ipc/narration/lesson.h"

#include <stdatomic.h>

enum { FORKS = 5, TICKETS = (1 << FORKS) - 1 };

/* In memory shared by all: our own variables are copies after fork. */
struct tree {
    atomic_int tickets; /* taken, by calls of fork */
    atomic_int born[FORKS];
    atomic_bool complained;
};

static struct tree *tree;

static void fork_in_loop(struct narration *n, bool leaves);
static void complain_once(void);

int fork_loop(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(
        role, argc, argv, "for (i = 0; i < 5; i++) fork();   how many processes does that make?",
        "program", "descendants");
    tree = shared_memory(sizeof *tree);
    before_message = complain_once;
    narrate_mistake(n, "a child that goes on with the loop");
    fork_in_loop(n, false);
    narrate_text(n, "-> turn by turn: %d, %d, %d, %d and %d forks", tree->born[0], tree->born[1],
                 tree->born[2], tree->born[3], tree->born[4]);
    const int careless = atomic_exchange(&tree->tickets, 0);
    narrate_right(n, "a child leaves it: if (fork() == 0) _exit(0)");
    fork_in_loop(n, true);
    narrate_answer(n, "%d turns made %d descendants, since each one went on; %d, if each leaves.",
                   FORKS, careless, tree->tickets);
    return EXIT_DONE;
}

/* Only the program itself, whose number is 0, returns. */
static void fork_in_loop(struct narration *n, bool leaves)
{
    int number = 0, forks = 0;
    char names[100] = ""; /* of our children */
    struct gate told = new_gate();
    for (int i = 0; i < FORKS; i++) {
        end_if_signalled();
        const int ticket = atomic_fetch_add(&tree->tickets, 1) + 1;
        if (ticket > TICKETS)
            fail_that(EXIT_FAILED, "[%d] may not fork: no ticket is left", number);
        const pid_t parent = getpid(), child = or_fail(fork(), "fork", NULL);
        if (child > 0) {
            register_child(child);
            atomic_fetch_add(&tree->born[i], 1);
            snprintf(names + strlen(names), sizeof names - strlen(names), "%s%d",
                     forks++ > 0 ? ", " : "", ticket);
            continue;
        }
        note_parent(parent);
        if (!pass_gate(&told))
            _exit(EXIT_PEER);
        if (leaves)
            _exit(EXIT_DONE); /* what the others forget */
        close_gate(&told);
        told = new_gate();
        number = ticket;
        forks = 0;
        names[0] = '\0';
    }
    if (number == 0)
        narrate(n, LEFT, "fork(), %d times: 1 to %d", forks, forks);
    else if (forks > 0)
        narrate(n, RIGHT, "[%d] fork(), %d time%s: %s", number, forks, forks == 1 ? "" : "s",
                names);
    open_gate(&told, forks);
    reap_children(); /* our own; each of them reaps its own */
    if (number != 0)
        _exit(EXIT_DONE);
    close_gate(&told);
}

/* Each descendant fails if one of its own does: one message is enough, that of the first. */
static void complain_once(void)
{
    if (atomic_exchange(&tree->complained, true))
        close(STDERR_FILENO);
}
