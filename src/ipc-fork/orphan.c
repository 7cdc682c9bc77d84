/* SPDX-License-Identifier: MIT
 * ipc-fork orphan: a parent exits before its child. Who is the child's parent then?
 *
 * Usage: ipc-fork orphan [--pace SECONDS | --step]
 *
 * The program forks [1], the parent, which forks [2], the child. [1] exits, and [2] asks getppid()
 * before and after: first as things are on this machine, then with the program as a subreaper.
 */
#include "fork.h"
#include "platform.h"

#include "ipc/narration/lesson.h"

/* In memory shared by the three, written by [2]. */
struct orphan {
    pid_t pid, adopter;
};

struct gates {
    struct gate told;  /* [1] waits until [2] has named its first parent */
    struct gate go;    /* [2] waits until the program has reaped [1]: only then it is adopted */
    struct gate ended; /* nobody opens it: the program waits until [2], the last that could, ends */
};

static void make_orphan(struct narration *n, struct orphan *orphan);
static _Noreturn void run_parent(struct narration *n, struct orphan *orphan, struct gates *gates);
static _Noreturn void run_child(struct narration *n, struct orphan *orphan, struct gates *gates);
static const char *name_of(pid_t process);

int fork_orphan(const struct role *role, int argc, char **argv)
{
    struct narration *n =
        begin_lesson(role, argc, argv, "What does getppid() return once one's parent has exited?",
                     "program", "[1] parent, [2] child");
    struct orphan *orphan = shared_memory(sizeof *orphan);
    narrate(n, LEFT, "getpid() = %ld (%s)", (long)getpid(), name_of(getpid()));
    make_orphan(n, orphan);
    const pid_t adopter = orphan->adopter;
    narrate_mistake(n, "asking whether getppid() is 1: a subreaper has another pid");
    if (become_subreaper()) {
        narrate(n, LEFT, "prctl(PR_SET_CHILD_SUBREAPER, 1)");
        make_orphan(n, orphan);
    }
    narrate_right(n, "asking whether getppid() has changed");
    narrate_answer(n, "The nearest subreaper adopts orphans, or init: here pid %ld (%s).",
                   (long)adopter, name_of(adopter));
    return EXIT_DONE;
}

static void make_orphan(struct narration *n, struct orphan *orphan)
{
    struct gates gates = {new_gate(), new_gate(), new_gate()};
    *orphan = (struct orphan){0};
    const pid_t parent = narrate_fork(n, LEFT, "[1] ");
    if (parent == 0)
        run_parent(n, orphan, &gates);
    close_gate(&gates.told); /* otherwise [1] would wait for ever if [2] died */
    const int status = narrate_wait(n, LEFT, parent);
    open_gate(&gates.go, 1);
    pass_gate(&gates.ended);
    close_gate(&gates.go);
    close_gate(&gates.ended);
    end_as_child(parent, "parent [1]", status);
    if (orphan->pid == 0) {
        narrate_text(n, "-> the child has died"); /* ends us, exit 1, if it died of its output */
        fail_that(EXIT_PEER, "the child died");
    }
    if (orphan->adopter == getpid()) /* whoever adopts a process has to wait for it */
        narrate_wait(n, LEFT, orphan->pid);
}

static _Noreturn void run_parent(struct narration *n, struct orphan *orphan, struct gates *gates)
{
    narrate(n, RIGHT, "[1] fork()");
    narration_hold(n);
    const pid_t child = or_fail(fork(), "fork", NULL);
    if (child == 0) /* no note_parent(): this one is meant to outlive its parent */
        run_child(n, orphan, gates);
    narrate(n, RIGHT, "[1] fork() = %ld   the child, [2]", (long)child);
    narration_release(n);
    pass_gate(&gates->told); /* or [2] has died, which the program finds out */
    narrate(n, RIGHT, "[1] _exit(0)   before its child");
    _exit(EXIT_DONE);
}

static _Noreturn void run_child(struct narration *n, struct orphan *orphan, struct gates *gates)
{
    narration_join(n);
    const pid_t parent = getppid();
    narrate(n, RIGHT, "[2] getppid() = %ld (%s)", (long)parent, name_of(parent));
    open_gate(&gates->told, 1);
    if (!pass_gate(&gates->go)) /* the program has died */
        _exit(EXIT_PEER);
    const pid_t adopter = getppid();
    narrate(n, RIGHT, "[2] getppid() = %ld (%s)  %s", (long)adopter, name_of(adopter),
            adopter == 1 ? "init" : "a subreaper");
    *orphan = (struct orphan){.pid = getpid(), .adopter = adopter};
    _exit(EXIT_DONE);
}

static const char *name_of(pid_t process)
{
    static char name[64];
    return program_of(process, name, sizeof name);
}
