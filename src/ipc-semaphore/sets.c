/* SPDX-License-Identifier: MIT
 * ipc-semaphore sets: what System V does in one step, and what it does not.
 *
 * Usage: ipc-semaphore sets [--pace SECONDS | --step]
 *
 * One semop() changes several semaphores of a set, or none while it sleeps; and may wait for 0. But
 * semget() makes a set, and semctl() gives it values later: a process that comes between sees 0.
 * sem_otime is 0 until the first semop(): so the creator posts, and the others wait for that.
 */
#include "semaphore.h"

#include "ipc/narration/lesson.h"

#include <sys/sem.h>

static struct narration *n;
static key_t keys[3]; /* of the sets; made and noted before the fork, so that both know them */
static size_t handles[3];
static struct gate to_visitor, to_creator;

static _Noreturn void visit(int set);
static int make_set(int which, int members);
static void pass(struct gate *gate);

int semaphore_sets(const struct role *role, int argc, char **argv)
{
    n = begin_lesson(role, argc, argv, "What does System V do in one step, and what not?",
                     "another process", "the creator of the sets");
    for (int which = 0; which < 3; which++)
        handles[which] = note_key(SYSV_SET, &keys[which]);
    to_visitor = new_gate();
    to_creator = new_gate();
    int set = make_set(0, 3);
    const union semun ones = {.array = (unsigned short[]){1, 1, 1}};
    or_fail(semctl(set, 0, SETALL, ones), "semctl", NULL);
    narrate(n, RIGHT, "semctl(set, 0, SETALL, {1, 1, 1}) = 0");
    const pid_t child = narrate_fork(n, RIGHT, "");
    if (child == 0)
        visit(set);
    await_sleep(n, child);
    narrate(n, RIGHT, "semctl(set, 0, GETVAL) = %d", semctl(set, 0, GETVAL));
    narrate(n, RIGHT, "semop({2,-1})");
    or_fail(semop(set, &(struct sembuf){.sem_num = 2, .sem_op = -1}, 1), "semop", NULL);
    pass(&to_creator);
    remove_object(handles[0]);

    narrate_mistake(n, "semget(), then SETVAL; here another process is let in between");
    set = make_set(1, 1);
    open_gate(&to_visitor, 1);
    pass(&to_creator);
    or_fail(semctl(set, 0, SETVAL, (union semun){.val = 1}), "semctl", NULL);
    narrate(n, RIGHT, "semctl(set, 0, SETVAL, 1) = 0");
    narrate(n, RIGHT, "semctl(set, 0, IPC_RMID)");
    remove_object(handles[1]);
    narrate_right(n, "the creator posts by semop(); others wait until sem_otime is not 0");
    set = make_set(2, 1);
    open_gate(&to_visitor, 1);
    pass(&to_creator);
    narrate(n, RIGHT, "semop({0,+1})");
    or_fail(semop(set, &(struct sembuf){.sem_op = 1}, 1), "semop", NULL);
    open_gate(&to_visitor, 1);
    reap_successful(child, "child");
    remove_object(handles[2]);
    narrate_answer(n, "Several changes, or none: one step. To make a set and give it values: two.");
    return EXIT_DONE;
}

static int make_set(int which, int members)
{
    const int set =
        or_fail(semget(keys[which], members, IPC_CREAT | IPC_EXCL | 0600), "semget", NULL);
    narrate(n, RIGHT, "semget(KEY, %d, IPC_CREAT|IPC_EXCL|0600)", members);
    return set;
}

static int find_set(int which)
{
    pass(&to_visitor);
    const int set = or_fail(semget(keys[which], 1, 0), "semget", NULL);
    narrate(n, LEFT, "semget(KEY, 1, 0) = set");
    return set;
}

static void look_at_time(int set)
{
    struct semid_ds status;
    or_fail(semctl(set, 0, IPC_STAT, (union semun){.buf = &status}), "semctl", NULL);
    narrate(n, LEFT, "semctl(IPC_STAT)  sem_otime %s", status.sem_otime == 0 ? "0" : "> 0");
}

/* Takes two as soon as the third is 0; then finds two sets that are new. */
static void visit(int set)
{
    struct sembuf three[] = {{0, -1, 0}, {1, -1, 0}, {2, 0, 0}};
    int result;
    narrate_call(n, LEFT, "semop({0,-1}, {1,-1}, {2,0})");
    do
        result = semop(set, three, 3);
    while (result == -1 && interrupted());
    narrate_return(n, "[2] was 1", "%s", outcome(result));
    open_gate(&to_creator, 1);
    set = find_set(1);
    narrate(n, LEFT, "semctl(set, 0, GETVAL) = %d", semctl(set, 0, GETVAL));
    open_gate(&to_creator, 1);
    set = find_set(2);
    look_at_time(set);
    open_gate(&to_creator, 1);
    pass(&to_visitor);
    look_at_time(set);
    _exit(EXIT_DONE);
}

/* If nobody opens it any more, the other has died: of a child, this tells how. */
static void pass(struct gate *gate)
{
    if (pass_gate(gate))
        return;
    reap_children();
    exit(EXIT_PEER);
}
