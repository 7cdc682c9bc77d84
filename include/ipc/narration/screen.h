/* SPDX-License-Identifier: MIT
 * The screen of a narration: its state, in memory that forked children share, its lock, its clock,
 * and how an event is laid out. For narration.c and steps.c; lessons use narration.h.
 */
#ifndef IPC_NARRATION_SCREEN_H
#define IPC_NARRATION_SCREEN_H

#include "ipc/common/error.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum { CALLS_MOST = 40, CALL_SIZE = 240, TEXT_SIZE = 600, PLACE_SIZE = 40 };

/* A call that was begun and is not reported as returned; thread is 0 where the slot is free. */
struct call {
    pid_t thread, process;
    int column;     /* 0 or 1: left, right */
    uint64_t began; /* on the narration's clock */
    long switches;  /* the thread's voluntary ones by then; -1: unknown */
    bool shown;     /* stands on the screen as begun: a bar runs until its result */
    bool returned;  /* and waits for its turn to say so */
    char text[CALL_SIZE];
};

/* A process at the gate before an event, while --step or --pace holds it there. */
struct waiting {
    pid_t thread, process;
    uint64_t ticket;
    char place[PLACE_SIZE]; /* "eof.c:85" */
};

struct narration {
    pthread_mutex_t lock;
    _Atomic pid_t holder; /* the thread that has the lock, so often */
    unsigned depth;
    int descriptor;
    bool two_columns, colour;
    size_t width[2]; /* of each column; one alone is as wide as the screen */
    unsigned rows;   /* since the question */
    char question[TEXT_SIZE / 4];
    uint64_t began, last; /* when it was opened; the time of the last event, on its own clock */
    struct call calls[CALLS_MOST];

    pid_t first;      /* the process that opened it, in which the watcher runs */
    bool paced, step; /* events are let through one by one; by Enter */
    bool quit;        /* q was typed: nobody is let through any more */
    uint64_t pace;
    uint64_t held_since, held; /* the prompt stands, since then; and did, so long in all */
    atomic_bool disturbed;     /* something was written over it */
    uint64_t tickets;
    struct waiting waiting[CALLS_MOST];
    pid_t turn, turn_process; /* the thread whose event comes next, 0 if nobody's */
    uint64_t turn_since;
};

/* In new memory; all but the lock and the layout is zero. */
struct narration *screen_open(int descriptor, bool two_columns);

/* The lock. An ending signal ends the process meanwhile. */
void screen_hold(struct narration *narration);
void screen_release(struct narration *narration);

/* At that time of now(), how long it was open, less how long a prompt stood. Under the lock. */
uint64_t screen_time(const struct narration *narration, uint64_t at);

/* Writes a line as it is, in a colour or in none. Under the lock. */
enum tint { PLAIN, BOLD, RED, GREEN };
void screen_text(struct narration *narration, enum tint tint, const char *text);

/* An event in one column or both (or NULL), beside the bars of those asleep. Under the lock. */
void screen_event(struct narration *narration, uint64_t time, const char *left, const char *right);

#endif
