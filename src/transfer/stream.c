/*
 * Bytes into a pipe or FIFO and out of it.
 *
 * Every wait here is for the other side, or for the input. Who is waited for wakes us by reading or
 * writing; when it dies, the kernel closes its ends, and that wakes us, too (POLLERR, POLLHUP). A
 * signal that ends us is noticed by interrupted().
 */
#include "ipc/transfer/stream.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/error.h"
#include "ipc/common/io.h"
#include "ipc/transfer/spin.h"

#include "ipc/transfer/platform.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 64 * 1024, PIPE_SIZE = 1024 * 1024 }; /* a block stays in the cache */
enum { LENT = 256 * 1024 };

void make_fast(int end)
{
    enlarge_pipe(end, PIPE_SIZE);
    if (fcntl(end, F_SETFL, O_NONBLOCK) == -1)
        fail("fcntl", "pipe");
}

/* Input that may be long in coming is waited for together with the news that nobody wants it. */
static bool await_input(const struct stream *side, int input)
{
    struct pollfd watched[] = {{.fd = input, .events = POLLIN}, {.fd = side->end}};
    int ready;
    end_if_signalled();
    do
        ready = poll(watched, 2, -1);
    while (ready == -1 && interrupted());
    return (watched[1].revents & (POLLERR | POLLHUP)) == 0;
}

static bool send_block(struct stream *side, const char *bytes, size_t size)
{
    struct spin spin = {0};
    for (size_t sent = 0; sent < size;) {
        if (spin.until == 0)
            narrate(side->narration, side->column, "write(%d, %zu bytes)", side->end, size - sent);
        const ssize_t written = write_some(side->end, bytes + sent, size - sent);
        if (written >= 0) {
            sent += (size_t)written;
            spin = (struct spin){0};
        } else if (errno == EPIPE) {
            return false;
        } else if (errno != EAGAIN) {
            fail("write", side->object);
        } else if (!keep_spinning(&spin)) {
            narrate(side->narration, side->column, "write(%d) = -1   EAGAIN: full", side->end);
            wait_ready(side->end, POLLOUT, -1);
            spin = (struct spin){0};
        }
    }
    return true;
}

/*
 * Where the system can, a file's pages in memory are lent to the pipe, and not copied into it: what
 * write() copies it copies under a lock of the pipe, which the reader waits for. Until it is read
 * such a page is still the file's; so the producer ends after that, not before (await_readers()).
 *
 * False when nobody is left to read. True at the end of the file, or where the system cannot do
 * this: the rest is read and written.
 */
static bool lend_file(struct stream *side, int input, const char *label)
{
    struct spin spin = {0};
    for (;;) {
        if (spin.until == 0) /* not once more at each try */
            narrate(side->narration, side->column, "sendfile(%d, %d, %d)", side->end, input, LENT);
        end_if_signalled();
        const ssize_t sent = send_from_file(side->end, input, LENT);
        if (sent > 0) {
            progress_add(&side->progress, (size_t)sent);
            spin = (struct spin){0};
        } else if (sent == 0 || errno == EINVAL || errno == ENOSYS) {
            return true;
        } else if (errno == EPIPE) {
            return false;
        } else if (errno == EAGAIN) {
            if (keep_spinning(&spin))
                continue;
            narrate(side->narration, side->column, "sendfile(%d) = -1   EAGAIN: full", side->end);
            wait_ready(side->end, POLLOUT, -1);
            spin = (struct spin){0};
        } else if (!interrupted()) {
            fail("sendfile", label);
        }
    }
}

bool stream_send(struct stream *side, int input, const char *label)
{
    static char block[BLOCK];
    struct stat status;
    const bool may_wait = fstat(input, &status) == -1 || !S_ISREG(status.st_mode);
    if (!may_wait && !lend_file(side, input, label))
        return false;
    for (;;) {
        if (may_wait && !await_input(side, input))
            return false;
        const ssize_t got = read_some(input, block, sizeof block);
        if (got == -1 && errno == EAGAIN) /* somebody who shares it made it non-blocking */
            continue;
        if (got == -1)
            fail("read", label);
        if (got == 0)
            return true;
        if (!send_block(side, block, (size_t)got))
            return false;
        progress_add(&side->progress, (size_t)got);
    }
}

void stream_receive(struct stream *side)
{
    static char block[BLOCK];
    struct spin spin = {0};
    for (;;) {
        const ssize_t got = read_some(side->end, block, sizeof block);
        if (got > 0) {
            narrate(side->narration, side->column, "read(%d) = %zd", side->end, got);
            if (!write_full(STDOUT_FILENO, block, (size_t)got))
                fail("write", "standard output");
            progress_add(&side->progress, (size_t)got);
            spin = (struct spin){0};
        } else if (got == 0) {
            narrate(side->narration, side->column, "read(%d) = 0   end of file", side->end);
            return;
        } else if (errno != EAGAIN) {
            fail("read", side->object);
        } else if (!keep_spinning(&spin)) {
            narrate(side->narration, side->column, "read(%d) = -1   EAGAIN: empty", side->end);
            if (side->idle != NULL)
                side->idle(true);
            wait_ready(side->end, POLLIN, -1);
            if (side->idle != NULL)
                side->idle(false);
            spin = (struct spin){0};
        }
    }
}

void await_readers(struct stream *side, const struct rendezvous *rendezvous)
{
    struct pollfd watched = {.fd = side->end};
    for (int milliseconds = 0; bytes_in_pipe(side->end) > 0; milliseconds += milliseconds < 20) {
        end_if_signalled();
        while (poll(&watched, 1, milliseconds) == -1 && interrupted())
            ;
        if ((watched.revents & POLLERR) != 0 && bytes_in_pipe(side->end) > 0)
            end_without_reader(side, rendezvous);
    }
    narrate(side->narration, side->column, "close(%d)   everything was taken", side->end);
    if (!close_written(side->end))
        fail("close", side->object);
    const struct peers consumers = rendezvous_peers(rendezvous, CONSUMER);
    const bool ours = consumers.alive + consumers.died + consumers.left > 0;
    if (ours && side->progress.bytes > 0 && !rendezvous_await_received(rendezvous))
        end_without_reader(side, rendezvous);
}

void end_without_reader(struct stream *side, const struct rendezvous *rendezvous)
{
    struct peers consumers = rendezvous_peers(rendezvous, CONSUMER);
    while (consumers.alive > 0) { /* it dies: its end was closed before its lock */
        sleep_for(MILLISECOND);
        consumers = rendezvous_peers(rendezvous, CONSUMER);
    }
    if (consumers.died > 0)
        peer_died(CONSUMER, consumers.dead_pid);
    if (consumers.left > 0)
        fail_that(EXIT_PEER, "the consumer ended before it had taken everything");
    errno = EPIPE;
    fail("write", side->object);
}

void check_producers(const struct rendezvous *rendezvous)
{
    struct peers producers = rendezvous_peers(rendezvous, PRODUCER);
    while (producers.died == 0 && producers.alive > 0 &&
           producers.all_sent < producers.alive + producers.left) {
        sleep_for(MILLISECOND);
        producers = rendezvous_peers(rendezvous, PRODUCER);
    }
    if (producers.died > 0)
        peer_died(PRODUCER, producers.dead_pid);
    if (producers.all_sent < producers.left)
        fail_that(EXIT_PEER, "the producer ended before it had sent everything");
}
