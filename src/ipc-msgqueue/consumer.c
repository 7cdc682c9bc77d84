/* SPDX-License-Identifier: MIT
 * ipc-msgqueue consumer: writes what the messages of a queue hold to standard output.
 *
 * Usage: ipc-msgqueue consumer [--name NAME] [--api sysv|posix] [--key KEY] [--lines] [--type N]
 *
 * Consumers may be many: each message goes to exactly one, which writes it out before it takes the
 * next. One that is alone writes out what is there together. An empty message is the end of the
 * stream; the consumer that takes it puts it back while others still wait for it.
 */
#include "msgqueue.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

enum { GATHERED_MOST = 64 * 1024, LOOK_EVERY_MS = 10 };

static void check_type(const struct role *role, struct pair *pair);
static bool may_gather(void);
static void write_gathered(bool lines);
static void check_whole(void);
static void put_back_end(void);

static struct queue queue = {.type = LONG_MIN, .pair.check = check_type};
static unsigned gathered; /* how many messages queue.filled is */

int msgqueue_consumer(const struct role *role, int argc, char **argv)
{
    struct pair *pair = &queue.pair;
    bool lines = false;
    ssize_t got = 0;
    const struct option_row options[] = {
        OPTIONS_FAMILY(pair, "sysv"),
        {.name = "lines", .flag = &lines, .help = "each message begins on a line of its own"},
        OPTION(number, &queue.type, .name = "type", .argument = "N", .least = -LONG_MAX,
               .most = LONG_MAX,
               .help = "0: any; N: that type; -N: the lowest up to N (sysv only; default 0)"),
        OPTIONS_PAIR(pair),
        {0}};
    begin_pair(role, argc, argv, options, CONSUMER, pair);
    if (queue.type == LONG_MIN)
        queue.type = 0;
    queue_join(&queue, CONSUMER);
    queue.room = queue.largest > GATHERED_MOST ? queue.largest : GATHERED_MOST;
    queue.message = message_of(queue.room);

    progress_begin(&pair->progress, "consumer", -1, !pair->verbose);
    for (bool more = true; more;) {
        got = receive_message(&queue);
        queue.filled += got > 0 ? (size_t)got : 0;
        gathered += got > 0;
        if (got > 0 && !lines && may_gather())
            continue;
        more = gathered > 0 && got != 0;
        if (gathered > 0)
            write_gathered(lines);
    }
    if (got == NOTHING_MORE)
        check_whole();
    close_output();
    rendezvous_set_state(&queue.pair.rendezvous, STATE_DONE);
    if (got == 0)
        put_back_end();
    rendezvous_leave(&queue.pair.rendezvous);
    progress_end(&queue.pair.progress);
    return EXIT_DONE;
}

static void check_type(const struct role *role, struct pair *pair)
{
    if (pair->family == POSIX && queue.type != LONG_MIN)
        usage_error(role, "--type: a POSIX queue always gives the highest priority first");
}

/*
 * Whether the next message may be taken before this one is written out: if this process is killed
 * in between, nobody gets either. So only a consumer that is alone gathers, and looks now and then
 * whether it still is; without -v, which tells each call; and if the next type will be aligned.
 */
static bool may_gather(void)
{
    static bool alone;
    static uint64_t looked;
    if (queue.pair.narration != NULL || queue.filled % sizeof(long) != 0 ||
        queue.room - queue.filled < queue.largest)
        return false;
    if (now() - looked > LOOK_EVERY_MS * MILLISECOND) {
        alone = rendezvous_peers(&queue.pair.rendezvous, CONSUMER).alive == 0;
        looked = now();
    }
    return alone;
}

static void write_gathered(bool lines)
{
    static bool line_is_open;
    static unsigned long taken;
    const size_t size = queue.filled;
    taken += gathered;
    bool written = !lines || !line_is_open || write_full(STDOUT_FILENO, "\n", 1);
    narrate_call(queue.pair.narration, LEFT, "write(1, %zu)", size);
    written = written && write_full(STDOUT_FILENO, queue.message->text, size);
    if (!written) { /* other consumers have the rest: nobody else will miss it */
        complain("write", "standard output");
        fail_that(EXIT_FAILED, "%lu messages were taken from the queue: the last %s lost", taken,
                  gathered == 1 ? "is" : "are");
    }
    narrate_return(queue.pair.narration, "nobody read it", "%zu", size);
    line_is_open = queue.message->text[size - 1] != '\n';
    progress_add(&queue.pair.progress, size);
    queue.filled = gathered = 0;
}

/* True if another consumer has not had its end yet. */
static bool others_wait(void)
{
    const struct peers others = rendezvous_peers(&queue.pair.rendezvous, CONSUMER);
    return others.alive > 0 && others.alive + others.left > others.done;
}

/* No end mark came: ends the process unless everything was sent and another has the mark. */
static void check_whole(void)
{
    const struct peers producers = rendezvous_peers(&queue.pair.rendezvous, PRODUCER);
    struct msqid_ds status;
    if (producers.done == 0 && producers.died > 0)
        peer_died(PRODUCER, producers.dead_pid);
    if (producers.done == 0)
        fail_that(EXIT_PEER, "the producer left before it had sent everything");
    if (queue.type != 0 && queue.made && !others_wait() &&
        msgctl(queue.id, IPC_STAT, &status) == 0 && status.msg_qnum > 1)
        fail_that(EXIT_FAILED,
                  "the queue holds %lu messages that --type %ld does not select: discarded",
                  (unsigned long)status.msg_qnum, queue.type);
}

/*
 * Only one consumer has the mark, so no two do this at once. It said before that it has received
 * everything, so the last one finds nobody. If it dies here, the others see that the producer has
 * sent everything.
 */
static void put_back_end(void)
{
    while (others_wait() && send_once(&queue, queue.message, 0, false) == -1) {
        if (errno != EAGAIN && errno != ETIMEDOUT && !interrupted())
            fail(queue.pair.family == SYSV ? "msgsnd" : "mq_send", queue.pair.name);
        sleep_for(MILLISECOND); /* full: the others take from it */
    }
}
