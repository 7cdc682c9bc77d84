/*
 * What a bench sends: a number, as far as it fits, and then a pattern that repeats.
 */
#ifndef IPC_BENCH_MESSAGE_H
#define IPC_BENCH_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* To be freed. Even if size is less it has room for the number, which the caller copies into it. */
unsigned char *new_message(size_t size);

/* Whether the bytes that came are the message of that number; looks at each, where it lies. */
bool is_message(const unsigned char *message, size_t size, uint64_t number, const void *bytes);

#endif
