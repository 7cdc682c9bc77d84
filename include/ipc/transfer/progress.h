/*
 * Progress: a line while a transfer runs, taken off the terminal before any message; and at its
 * end.
 */
#ifndef IPC_TRANSFER_PROGRESS_H
#define IPC_TRANSFER_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
    const char *role; /* "producer", for the closing line */
    uint64_t bytes;
    uint64_t total; /* 0 where the size is not known */
    uint64_t began, next_report;
    bool shows; /* on a terminal where no data is, unless quiet */
};

/*
 * input: the descriptor read from; -1 for the side that writes to standard output. shows: false
 * where the peer shows it on the same terminal, or a narration goes to standard error.
 */
void progress_begin(struct progress *progress, const char *role, int input, bool shows);

/* So many bytes more are through. Cheap: writes at most ten times a second. */
void progress_add(struct progress *progress, size_t bytes);

/* The closing line: bytes, seconds, MiB/s; unless quiet. */
void progress_end(const struct progress *progress);

#endif
