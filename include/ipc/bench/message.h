/*
 * What a bench sends: a number, as far as it fits, and then a pattern that repeats.
 */
#ifndef IPC_BENCH_MESSAGE_H
#define IPC_BENCH_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct message {
    unsigned char *bytes; /* freed by whoever made it */
    size_t size;
};

/* Fails (exits) where there is no memory. */
struct message new_message(size_t size);

void number_message(struct message *message, uint64_t number);

/* The number of a message that came; it must have at least 8 bytes. */
uint64_t message_number(const void *bytes);

/* Whether the bytes that came are this message; looks at each of them, where it lies. */
bool is_message(const struct message *message, const void *bytes);

#endif
