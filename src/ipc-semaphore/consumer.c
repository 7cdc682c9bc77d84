/* SPDX-License-Identifier: MIT
 * ipc-semaphore consumer: the textbook's consumer of a bounded buffer.
 *
 * Usage: ipc-semaphore consumer [--name NAME] [--api sysv|posix] [--key KEY]
 *
 * Waits for a full slot, looks up under the mutex what is in it, empties it, and posts that one
 * more is empty.
 */
#include "semaphore.h"

#include <inttypes.h>
#include <string.h>

int semaphore_consumer(const struct role *role, int argc, char **argv)
{
    static struct buffer buffer;
    buffer_open(role, argc, argv, CONSUMER, &buffer);
    struct slots *slots = buffer.slots;
    uint32_t out = 0; /* only we change slots->out, and nobody else is believed */
    uint64_t sent;
    for (;;) {
        buffer_wait(&buffer, FULL);
        buffer_wait(&buffer, MUTEX);
        const bool filled = slots->in != out;
        const uint32_t length = slots->length[out % SLOTS];
        buffer_post(&buffer, MUTEX);
        if (!filled || length > SLOT_SIZE)
            fail_that(EXIT_FAILED, "the semaphores of \"%s\" were changed by somebody else",
                      buffer.pair.name);
        if (length == 0)
            break;
        narrate_call(buffer.pair.narration, LEFT, "write(1, slot, %" PRIu32 ")", length);
        print_bytes(slots->bytes[out % SLOTS], length);
        narrate_return(buffer.pair.narration, "it was full", "%" PRIu32, length);
        buffer_wait(&buffer, MUTEX);
        slots->out = ++out;
        buffer_post(&buffer, MUTEX);
        buffer_post(&buffer, EMPTY);
        progress_add(&buffer.pair.progress, length);
    }
    memcpy(&sent, slots->bytes[out % SLOTS], sizeof sent);
    if (rendezvous_peers(&buffer.pair.rendezvous, PRODUCER).done == 0 || slots->in != out + 1 ||
        sent != buffer.pair.progress.bytes)
        fail_that(EXIT_FAILED, "the slots of \"%s\" are damaged", buffer.pair.name);
    return end_consumer(&buffer.pair);
}
