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
#include "ipc/common/platform.h"
#include "ipc/transfer/spin.h"

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
static bool await_input(const struct side *side, int input)
{
    struct pollfd watched[] = {{.fd = input, .events = POLLIN}, {.fd = side->end}};
    int ready;
    end_if_signalled();
    do
        ready = poll(watched, 2, -1);
    while (ready == -1 && interrupted());
    return (watched[1].revents & (POLLERR | POLLHUP)) == 0;
}

static bool pour_block_in(struct side *side, const char *bytes, size_t size)
{
    struct patience patience = {0};
    for (size_t sent = 0; sent < size;) {
        if (patience.until == 0)
            narrate(side->narration, side->column, "write(%d, %zu bytes)", side->end, size - sent);
        const ssize_t written = write_some(side->end, bytes + sent, size - sent);
        if (written >= 0) {
            sent += (size_t)written;
            patience = (struct patience){0};
        } else if (errno == EPIPE) {
            return false;
        } else if (errno != EAGAIN) {
            fail("write", side->object);
        } else if (!still_patient(&patience)) {
            narrate(side->narration, side->column, "write(%d) = -1   EAGAIN: full", side->end);
            wait_ready(side->end, POLLOUT, -1);
            patience = (struct patience){0};
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
static bool lend_file(struct side *side, int input, const char *label)
{
    struct patience patience = {0};
    for (;;) {
        if (patience.until == 0) /* not once more at each try */
            narrate(side->narration, side->column, "sendfile(%d, %d, %d)", side->end, input, LENT);
        end_if_signalled();
        const ssize_t sent = send_from_file(side->end, input, LENT);
        if (sent > 0) {
            transfer_add(&side->account, (size_t)sent);
            patience = (struct patience){0};
        } else if (sent == 0 || errno == EINVAL || errno == ENOSYS) {
            return true;
        } else if (errno == EPIPE) {
            return false;
        } else if (errno == EAGAIN) {
            if (still_patient(&patience))
                continue;
            narrate(side->narration, side->column, "sendfile(%d) = -1   EAGAIN: full", side->end);
            wait_ready(side->end, POLLOUT, -1);
            patience = (struct patience){0};
        } else if (!interrupted()) {
            fail("sendfile", label);
        }
    }
}

bool pour_in(struct side *side, int input, const char *label)
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
        if (!pour_block_in(side, block, (size_t)got))
            return false;
        transfer_add(&side->account, (size_t)got);
    }
}

void pour_out(struct side *side)
{
    static char block[BLOCK];
    struct patience patience = {0};
    for (;;) {
        const ssize_t got = read_some(side->end, block, sizeof block);
        if (got > 0) {
            narrate(side->narration, side->column, "read(%d) = %zd", side->end, got);
            if (!write_full(STDOUT_FILENO, block, (size_t)got))
                fail("write", "standard output");
            transfer_add(&side->account, (size_t)got);
            patience = (struct patience){0};
        } else if (got == 0) {
            narrate(side->narration, side->column, "read(%d) = 0   end of file", side->end);
            return;
        } else if (errno != EAGAIN) {
            fail("read", side->object);
        } else if (!still_patient(&patience)) {
            narrate(side->narration, side->column, "read(%d) = -1   EAGAIN: empty", side->end);
            if (side->idle != NULL)
                side->idle(true);
            wait_ready(side->end, POLLIN, -1);
            if (side->idle != NULL)
                side->idle(false);
            patience = (struct patience){0};
        }
    }
}

void await_readers(struct side *side, const struct rendezvous *rendezvous)
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
    if (ours && side->account.bytes > 0 && !rendezvous_await_received(rendezvous))
        end_without_reader(side, rendezvous);
}

void end_without_reader(struct side *side, const struct rendezvous *rendezvous)
{
    struct peers consumers = rendezvous_peers(rendezvous, CONSUMER);
    transfer_clear(&side->account);
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

void check_producers(struct side *side, const struct rendezvous *rendezvous)
{
    struct peers producers = rendezvous_peers(rendezvous, PRODUCER);
    while (producers.died == 0 && producers.alive > 0 &&
           producers.all_sent < producers.alive + producers.left) {
        sleep_for(MILLISECOND);
        producers = rendezvous_peers(rendezvous, PRODUCER);
    }
    transfer_clear(&side->account);
    if (producers.died > 0)
        peer_died(PRODUCER, producers.dead_pid);
    if (producers.all_sent < producers.left)
        fail_that(EXIT_PEER, "the producer ended before it had sent everything");
}
