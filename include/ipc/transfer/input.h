/*
 * The input of a producer, with an eye on the consumer while it is long in coming.
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
    int pipe;          /* the write end that it is read for; -1 for none */
};

/* Opens FILE, or standard input where it is NULL or "-"; fails (exits) if it is a directory, too.
 */
struct input new_input(const char *file);

/*
 * Reads once; returns how many bytes, 0 at the end, -1 and errno for EFAULT (memory that is gone:
 * ring_transfer.h) and EPIPE (nobody reads from the pipe); fails (exits) otherwise. While nothing
 * comes, calls watch(context), if not NULL, ten times a second.
 */
ssize_t read_input(const struct input *input, void *bytes, size_t size,
                   void (*watch)(const void *context), const void *context);

#endif
