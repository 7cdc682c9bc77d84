/* SPDX-License-Identifier: MIT
 * Narration: what a demo or a lesson prints, one event a line, one column a process, time running
 * down.
 *
 *    ms   parent                           child
 *  0.140                                   read(3) ...
 *  0.152  close(3)                         |
 *  30.20  write(4, "hello, world #1")      |
 *  30.31                                   '= 15  "hello, world #1"
 *                                            asleep 30 ms: it was empty
 *
 * A call that sleeps stands as begun once another process has something to say, or after 100 ms; a
 * bar then runs beside the others' lines until its result closes it. "..." and the bar mean: begun,
 * and not yet reported as returned. A call that did not sleep is one line.
 *
 * The time is taken and the line written under one lock that forked children share, so times never
 * decrease. An event is one write of at most PIPE_BUF bytes. Every function does nothing when its
 * narration is NULL, so that -v is a pointer; all preserve errno. Output that fails ends the
 * process, exit 1.
 */
#ifndef IPC_NARRATION_NARRATION_H
#define IPC_NARRATION_NARRATION_H

#include "ipc/common/error.h"

#include <stddef.h>
#include <stdint.h>

struct narration;

enum column { LEFT, RIGHT };

/* Before the fork. right: NULL for a single column. Starts a thread, the watcher. */
struct narration *narration_open(int descriptor, const char *left, const char *right);

/* On standard output, for a lesson: its question first, NULL for none; --pace, --step. */
struct narration *narration_begin(const char *question, const char *left, const char *right,
                                  double pace, bool step);

/*
 * A line of text without time or column: a remark between events; "-> mistake: " or "-> right: "
 * before it, in red or green; or a lesson's answer, its question again before it, where that may
 * have scrolled away.
 */
enum remark { A_TEXT, A_MISTAKE, WHAT_IS_RIGHT, THE_ANSWER };
void narrate_remark(struct narration *narration, enum remark remark, const char *format, ...)
    PRINTF_LIKE(3, 4);
#define narrate_text(narration, ...) narrate_remark(narration, A_TEXT, __VA_ARGS__)
#define narrate_mistake(narration, ...) narrate_remark(narration, A_MISTAKE, __VA_ARGS__)
#define narrate_right(narration, ...) narrate_remark(narration, WHAT_IS_RIGHT, __VA_ARGS__)
#define narrate_answer(narration, ...) narrate_remark(narration, THE_ANSWER, __VA_ARGS__)

/*
 * An event that is told at once: a call that cannot sleep, after it returned; or a sending call
 * that will not sleep, before it is made, since its receiver would speak first.
 */
void narrate(struct narration *narration, enum column column, const char *format, ...)
    PRINTF_LIKE(3, 4);

/*
 * A call that may sleep: told before it is made, "read(3)", and after, "15  \"hello\"", as soon as
 * it has returned. why it slept is said if it did, unless NULL: longer than a millisecond, and not
 * merely preempted. "[2] " at the beginning of the call is repeated before the result.
 */
void narrate_call(struct narration *narration, enum column column, const char *format, ...)
    PRINTF_LIKE(3, 4);
void narrate_return(struct narration *narration, const char *why, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* One event that stands in both columns. */
void narrate_both(struct narration *narration, const char *left, const char *right);

/* The gate of --step needs to know the line of the source that an event is about. */
#define narrate(...) (narrate_here(__FILE__, __LINE__), (narrate)(__VA_ARGS__))
#define narrate_call(...) (narrate_here(__FILE__, __LINE__), (narrate_call)(__VA_ARGS__))
#define narrate_return(...) (narrate_here(__FILE__, __LINE__), (narrate_return)(__VA_ARGS__))
#define narrate_both(...) (narrate_here(__FILE__, __LINE__), (narrate_both)(__VA_ARGS__))
void narrate_here(const char *file, int line);

/*
 * While a narration is held nobody else narrates. narration_join() returns when the holder has let
 * go, or has died: a child tells nothing before the line about its birth stands.
 */
void narration_hold(struct narration *narration);
void narration_release(struct narration *narration);
void narration_join(struct narration *narration);

/*
 * The narration's own clock, which stands still while --step or --pace holds everybody: bounds and
 * pauses of a lesson count by it. Nanoseconds; the same for all processes of a narration.
 */
uint64_t narration_time(struct narration *narration);
void narration_pause(struct narration *narration, uint64_t nanoseconds);

/* "EAGAIN" for EAGAIN; what strerror() says of an error that no lesson meets. */
const char *error_name(int error);

/* Bytes as text: quoted, escaped where not printable, cut with "..." where long. */
struct quoted {
    char text[64];
};
struct quoted quoted(const void *bytes, size_t size);

#endif
