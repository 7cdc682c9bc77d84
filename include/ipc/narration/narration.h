/*
 * Narration: what a demo or a lesson prints, one event a line, one column a process, time running
 * down.
 *
 *    ms   parent                           child
 *  0.140  write(4, "hello, world #1")
 *  0.201                                   read(3) = 15  "hello, world #1"
 *
 * The time is taken and the line written under one lock that forked children share, so times never
 * decrease. An event is one write of at most PIPE_BUF bytes. Every function does nothing when its
 * narration is NULL, so that -v is a pointer. Output that fails ends the process, exit 1.
 */
#ifndef IPC_NARRATION_NARRATION_H
#define IPC_NARRATION_NARRATION_H

#include "ipc/common/error.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct narration;

enum column { LEFT, RIGHT };

/* Before the fork. right: NULL for a single column. pace: seconds to pause before each event. */
struct narration *narration_open(int descriptor, const char *left, const char *right, double pace);

/* A line of text without time or column: a lesson's answer, a remark between events. */
void narrate_text(struct narration *narration, const char *format, ...) PRINTF_LIKE(2, 3);

/* An event. A sending call is narrated before it is made, a receiving call after it returned. */
void narrate(struct narration *narration, enum column column, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* A call that could sleep, begun at began on the clock of now(): adds "slept 60 ms: why" if so. */
void narrate_waited(struct narration *narration, enum column column, uint64_t began,
                    const char *why, const char *format, ...) PRINTF_LIKE(5, 6);

/* The result of a sending call, of size bytes: a line only if it slept, was short, or failed. */
void narrate_sent(struct narration *narration, enum column column, uint64_t began, const char *why,
                  const char *call, ssize_t result, size_t size);

/*
 * While a narration is held nobody else narrates. narration_join() returns when the holder has let
 * go, or has died: a child tells nothing before the line about its birth stands.
 */
void narration_hold(struct narration *narration);
void narration_release(struct narration *narration);
void narration_join(struct narration *narration);

/* One event that stands in both columns. */
void narrate_both(struct narration *narration, const char *left, const char *right);

/* Bytes as text: quoted, escaped where not printable, cut with "..." where long. */
struct quoted {
    char text[64];
};
struct quoted quoted(const void *bytes, size_t size);

#endif
