/* SPDX-License-Identifier: MIT
 * ipc-signal unsafe: what a handler may not call, for instance malloc().
 *
 * Usage: ipc-signal unsafe [--pace SECONDS | --step]
 *
 * A child calls malloc() all the time, and a handler that does so, too, interrupts it in the
 * middle. Then malloc() waits for a lock that its own process holds, or changes what is half
 * changed. A flag, which the program looks at, is the right way: signal-safety(7).
 */
#include "signal.h"

#include "ipc/narration/lesson.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>

enum { CHILDREN = 3, SMALL = 24, LARGE = 2000, LIMIT_MS = 300 };
enum end { HUNG, DIED, WENT_ON };

static volatile sig_atomic_t *ran, *turns; /* shared: of the handler, of the child's loop */
static volatile sig_atomic_t flag;

static enum end send_many(struct narration *n, int number);
static _Noreturn void allocate(const struct gate *ready);
static void allocate_once(void);
static void with_malloc(int number);
static void with_flag(int number);

int signal_unsafe(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(
        role, argc, argv, "A handler calls malloc() while malloc() runs. What happens?", "parent",
        "children: malloc(), free(), again");
    int ends[3] = {0};
    ran = shared_memory(2 * sizeof *ran);
    turns = ran + 1;
    narrate_mistake(n, "malloc() in a handler");
    narrate(n, LEFT, "sigaction(SIGUSR1, with_malloc)");
    sigaction(SIGUSR1, &(struct sigaction){.sa_handler = with_malloc}, NULL);
    for (int i = 1; i <= CHILDREN; i++)
        ends[send_many(n, i)]++;
    narrate_right(n, "the handler sets a flag; the program looks at it, and calls malloc()");
    narrate(n, LEFT, "sigaction(SIGUSR1, with_flag)");
    sigaction(SIGUSR1, &(struct sigaction){.sa_handler = with_flag}, NULL);
    const bool safe = send_many(n, CHILDREN + 1) == WENT_ON;
    narrate_text(n,
                 "a handler may call write, read, kill, sigaction, waitpid, sem_post, _exit, ...;");
    narrate_text(n, "not malloc, free, printf, exit, pthread_mutex_lock, ...: signal-safety(7)");
    narrate_answer(
        n, "Of %d children %d hung, %d died%s. With a flag, %s.", CHILDREN, ends[HUNG], ends[DIED],
        ends[WENT_ON] == CHILDREN ? ": no handler came in between" : ": malloc() was halfway",
        safe ? "it went on" : "so did one");
    return EXIT_DONE;
}

/* It hangs if its loop does not move in the second half of the time. */
static enum end send_many(struct narration *n, int number)
{
    char words[STATUS_WORDS_SIZE];
    struct gate ready = new_gate();
    int status = 0, sent = 0, seen = 0;
    *ran = *turns = 0;
    const pid_t child = start_child();
    if (child == 0)
        allocate(&ready);
    pass_gate(&ready);
    const uint64_t half = LIMIT_MS / 2 * MILLISECOND, began = narration_time(n);
    for (uint64_t time = 0; time < 2 * half && status == 0; sent++) {
        kill(child, SIGUSR1);
        narration_pause(n, 20 * MICROSECOND);
        time = narration_time(n) - began;
        seen = time < half ? *turns : seen;
        waitpid(child, &status, WNOHANG);
    }
    const enum end end = status != 0 ? DIED : *turns == seen ? HUNG : WENT_ON;
    narrate(n, LEFT, "kill(%ld, SIGUSR1), %d times", (long)child, sent);
    narrate(n, RIGHT, "[%d] %s  handler ended %d times", number,
            end == DIED   ? status_in_words(status, words)
            : end == HUNG ? "hung"
                          : "went on",
            (int)*ran);
    if (end == DIED && forget_child(child))
        return end;
    narrate(n, LEFT, "kill(%ld, SIGKILL)", (long)child);
    kill(child, SIGKILL);
    reap_child(child);
    return end;
}

/* Without end, until a signal ends it by default. What malloc() says then is not for the screen. */
static void allocate(const struct gate *ready)
{
    release_ending_signals();
    alarm(5); /* where no signal tells of the parent's death */
    setrlimit(RLIMIT_CORE, &(struct rlimit){0});
    dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
    for (open_gate(ready, 1);; *turns = *turns + 1) {
        allocate_once();
        if (flag != 0)
            allocate_once();
        flag = 0;
    }
}

/* malloc() may serve small and large ones differently. */
static void allocate_once(void)
{
    void *volatile memory = malloc(*turns % 2 == 0 ? SMALL : LARGE); /* volatile: else left out */
    free(memory);
}

static void with_malloc(int number)
{
    (void)number;
    allocate_once();
    *ran = *ran + 1;
}

static void with_flag(int number)
{
    flag = number;
    *ran = *ran + 1;
}
