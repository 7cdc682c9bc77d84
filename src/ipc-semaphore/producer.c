/*
 * ipc-semaphore producer [FILE]: the textbook's producer. It waits for an empty slot, fills it,
 * notes that under the mutex, and posts that one more is full.
 */
#include "semaphore.h"

#include <errno.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOOK_MILLISECONDS = 100 };

/* Fills the slot; returns how many bytes, 0 at the end of the input. */
static uint32_t fill(struct buffer *buffer, unsigned char *slot, bool may_wait)
{
    for (;;) {
        while (may_wait && !wait_ready(buffer->input, POLLIN, LOOK_MILLISECONDS))
            rendezvous_check(&buffer->rendezvous, CONSUMER);
        const ssize_t got = read_some(buffer->input, slot, SLOT_SIZE);
        if (got == -1 && errno == EAGAIN)
            continue;
        if (got == -1)
            fail("read", buffer->label);
        narrate(buffer->narration, LEFT, "read(%d, slot, %d) = %zd", buffer->input, SLOT_SIZE, got);
        return (uint32_t)got;
    }
}

int semaphore_producer(const struct role *role, int argc, char **argv)
{
    static struct buffer buffer = {.family = POSIX};
    struct stat status;
    uint32_t filled;
    buffer_open(role, argc, argv, PRODUCER, &buffer);
    const bool may_wait = fstat(buffer.input, &status) == -1 || !S_ISREG(status.st_mode);
    struct slots *slots = buffer.slots;
    uint32_t in = slots->in; /* ours alone to change: so it may be read without the mutex */
    do {
        buffer_wait(&buffer, EMPTY);
        filled = fill(&buffer, slots->bytes[in % SLOTS], may_wait);
        buffer_wait(&buffer, MUTEX);
        slots->length[in % SLOTS] = filled;
        slots->in = ++in;
        buffer_post(&buffer, MUTEX);
        progress_add(&buffer.progress, filled);
        if (filled == 0)
            rendezvous_set_state(&buffer.rendezvous, STATE_ALL_SENT, buffer.progress.bytes);
        buffer_post(&buffer, FULL);
    } while (filled > 0);
    if (!rendezvous_await_received(&buffer.rendezvous))
        rendezvous_check(&buffer.rendezvous, CONSUMER);
    progress_end(&buffer.progress);
    return EXIT_DONE;
}
