/* SPDX-License-Identifier: MIT
 * Bytes into a pipe or FIFO and out of it.
 *
 * Every wait here is for the peer, or for the input. The peer wakes us by reading or writing; when
 * it dies, the kernel closes its ends, and that wakes us, too (POLLERR, POLLHUP). A signal that
 * ends us is noticed by interrupted().
 */
#include "ipc/transfer/stream.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/io.h"
#include "ipc/transfer/platform.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK_SIZE = 64 * 1024 }; /* stays in the cache */
enum { MUCH_INPUT = 16 * 1024 }; /* whole pages, worth a look and a call of their own */
enum { LENT_SIZE = 256 * 1024, PIPE_SIZE = 1024 * 1024, SOON_MS = 20, LOOK_EVERY_MS = 500 };

void make_fast(int end)
{
    enlarge_pipe(end, PIPE_SIZE);
    or_fail(fcntl(end, F_SETFL, O_NONBLOCK), "fcntl", "pipe");
}

static bool has_rendezvous(const struct stream *stream)
{
    return stream->pair->rendezvous.slot != 0;
}

/* Ends us, exit 3, if a peer of ours died, or left before everything was through. */
static void check_peers(struct pair *pair)
{
    const enum member_role role = pair->member == PRODUCER ? CONSUMER : PRODUCER;
    const struct peers peers = rendezvous_peers(&pair->rendezvous, role);
    if (peers.died > 0)
        peer_died(role, peers.dead_pid);
    if (peers.done < peers.left)
        fail_that(EXIT_PEER, role == CONSUMER ? "the consumer ended before it had taken everything"
                                              : "the producer ended before it had sent everything");
}

/*
 * Until the peer reads or writes. If another process has that end open, too (the shell, or another
 * producer), the peer's death is neither EPIPE nor an end of file: so we look.
 */
static void await_peer(const struct stream *stream, short events)
{
    while (!wait_ready(stream->end, events, has_rendezvous(stream) ? LOOK_EVERY_MS : -1))
        check_peers(stream->pair);
}

/*
 * After a call that returned -1: returns to try it again, at once while that is worth it, else
 * after a sleep. False if nobody is left to read: EPIPE.
 */
static bool await_pipe(struct stream *stream, uint64_t *spin, short events, const char *call,
                       const char *object)
{
    struct pair *pair = stream->pair;
    if (errno == EPIPE)
        return false;
    if (errno != EAGAIN && !interrupted())
        fail(call, object);
    if (errno != EAGAIN || keep_spinning(spin))
        return true;
    narrate(pair->narration, stream->column, "%s(%d) = -1  EAGAIN", call, stream->end);
    narrate_call(pair->narration, stream->column, "poll(%d, %s)", stream->end,
                 events == POLLOUT ? "POLLOUT" : "POLLIN");
    if (events == POLLOUT || !has_rendezvous(stream)) {
        await_peer(stream, events);
    } else if (!wait_ready(stream->end, events, SOON_MS)) {
        /* for producers that wait; not before, since that costs more than to take a line */
        rendezvous_set_state(&pair->rendezvous, STATE_CAUGHT_UP);
        await_peer(stream, events);
        rendezvous_set_state(&pair->rendezvous, STATE_JOINED);
    }
    narrate_return(pair->narration, events == POLLOUT ? "it was full" : "it was empty", "1");
    *spin = 0;
    return true;
}

static bool send_block(struct stream *stream, const char *bytes, size_t size)
{
    uint64_t spin = 0;
    for (size_t sent = 0; sent < size;) {
        if (spin == 0) /* not once more at each try */
            narrate(stream->pair->narration, stream->column, "write(%d, %zu bytes)", stream->end,
                    size - sent);
        const ssize_t written = write_some(stream->end, bytes + sent, size - sent);
        if (written >= 0) {
            sent += (size_t)written;
            spin = 0;
        } else if (!await_pipe(stream, &spin, POLLOUT, "write", stream->object)) {
            return false;
        }
    }
    return true;
}

/*
 * Where the system can, the pages of a file in memory, or of a pipe that holds many, are lent to
 * the pipe, and not copied into it: what write() copies it copies under a lock of the pipe, which
 * the reader waits for. Until it is read such a page is still the file's: therefore the producer
 * ends after that (end_stream_producer()). What comes through a pipe is not lent where others
 * write, too: what is moved has no PIPE_BUF, up to which it would stay together.
 *
 * False when nobody is left to read. True at the end of the file, while little comes through the
 * input's pipe, or where the system cannot do this: the rest is read and written, and if that
 * fails, too, it is told.
 */
static bool lend_input(struct stream *stream)
{
    struct pair *pair = stream->pair;
    struct input *input = &pair->input;
    uint64_t spin = 0;
    if (input->may_wait && has_rendezvous(stream) &&
        rendezvous_peers(&pair->rendezvous, PRODUCER).alive > 0)
        return true;
    for (;;) {
        if (input->may_wait) {
            narrate_call(pair->narration, stream->column, "poll(%d, POLLIN)", input->descriptor);
            const bool has_reader = await_input(pair);
            narrate_return(pair->narration, "no input", "1");
            if (!has_reader)
                return false;
            if (bytes_in_pipe(input->descriptor) < MUCH_INPUT)
                return true;
        }
        if (spin == 0)
            narrate(pair->narration, stream->column, "splice(%d, %d, %d)", input->descriptor,
                    stream->end, LENT_SIZE);
        end_if_signalled();
        const ssize_t sent = splice_some(input->descriptor, stream->end, LENT_SIZE);
        if (sent > 0) {
            progress_add(&pair->progress, (size_t)sent);
            spin = 0;
        } else if (sent == 0) {
            return true;
        } else if (errno != EAGAIN && errno != EINTR && errno != EPIPE) {
            input->lends = false;
            return true;
        } else if (!await_pipe(stream, &spin, POLLOUT, "splice", input->label)) {
            return false;
        }
    }
}

bool stream_send(struct stream *stream)
{
    static char block[BLOCK_SIZE];
    struct pair *pair = stream->pair;
    pair->input.pipe = stream->end;
    pair->watch = has_rendezvous(stream) ? check_peers : NULL;
    for (bool much = !pair->input.may_wait;;) {
        if (much && pair->input.lends && !lend_input(stream))
            return false;
        narrate_call(pair->narration, stream->column, "read(%d)", pair->input.descriptor);
        const ssize_t got = read_input(pair, block, sizeof block);
        narrate_return(pair->narration, "no input", "%zd", got);
        if (got <= 0)
            return got == 0;
        if (!send_block(stream, block, (size_t)got))
            return false;
        progress_add(&pair->progress, (size_t)got);
        much = got == sizeof block;
    }
}

/*
 * At an end of file: one is dying, since its end is closed before its lock; or has not opened the
 * FIFO yet, and would wait for us for ever.
 */
static bool producers_may_write(const struct stream *stream)
{
    if (!has_rendezvous(stream))
        return false;
    const struct peers producers = rendezvous_peers(&stream->pair->rendezvous, PRODUCER);
    return producers.died == 0 && producers.alive > 0 &&
           producers.done < producers.alive + producers.left;
}

/*
 * Whether standard output is a file, or a device like /dev/null, which copies what it is given. Not
 * a pipe or a socket: they would keep the pages, while a producer that lent its file's is told that
 * all is written out.
 */
static bool output_copies(void)
{
    struct stat status;
    return fstat(STDOUT_FILENO, &status) == 0 &&
           (S_ISREG(status.st_mode) || (S_ISCHR(status.st_mode) && !isatty(STDOUT_FILENO)));
}

void stream_receive(struct stream *stream)
{
    static char block[BLOCK_SIZE];
    struct pair *pair = stream->pair;
    uint64_t spin = 0;
    bool moves = output_copies();
    /* somebody else's, too, so that it could not be made non-blocking: read() is not to sleep */
    const bool blocks = (fcntl(stream->end, F_GETFL) & O_NONBLOCK) == 0;
    for (;;) {
        ssize_t got = -1;
        errno = EAGAIN;
        end_if_signalled();
        if (moves)
            got = splice_some(stream->end, STDOUT_FILENO, LENT_SIZE);
        else if (!blocks || wait_ready(stream->end, POLLIN, 0))
            got = read_some(stream->end, block, sizeof block);
        if (moves && got == -1 && errno != EAGAIN && errno != EINTR) {
            moves = false; /* nothing is lost: if write() fails, too, it is told */
            continue;
        }
        if (got == -1) {
            await_pipe(stream, &spin, POLLIN, moves ? "splice" : "read", stream->object);
            continue;
        }
        if (got == 0 && producers_may_write(stream)) {
            rendezvous_set_state(&pair->rendezvous, STATE_CAUGHT_UP); /* the others need not wait */
            sleep_for(MILLISECOND);
            rendezvous_set_state(&pair->rendezvous, STATE_JOINED);
            continue;
        }
        narrate(pair->narration, stream->column,
                moves ? "splice(%d, 1) = %zd%s" : "read(%d) = %zd%s", stream->end, got,
                got == 0 ? "   end of file" : "");
        if (got == 0 && has_rendezvous(stream))
            check_peers(pair);
        if (got == 0)
            return;
        /* a producer of ours has joined before its first byte comes */
        if (stream->shares_terminal && pair->progress.bytes == 0)
            pair->progress.shows =
                pair->progress.shows && rendezvous_peers(&pair->rendezvous, PRODUCER).alive == 0;
        if (!moves)
            print_bytes(block, (size_t)got);
        progress_add(&pair->progress, (size_t)got);
        spin = 0;
        errno = EAGAIN; /* in all likelihood: no call only to find that out */
        if (got < BLOCK_SIZE && pair->narration == NULL)
            await_pipe(stream, &spin, POLLIN, "read", stream->object);
    }
}

int end_stream_producer(struct stream *stream)
{
    struct pair *pair = stream->pair;
    rendezvous_set_state(&pair->rendezvous, STATE_DONE);
    for (int milliseconds = 0; bytes_in_pipe(stream->end) > 0; milliseconds += milliseconds < 20) {
        if (wait_ready(stream->end, 0, milliseconds) && bytes_in_pipe(stream->end) > 0)
            end_without_reader(stream); /* POLLERR */
        check_peers(pair);
    }
    narrate(pair->narration, stream->column, "close(%d)   everything was taken", stream->end);
    if (!close_written(stream->end))
        fail("close", stream->object);
    const struct peers consumers = rendezvous_peers(&pair->rendezvous, CONSUMER);
    const bool ours = consumers.alive + consumers.died + consumers.left > 0;
    if (ours && pair->progress.bytes > 0 && !rendezvous_await_received(&pair->rendezvous))
        end_without_reader(stream);
    progress_end(&pair->progress);
    return EXIT_DONE;
}

void end_without_reader(struct stream *stream)
{
    const struct rendezvous *rendezvous = &stream->pair->rendezvous;
    close(stream->end); /* otherwise a consumer that lives after all would wait for us */
    const uint64_t until = now() + SECOND;
    while (rendezvous_peers(rendezvous, CONSUMER).alive > 0 && now() < until)
        sleep_for(MILLISECOND); /* dying: its end is closed before its lock */
    check_peers(stream->pair);
    errno = EPIPE;
    fail("write", stream->object);
}
