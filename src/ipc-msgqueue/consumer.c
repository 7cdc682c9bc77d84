/*
 * ipc-msgqueue consumer: writes what the messages of a queue hold to standard output.
 *
 * Consumers may be many: each message goes to exactly one. An empty message is the end of the
 * stream; whoever takes it puts it back while others still wait for it.
 */
#include "msgqueue.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/io.h"
#include "ipc/narration/narration.h"
#include "ipc/transfer/spin.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/msg.h>
#include <unistd.h>

/* LONG_MIN: no --type was given */
static struct queue queue = {.family = SYSV, .descriptor = (mqd_t)-1, .selection = LONG_MIN};

/* Whether another consumer has not had its end yet. */
static bool others_wait(void)
{
    const struct peers others = rendezvous_peers(&queue.rendezvous, CONSUMER);
    return others.alive > 0 && others.alive + others.left > others.all_received;
}

/*
 * The mark is in our hands, so no two do this at once; and we said that we are through before, so
 * the last one finds nobody. If we die here, the others see that the producer has sent everything.
 */
static void put_back_end(void)
{
    static const struct timespec past = {0};
    while (others_wait()) {
        if (queue.family == SYSV ? msgsnd(queue.id, queue.message, 0, IPC_NOWAIT) == 0
                                 : mq_timedsend(queue.descriptor, queue.message->text, 0,
                                                (unsigned)queue.message->type, &past) == 0)
            return;
        if (errno != EAGAIN && errno != ETIMEDOUT && !interrupted())
            fail(queue.family == SYSV ? "msgsnd" : "mq_send", queue.session_name);
        sleep_for(MILLISECOND); /* full: the others take from it */
    }
}

/* No end mark came: everything was sent, and another has the mark; or there is a reason. */
static void check_whole(void)
{
    const struct peers producers = rendezvous_peers(&queue.rendezvous, PRODUCER);
    struct msqid_ds status;
    if (producers.all_sent == 0 && producers.died > 0)
        peer_died(PRODUCER, producers.dead_pid);
    if (producers.all_sent == 0)
        fail_that(EXIT_PEER, "the producer left before it had sent everything");
    if (queue.selection != 0 && queue.made && !others_wait() &&
        msgctl(queue.id, IPC_STAT, &status) == 0 && status.msg_qnum > 1)
        fail_that(EXIT_FAILED,
                  "the queue holds %lu messages that --type %ld does not select: discarded",
                  (unsigned long)status.msg_qnum, queue.selection);
}

static void write_message(size_t size, bool lines)
{
    static bool line_is_open;
    if (lines && line_is_open && !write_full(STDOUT_FILENO, "\n", 1))
        fail("write", "standard output");
    narrate(queue.narration, LEFT, "write(1, %zu)", size);
    if (!write_full(STDOUT_FILENO, queue.message->text, size))
        fail("write", "standard output");
    line_is_open = queue.message->text[size - 1] != '\n';
    progress_add(&queue.progress, size);
}

int msgqueue_consumer(const struct role *role, int argc, char **argv)
{
    double timeout = NOT_GIVEN;
    bool verbose = false, lines = false;
    const struct option_row options[] = {
        OPTION_NAME(&queue.name),
        OPTION_API(&queue.family, "sysv"),
        OPTION_KEY(&queue.key_text),
        {.name = "lines", .flag = &lines, .help = "each message begins on a line of its own"},
        {.name = "type",
         .argument = "N",
         .number = &queue.selection,
         .least = -LONG_MAX,
         .most = LONG_MAX,
         .help = "0: any; N: that type; -N: the lowest up to N (sysv only; default 0)"},
        OPTION_TIMEOUT(&timeout),
        OPTION_QUIET,
        OPTION_VERBOSE(&verbose),
        {0}};
    parse_arguments(role, argc, argv, options, 0);
    queue_check_options(role, &queue);
    if (queue.family == POSIX && queue.selection != LONG_MIN)
        usage_error(role, "--type: a POSIX queue always gives the highest priority first");
    if (queue.selection == LONG_MIN)
        queue.selection = 0;

    const uint64_t limit = nanoseconds_of(timeout);
    queue.began = now();
    queue.deadline = limit == UINT64_MAX ? limit : queue.began + limit;
    queue_join(&queue, CONSUMER, queue.deadline);
    if (verbose)
        queue.narration = narration_open(STDERR_FILENO, "consumer", NULL, 0);
    queue.room = queue.largest;
    queue.message = message_of(queue.room);

    ssize_t got;
    progress_begin(&queue.progress, "consumer", -1, true);
    while ((got = receive_message(&queue)) > 0)
        write_message((size_t)got, lines);
    if (got == NOTHING_MORE)
        check_whole();
    if (!close_written(STDOUT_FILENO))
        fail("close", "standard output");
    rendezvous_set_state(&queue.rendezvous, STATE_ALL_RECEIVED, queue.progress.bytes);
    if (got == 0)
        put_back_end();
    rendezvous_leave(&queue.rendezvous, false);
    progress_end(&queue.progress);
    return EXIT_DONE;
}
