/*
 * ipc-pipe producer [FILE] | ipc-pipe consumer: the shell made the pipe, and two siblings use it.
 *
 * The two find each other by a rendezvous that is named after the pipe's inode. Any other program
 * may be at the other end; then there is nobody to confirm anything.
 */
#include "pipe.h"

#include "ipc/cleanup.h"
#include "ipc/clock.h"
#include "ipc/platform.h"
#include "ipc/rendezvous.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

static struct rendezvous rendezvous;

/* The reader has gone. If it was our consumer that is a death; else standard output is gone. */
static _Noreturn void end_without_reader(struct side *side)
{
    struct peers consumers = rendezvous_peers(&rendezvous, CONSUMER);
    transfer_clear(&side->account);
    while (consumers.alive > 0) { /* it dies: its pipe was closed before its lock */
        sleep_for(MILLISECOND);
        consumers = rendezvous_peers(&rendezvous, CONSUMER);
    }
    if (consumers.died > 0)
        peer_died(CONSUMER, consumers.dead_pid);
    if (consumers.left > 0)
        fail_that(EXIT_PEER, "the consumer ended before it had taken everything");
    errno = EPIPE;
    fail("write", "standard output");
}

/*
 * Waits until every byte has been taken out of the pipe: by then a consumer of ours has joined.
 * Whoever reads wakes nobody, so we look again and again; a reader that dies is POLLERR.
 */
static void await_emptiness(struct side *side)
{
    struct pollfd watched = {.fd = side->end};
    for (int milliseconds = 0; bytes_in_pipe(side->end) > 0; milliseconds += milliseconds < 20) {
        end_if_signalled();
        while (poll(&watched, 1, milliseconds) == -1 && interrupted())
            ;
        if ((watched.revents & POLLERR) != 0 && bytes_in_pipe(side->end) > 0)
            end_without_reader(side);
    }
}

int pipe_producer(const struct role *role, int argc, char **argv)
{
    bool verbose = false;
    const struct option_row options[] = {OPTION_QUIET, OPTION_VERBOSE(&verbose), {0}};
    const struct operands operands = parse_arguments(role, argc, argv, options, 1);
    const char *name = name_of_pipe(role, STDOUT_FILENO, "standard output");
    struct side side = {.end = STDOUT_FILENO, .peer = "consumer", .column = LEFT};
    const char *label;
    const int input = open_input(operands.words[0], &label);
    if (verbose)
        side.narration = narration_open(STDERR_FILENO, "producer", NULL, 0);
    narrate(side.narration, LEFT, "standard output is the pipe with inode %s", name);

    rendezvous.may_follow = true;
    rendezvous_join(&rendezvous, "pipe", name, PRODUCER, false, UINT64_MAX, NULL);
    rendezvous_enter(&rendezvous);
    const int end = reopen(STDOUT_FILENO, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (end != -1) {
        make_fast(end);
        dup2(end, STDOUT_FILENO);
        close(end);
    }

    transfer_begin(&side.account, "producer", input, true);
    if (!pour_in(&side, input, label))
        end_without_reader(&side);
    rendezvous_set_state(&rendezvous, STATE_ALL_SENT, side.account.bytes);
    await_emptiness(&side);
    narrate(side.narration, LEFT, "close(%d)   everything was taken", side.end);
    if (!close_written(side.end))
        fail("close", "standard output");
    const struct peers consumers = rendezvous_peers(&rendezvous, CONSUMER);
    const bool ours = consumers.alive + consumers.died + consumers.left > 0;
    if (ours && side.account.bytes > 0 && !rendezvous_await_received(&rendezvous))
        end_without_reader(&side);
    transfer_end(&side.account);
    return EXIT_DONE;
}
