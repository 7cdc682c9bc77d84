/*
 * What a bench sends: a number, as far as it fits, and then a pattern that repeats.
 *
 * Inline, since with the fastest mechanisms a message takes about as long as ten calls.
 */
#ifndef IPC_BENCH_MESSAGE_H
#define IPC_BENCH_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct message {
    unsigned char *bytes; /* freed by whoever made it */
    size_t size;
};

struct message new_message(size_t size);

static inline void number_message(struct message *message, uint64_t number)
{
    if (message->size >= sizeof number) /* a size that the compiler knows */
        memcpy(message->bytes, &number, sizeof number);
    else
        memcpy(message->bytes, &number, message->size);
}

/* The number of a message that came; it must have room for a whole one. */
static inline uint64_t message_number(const void *bytes)
{
    uint64_t number;
    memcpy(&number, bytes, sizeof number);
    return number;
}

/* Whether the bytes that came are the message of that number; looks at each, where it lies. */
bool is_message(const struct message *message, uint64_t number, const void *bytes);

#endif
