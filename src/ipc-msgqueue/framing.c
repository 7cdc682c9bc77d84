/* SPDX-License-Identifier: MIT
 * The input as messages: blocks as large as is cheap, or lines.
 */
#include "msgqueue.h"

#include <stdlib.h>
#include <string.h>

enum {
    /* Linux keeps a message in pieces of a page less a pointer, the first less 48 bytes: two fit */
    USUAL_SIZE = 8136,
    MESSAGES_A_READ = 16
};

struct message *message_of(size_t size)
{
    struct message *message = malloc(sizeof *message + size);
    if (message == NULL)
        fail("malloc", "message");
    return message;
}

static size_t read_from(struct queue *queue, void *bytes, size_t size)
{
    struct narration *n = queue->pair.narration;
    narrate_call(n, LEFT, "read(%d, %zu)", queue->pair.input.descriptor, size);
    const ssize_t got = read_input(&queue->pair, bytes, size);
    narrate_return(n, "no input", "%zd", got);
    return (size_t)got;
}

/*
 * Reads far more at once than a message holds, and sends it from where it lies: the type that
 * msgsnd() wants before the text is written over the end of what was sent already.
 */
void send_blocks(struct queue *queue)
{
    const long type = queue->type;
    const size_t whole = queue->largest < USUAL_SIZE ? queue->largest : USUAL_SIZE;
    const size_t most = whole > sizeof type ? whole - whole % sizeof type : whole; /* aligned */
    const size_t room = whole < sizeof type ? whole : MESSAGES_A_READ * most;
    struct message *first = message_of(room);
    for (size_t got; (got = read_from(queue, first->text, room)) > 0;) {
        for (size_t sent = 0; sent < got;) {
            const size_t size = got - sent < most ? got - sent : most;
            struct message *message = (void *)(first->text + sent - sizeof type);
            message->type = type;
            send_message(queue, message, size);
            sent += size;
        }
        progress_add(&queue->pair.progress, got);
    }
    free(first);
}

void send_lines(struct queue *queue)
{
    const size_t room = queue->largest + USUAL_SIZE; /* a whole line, and what was read behind it */
    struct message *message = message_of(queue->largest);
    char *bytes = malloc(room);
    if (bytes == NULL)
        fail("malloc", "lines");
    message->type = queue->type;
    unsigned long line = 1;
    size_t filled = 0;
    for (bool more = true; more;) {
        const size_t got = read_from(queue, bytes + filled, room - filled);
        filled += got;
        more = got > 0;
        size_t sent = 0;
        while (sent < filled) {
            const char *end = memchr(bytes + sent, '\n', filled - sent);
            const size_t size = end != NULL ? (size_t)(end - (bytes + sent)) + 1 : filled - sent;
            if (size > queue->largest)
                fail_that(EXIT_FAILED,
                          "line %lu is longer than %zu bytes, the largest message of this queue\n"
                          "  %s is where that is set",
                          line, queue->largest,
                          queue->pair.family == POSIX
                              ? "/proc/sys/fs/mqueue/msgsize_max"
                              : "/proc/sys/kernel/msgmax (msgmnb for the queue)");
            if (end == NULL && more)
                break;
            memcpy(message->text, bytes + sent, size);
            send_message(queue, message, size);
            progress_add(&queue->pair.progress, size);
            sent += size;
            line++;
        }
        memmove(bytes, bytes + sent, filled - sent);
        filled -= sent;
    }
    free(bytes);
    free(message);
}
