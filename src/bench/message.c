/*
 * What is sent, and how the receiver knows it again.
 */
#include "ipc/bench/bench.h"

#include "ipc/common/cleanup.h"

#include <stdlib.h>
#include <string.h>

enum { LOOK_EVERY = 1 << 16 /* bytes: a millisecond */ };

/* Not the size of a page: a page in the wrong place is to be noticed. */
enum { PERIOD = 4032, NUMBER = sizeof(uint64_t), HEAD = NUMBER + PERIOD };

/*
 * To compare all bytes of a large message with a copy of it would read twice as much memory as a
 * receiver has to, and show in the figures. Therefore the pattern repeats: the first PERIOD bytes
 * are compared with the copy, each of the others with the byte a PERIOD before it, which the cache
 * next to the processor still has.
 */
unsigned char *new_message(size_t size)
{
    unsigned char *message = malloc(size + NUMBER);
    if (message == NULL)
        fail("malloc", NULL);
    uint32_t random = 2463534242; /* xorshift: any pattern without runs will do */
    for (size_t i = 0; i < size; i++) {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        message[i] = i < HEAD ? (unsigned char)random : message[i - PERIOD];
        if (i % LOOK_EVERY == 0)
            end_if_signalled();
    }
    return message;
}

bool is_message(const unsigned char *message, size_t size, uint64_t number, const void *bytes)
{
    const unsigned char *got = bytes, *wanted = (const unsigned char *)&number;
    if (size < NUMBER) {
        size_t same = 0; /* memcmp() would wait for number to reach memory */
        while (same < size && got[same] == wanted[same])
            same++;
        return same == size;
    }
    const size_t head = size < HEAD ? size : HEAD;
    return memcmp(got, &number, NUMBER) == 0 &&
           memcmp(got + NUMBER, message + NUMBER, head - NUMBER) == 0 &&
           (size == head || memcmp(got + head, got + NUMBER, size - head) == 0);
}
