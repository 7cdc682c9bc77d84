/*
 * Bytes into a pipe or FIFO and out of it.
 *
 * Every wait here is for the peer, or for the input. The peer wakes us by reading or writing; when
 * it dies, the kernel closes its ends, and that wakes us, too (POLLERR, POLLHUP). A signal that
 * ends us is noticed by interrupted().
 */
#include "ipc/transfer/stream.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/error.h"
#include "ipc/common/io.h"
#include "ipc/transfer/platform.h"
#include "ipc/transfer/spin.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BLOCK_SIZE = 64 * 1024, /* stays in the cache */
    SENDFILE_SIZE = 256 * 1024,
    PIPE_SIZE = 1024 * 1024
};

void make_fast(int end)
{
    enlarge_pipe(end, PIPE_SIZE);
    or_fail(fcntl(end, F_SETFL, O_NONBLOCK), "fcntl", "pipe");
}

/* After EAGAIN: returns to try again, at once while it is worth it, else after a sleep. */
static void await_pipe(const struct stream *stream, struct spin *spin, short events,
                       const char *call)
{
    if (keep_spinning(spin))
        return;
    narrate(stream->narration, stream->column, "%s(%d) = -1   EAGAIN: %s", call, stream->end,
            events == POLLOUT ? "full" : "empty");
    if (stream->idle != NULL)
        stream->idle(true);
    wait_ready(stream->end, events, -1);
    if (stream->idle != NULL)
        stream->idle(false);
    *spin = (struct spin){0};
}

/* Waits for input and, at the same time, for the news that nobody reads any more: then false. */
static bool await_input(const struct stream *stream, int input)
{
    struct pollfd watched[] = {{.fd = input, .events = POLLIN}, {.fd = stream->end}};
    int ready;
    end_if_signalled();
    do
        ready = poll(watched, 2, -1);
    while (ready == -1 && interrupted());
    return (watched[1].revents & (POLLERR | POLLHUP)) == 0;
}

static bool send_block(struct stream *stream, const char *bytes, size_t size)
{
    struct spin spin = {0};
    for (size_t sent = 0; sent < size;) {
        if (spin.until == 0) /* not once more at each try */
            narrate(stream->narration, stream->column, "write(%d, %zu bytes)", stream->end,
                    size - sent);
        const ssize_t written = write_some(stream->end, bytes + sent, size - sent);
        if (written >= 0) {
            sent += (size_t)written;
            spin = (struct spin){0};
        } else if (errno == EPIPE) {
            return false;
        } else if (errno == EAGAIN) {
            await_pipe(stream, &spin, POLLOUT, "write");
        } else {
            fail("write", stream->object);
        }
    }
    return true;
}

/*
 * Where the system can, a file's pages in memory are lent to the pipe, and not copied into it: what
 * write() copies it copies under a lock of the pipe, which the reader waits for. Until it is read
 * such a page is still the file's: therefore the producer ends after that (await_readers()).
 *
 * False when nobody is left to read. True at the end of the file, or where the system cannot do
 * this: the rest is read and written.
 */
static bool lend_file(struct stream *stream, int input, const char *label)
{
    struct spin spin = {0};
    for (;;) {
        if (spin.until == 0)
            narrate(stream->narration, stream->column, "sendfile(%d, %d, %d)", stream->end, input,
                    SENDFILE_SIZE);
        end_if_signalled();
        const ssize_t sent = send_from_file(stream->end, input, SENDFILE_SIZE);
        if (sent > 0) {
            progress_add(&stream->progress, (size_t)sent);
            spin = (struct spin){0};
        } else if (sent == 0 || errno == EINVAL || errno == ENOSYS) {
            return true;
        } else if (errno == EPIPE) {
            return false;
        } else if (errno == EAGAIN) {
            await_pipe(stream, &spin, POLLOUT, "sendfile");
        } else if (!interrupted()) {
            fail("sendfile", label);
        }
    }
}

bool stream_send(struct stream *stream, int input, const char *label)
{
    static char block[BLOCK_SIZE];
    struct stat status;
    const bool may_wait = fstat(input, &status) == -1 || !S_ISREG(status.st_mode);
    if (!may_wait && !lend_file(stream, input, label))
        return false;
    for (;;) {
        if (may_wait && !await_input(stream, input))
            return false;
        const ssize_t got = read_some(input, block, sizeof block);
        if (got == -1 && errno == EAGAIN) /* somebody who shares it made it non-blocking */
            continue;
        if (got == -1)
            fail("read", label);
        if (got == 0)
            return true;
        if (!send_block(stream, block, (size_t)got))
            return false;
        progress_add(&stream->progress, (size_t)got);
    }
}

void stream_receive(struct stream *stream)
{
    static char block[BLOCK_SIZE];
    struct spin spin = {0};
    ssize_t got;
    while ((got = read_some(stream->end, block, sizeof block)) != 0) {
        if (got == -1 && errno != EAGAIN)
            fail("read", stream->object);
        if (got == -1) {
            await_pipe(stream, &spin, POLLIN, "read");
            continue;
        }
        narrate(stream->narration, stream->column, "read(%d) = %zd", stream->end, got);
        if (!write_full(STDOUT_FILENO, block, (size_t)got))
            fail("write", "standard output");
        progress_add(&stream->progress, (size_t)got);
        spin = (struct spin){0};
    }
    narrate(stream->narration, stream->column, "read(%d) = 0   end of file", stream->end);
}

void await_readers(struct stream *stream, const struct rendezvous *rendezvous)
{
    struct pollfd watched = {.fd = stream->end};
    for (int milliseconds = 0; bytes_in_pipe(stream->end) > 0; milliseconds += milliseconds < 20) {
        end_if_signalled();
        while (poll(&watched, 1, milliseconds) == -1 && interrupted())
            ;
        if ((watched.revents & POLLERR) != 0 && bytes_in_pipe(stream->end) > 0)
            end_without_reader(stream, rendezvous);
    }
    narrate(stream->narration, stream->column, "close(%d)   everything was taken", stream->end);
    if (!close_written(stream->end))
        fail("close", stream->object);
    const struct peers consumers = rendezvous_peers(rendezvous, CONSUMER);
    const bool ours = consumers.alive + consumers.died + consumers.left > 0;
    if (ours && stream->progress.bytes > 0 && !rendezvous_await_received(rendezvous))
        end_without_reader(stream, rendezvous);
}

void end_without_reader(struct stream *stream, const struct rendezvous *rendezvous)
{
    struct peers consumers = rendezvous_peers(rendezvous, CONSUMER);
    while (consumers.alive > 0) { /* dying: its end is closed before its lock */
        sleep_for(MILLISECOND);
        consumers = rendezvous_peers(rendezvous, CONSUMER);
    }
    if (consumers.died > 0)
        peer_died(CONSUMER, consumers.dead_pid);
    if (consumers.left > 0)
        fail_that(EXIT_PEER, "the consumer ended before it had taken everything");
    errno = EPIPE;
    fail("write", stream->object);
}

void check_producers(const struct rendezvous *rendezvous)
{
    struct peers producers = rendezvous_peers(rendezvous, PRODUCER);
    while (producers.died == 0 && producers.alive > 0 &&
           producers.done < producers.alive + producers.left) {
        sleep_for(MILLISECOND);
        producers = rendezvous_peers(rendezvous, PRODUCER);
    }
    if (producers.died > 0)
        peer_died(PRODUCER, producers.dead_pid);
    if (producers.done < producers.left)
        fail_that(EXIT_PEER, "the producer ended before it had sent everything");
}
