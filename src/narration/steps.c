/* SPDX-License-Identifier: MIT
 * Steps: the watcher, a thread of the first process, lets one event through at a time; at a prompt,
 * or after a pause.
 *
 * Whoever waits at the gate looks for its turn every 2 ms. So nobody has to wake it: if the first
 * process ends, nothing is held any more; a signal ends a process where it looks. A process that
 * dies while it has the turn, or waits for it, is passed over. Only the watcher, in
 * the process group of the first process, reads the terminal: in the background the kernel stops
 * the group (SIGTTIN) until it is in the foreground again.
 */
#include "ipc/narration/steps.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/io.h"
#include "ipc/narration/platform.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define LOOK_AGAIN (2 * MILLISECOND)
#define SLEEPS_AFTER (30 * MILLISECOND)
enum { REDRAW_MS = 100, STOPPED_MS = 300 };

static _Thread_local const char *file_here;
static _Thread_local int line_here;

void steps_here(const char *file, int line)
{
    file_here = file;
    line_here = line;
}

/* A slot of one's own in the list, or NULL where it is full: then the event is not held. */
static struct waiting *enter(struct narration *n)
{
    for (int i = 0; i < CALLS_MOST; i++)
        if (n->waiting[i].thread == 0) {
            n->waiting[i] = (struct waiting){
                .thread = thread_id(), .process = getpid(), .ticket = n->tickets++};
            const char *slash = strrchr(file_here, '/');
            snprintf(n->waiting[i].place, PLACE_SIZE, "%s:%d",
                     slash != NULL ? slash + 1 : file_here, line_here);
            return &n->waiting[i];
        }
    return NULL;
}

bool is_alive(pid_t process, pid_t thread)
{
    const char state = state_of(thread);
    return (kill(process, 0) == 0 || errno != ESRCH) && state != 'Z' && state != 'X';
}

void steps_await_turn(struct narration *n)
{
    if (!n->paced || n->holder == thread_id()) /* what is told while held had its turn before */
        return;
    screen_hold(n);
    struct waiting *mine = n->turn == thread_id() ? NULL : enter(n);
    while (mine != NULL && n->paced && n->turn != mine->thread) {
        screen_release(n);
        end_if_signalled();
        nanosleep(&(struct timespec){.tv_nsec = LOOK_AGAIN}, NULL);
        screen_hold(n);
        n->paced = n->paced && is_alive(n->first, n->first);
    }
    if (mine != NULL)
        mine->thread = 0;
    screen_release(n);
}

void steps_end_turn(struct narration *n)
{
    if (n->turn == thread_id())
        n->turn = 0;
}

/* Whoever came first; NULL if nobody waits. */
static struct waiting *next(struct narration *n)
{
    struct waiting *first = NULL;
    for (int i = 0; i < CALLS_MOST; i++) {
        struct waiting *waiting = &n->waiting[i];
        if (waiting->thread != 0 && !is_alive(waiting->process, waiting->thread))
            waiting->thread = 0;
        if (waiting->thread != 0 && (first == NULL || waiting->ticket < first->ticket))
            first = waiting;
    }
    return first;
}

static void draw(struct narration *n, const char *place)
{
    char prompt[PLACE_SIZE + 64];
    const int length = snprintf(prompt, sizeof prompt, "%s%s  [Enter, r: run on, q: quit] ",
                                n->colour ? "\r\033[K" : "\n", place);
    n->disturbed = false;
    write_full(n->descriptor, prompt, (size_t)length); /* if it fails, the next event tells */
}

/*
 * What is typed: '\n' for Enter, 'r', 'q'; at the end of file, 'q'. The prompt is drawn again when
 * an event that needed no turn was written over it; or when the poll took much longer than it
 * should: the process was stopped meanwhile (Ctrl-Z), and the shell has written below it.
 */
static char prompt(struct narration *n, const char *place)
{
    char line[64];
    struct pollfd terminal = {.fd = STDIN_FILENO, .events = POLLIN};
    tcflush(STDIN_FILENO, TCIFLUSH); /* what was typed before there was anything to answer */
    draw(n, place);
    for (;;) {
        const uint64_t began = now();
        const int ready = poll(&terminal, 1, REDRAW_MS);
        if (ready == 0 && (n->disturbed || now() - began > STOPPED_MS * MILLISECOND))
            draw(n, place);
        if (ready < 1)
            continue;
        const ssize_t got = read(STDIN_FILENO, line, sizeof line);
        if (got == -1 && errno == EINTR)
            continue;
        if (got < 1 || line[0] == 'q')
            return 'q';
        if (n->colour) /* the event is to stand in place of the prompt, above the row of the echo */
            write_full(n->descriptor, "\033[A\r\033[K", 7);
        return line[0] == 'r' ? 'r' : '\n';
    }
}

/*
 * The clock of the narration stands still from here until the next event is let through. Whoever
 * sleeps in a call goes on sleeping; whoever returns from it comes to the gate.
 */
static void hold_all(struct narration *n, const char *place)
{
    n->held_since = now();
    screen_release(n);
    char typed = '\n';
    if (n->step)
        typed = prompt(n, place);
    else
        sleep_for(n->pace);
    screen_hold(n);
    n->held += now() - n->held_since;
    n->held_since = 0;
    if (typed == 'r')
        n->paced = false;
    if (typed == 'q') {
        n->quit = true;
        quit_cleanly();
    }
}

void steps_serve(struct narration *n)
{
    const bool had_turn = n->turn != 0;
    if (had_turn && (now() - n->turn_since > SLEEPS_AFTER || !is_alive(n->turn_process, n->turn)))
        n->turn = 0; /* it sleeps in its call: the others go on, and its result waits for a turn */
    struct waiting *waiting = !had_turn && !n->quit ? next(n) : NULL;
    if (waiting == NULL)
        return;
    char place[PLACE_SIZE];
    memcpy(place, waiting->place, PLACE_SIZE);
    const pid_t thread = waiting->thread;
    hold_all(n, place);
    if (waiting->thread == thread && !n->quit) { /* it has not died or gone meanwhile */
        n->turn = thread;
        n->turn_process = waiting->process;
        n->turn_since = now();
    }
}
