/* SPDX-License-Identifier: MIT
 * ipc-semaphore producer: the textbook's producer of a bounded buffer.
 *
 * Usage: ipc-semaphore producer [--name NAME] [--api sysv|posix] [--key KEY] [FILE]
 *
 * Waits for an empty slot, fills it, notes that under the mutex, and posts that one more is full.
 */
#include "semaphore.h"

#include <string.h>

static uint32_t fill(struct buffer *buffer, unsigned char *slot);

int semaphore_producer(const struct role *role, int argc, char **argv)
{
    static struct buffer buffer;
    uint32_t filled;
    buffer_open(role, argc, argv, PRODUCER, &buffer);
    struct slots *slots = buffer.slots;
    uint32_t in = 0; /* only we change slots->in, and nobody else is believed */
    do {
        buffer_wait(&buffer, EMPTY);
        filled = fill(&buffer, slots->bytes[in % SLOTS]);
        buffer_wait(&buffer, MUTEX);
        if (in - slots->out >= SLOTS)
            fail_that(EXIT_FAILED, "\"%s\" says that there is room, and there is none",
                      buffer.pair.name);
        slots->length[in % SLOTS] = filled;
        slots->in = ++in;
        buffer_post(&buffer, MUTEX);
        progress_add(&buffer.pair.progress, filled);
        if (filled == 0)
            rendezvous_set_state(&buffer.pair.rendezvous, STATE_DONE);
        buffer_post(&buffer, FULL);
    } while (filled > 0);
    return end_producer(&buffer.pair);
}

/* Fills the slot; returns how many bytes, 0 at the end, which says how many there were in all. */
static uint32_t fill(struct buffer *buffer, unsigned char *slot)
{
    narrate_call(buffer->pair.narration, LEFT, "read(%d, slot, %d)", buffer->pair.input.descriptor,
                 SLOT_SIZE);
    const ssize_t got = read_input(&buffer->pair, slot, SLOT_SIZE);
    narrate_return(buffer->pair.narration, "no input", "%zd", got);
    if (got == 0)
        memcpy(slot, &buffer->pair.progress.bytes, sizeof buffer->pair.progress.bytes);
    return (uint32_t)got;
}
