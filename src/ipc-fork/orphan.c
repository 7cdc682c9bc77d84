/*
 * ipc-fork orphan: a parent exits before its child. Who is the child's parent then?
 *
 * The program forks [1], the parent, which forks [2], the child. [1] exits, and [2] asks getppid()
 * before and after: first as things are on this machine, then with the program as a subreaper.
 */
#include "fork.h"
#include "platform.h"

#include "ipc/common/children.h"
#include "ipc/common/io.h"
#include "ipc/common/platform.h"
#include "ipc/narration/narration.h"
#include "ipc/narration/platform.h"

#include <stdio.h>
#include <unistd.h>

enum { READ_END, WRITE_END, NAME_SIZE = 64 };

/* In memory shared by the three, written by [2]. */
struct orphan {
    pid_t pid;
    pid_t adopter;
};

/*
 * Three times somebody waits, each time for the end of file of a pipe whose only writer is the one
 * waited for: it comes when that one closes it, and also when it dies.
 */
struct pipes {
    int told[2]; /* [1] waits until [2] has named its first parent */
    int go[2];   /* [2] waits until the program has reaped [1]: only then it is surely adopted */
    int done[2]; /* the program waits until [2] has told everything */
};

static void await_end_of_file(int read_end)
{
    char nothing;
    if (read_some(read_end, &nothing, 1) == -1)
        fail("read", "pipe");
    close(read_end);
}

static const char *name_of(pid_t process)
{
    static char name[NAME_SIZE];
    return program_of(process, name, sizeof name);
}

static _Noreturn void live_as_child(struct narration *n, struct orphan *orphan, struct pipes *pipes)
{
    narration_join(n);
    narrate(n, RIGHT, "[2] getppid() = %ld (%s)", (long)getppid(), name_of(getppid()));
    close(pipes->told[WRITE_END]);
    await_end_of_file(pipes->go[READ_END]);
    narrate(n, RIGHT, "[2] getppid() = %ld (%s)", (long)getppid(), name_of(getppid()));
    *orphan = (struct orphan){.pid = getpid(), .adopter = getppid()};
    _exit(EXIT_DONE);
}

static _Noreturn void live_as_parent(struct narration *n, struct orphan *orphan,
                                     struct pipes *pipes)
{
    narration_join(n);
    close(pipes->go[WRITE_END]);
    narrate(n, RIGHT, "[1] fork()");
    narration_hold(n);
    const pid_t child = fork();
    if (child == -1)
        fail("fork", NULL);
    if (child == 0) /* no note_parent(): this one is meant to outlive its parent */
        live_as_child(n, orphan, pipes);
    narrate(n, RIGHT, "[1] fork() = %ld   the child, [2]", (long)child);
    narration_release(n);
    close(pipes->told[WRITE_END]);
    await_end_of_file(pipes->told[READ_END]);
    narrate(n, RIGHT, "[1] _exit(0)   before its child");
    _exit(EXIT_DONE);
}

static void make_orphan(struct narration *n, struct orphan *orphan)
{
    struct pipes pipes;
    char words[STATUS_WORDS_SIZE];
    if (pipe(pipes.told) == -1 || pipe(pipes.go) == -1 || pipe(pipes.done) == -1)
        fail("pipe", NULL);
    *orphan = (struct orphan){0};
    narrate(n, LEFT, "fork()");
    narration_hold(n);
    const pid_t program = getpid(), parent = fork();
    if (parent == -1)
        fail("fork", NULL);
    if (parent == 0) {
        note_parent(program);
        live_as_parent(n, orphan, &pipes);
    }
    register_child(parent);
    char left[64], right[64];
    snprintf(left, sizeof left, "fork() = %ld", (long)parent);
    snprintf(right, sizeof right, "[1] fork() = 0   I am %ld", (long)parent);
    narrate_both(n, left, right);
    narration_release(n);
    close(pipes.told[READ_END]);
    close(pipes.told[WRITE_END]);
    close(pipes.go[READ_END]);
    close(pipes.done[WRITE_END]);
    const int status = reap_child(parent);
    narrate(n, LEFT, "waitpid(%ld) = %s", (long)parent, status_in_words(status, words));
    close(pipes.go[WRITE_END]);
    await_end_of_file(pipes.done[READ_END]);
    end_as_child(parent, "parent [1]", status);
    if (orphan->pid == 0) {
        narrate_text(n, "-> the child has died"); /* ends us, exit 1, if it died of its output */
        fail_that(EXIT_PEER, "the child died");
    }
    narrate_text(n, "-> adopted by %s: pid %ld (%s)", orphan->adopter == 1 ? "init" : "a subreaper",
                 (long)orphan->adopter, name_of(orphan->adopter));
    if (orphan->adopter == getpid()) /* who adopts a process is the one who has to wait for it */
        narrate(n, LEFT, "waitpid(%ld) = %s", (long)orphan->pid,
                status_in_words(reap_child(orphan->pid), words));
}

int fork_orphan(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    print_text("Who is getppid() when one's parent has exited?");
    struct orphan *orphan = shared_memory(sizeof *orphan);
    if (orphan == NULL)
        fail("mmap", NULL);
    struct narration *n = narration_open(STDOUT_FILENO, "program", "[1] parent, [2] child", pace);
    narrate(n, LEFT, "getpid() = %ld (%s)", (long)getpid(), name_of(getpid()));
    make_orphan(n, orphan);
    const pid_t adopter = orphan->adopter;
    narrate_text(n, "-> the mistake: to ask whether getppid() is 1; a subreaper has another pid");
    if (become_subreaper()) {
        narrate(n, LEFT, "prctl(PR_SET_CHILD_SUBREAPER, 1)");
        make_orphan(n, orphan);
    }
    narrate_text(n, "-> right: to ask whether getppid() has changed");
    narrate_text(n, "Orphans go to the nearest subreaper or init: here pid %ld (%s).",
                 (long)adopter, name_of(adopter));
    return EXIT_DONE;
}
