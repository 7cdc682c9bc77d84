/*
 * Messages.
 *
 * To compare all bytes of a large message with a copy of it would read twice as much memory as a
 * receiver has to, and show in the figures. Therefore the pattern repeats: the first PERIOD bytes
 * are compared with the copy, each of the others with the byte a PERIOD before it, which the cache
 * next to the processor still has.
 */
#include "ipc/bench/message.h"

#include "ipc/common/error.h"

#include <stdlib.h>

/* Not the size of a page: a page in the wrong place is to be noticed. */
enum { PERIOD = 4032, NUMBER = sizeof(uint64_t), HEAD = NUMBER + PERIOD };

struct message new_message(size_t size)
{
    struct message message = {.bytes = malloc(size + 1), .size = size};
    if (message.bytes == NULL)
        fail("malloc", NULL);
    uint32_t random = 2463534242; /* xorshift: any pattern without runs will do */
    for (size_t i = 0; i < size; i++) {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        message.bytes[i] = i < HEAD ? (unsigned char)random : message.bytes[i - PERIOD];
    }
    return message;
}

bool is_message(const struct message *message, uint64_t number, const void *bytes)
{
    const unsigned char *got = bytes;
    const size_t size = message->size;
    if (size < NUMBER) {
        const unsigned char *wanted = (const unsigned char *)&number;
        for (size_t i = 0; i < size; i++) /* memcmp() would wait for number to reach memory */
            if (got[i] != wanted[i])
                return false;
        return true;
    }
    if (message_number(got) != number)
        return false;
    if (size <= HEAD)
        return memcmp(got + NUMBER, message->bytes + NUMBER, size - NUMBER) == 0;
    return memcmp(got + NUMBER, message->bytes + NUMBER, PERIOD) == 0 &&
           memcmp(got + HEAD, got + NUMBER, size - HEAD) == 0;
}
