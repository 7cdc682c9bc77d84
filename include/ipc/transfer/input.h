/*
 * The input of a producer: read block by block, with an eye on the consumer while it is long in
 * coming.
 */
#ifndef IPC_TRANSFER_INPUT_H
#define IPC_TRANSFER_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct input {
    int descriptor;
    const char *label; /* what messages call it: FILE, or "standard input" */
    bool may_wait;     /* no regular file: a terminal, a pipe, a socket */
};

/* Opens FILE, or standard input where it is NULL or "-". Fails (exits) as open_input() of io.h. */
struct input new_input(const char *file);

/*
 * Reads once into bytes; returns how many, 0 at the end. While nothing comes, calls watch(context)
 * ten times a second, which ends the process if nobody is left to read for. Fails (exits) if
 * reading does, except for EFAULT (memory that is gone: see ring_transfer.h): then -1 and errno.
 */
ssize_t read_input(const struct input *input, void *bytes, size_t size,
                   void (*watch)(const void *context), const void *context);

#endif
