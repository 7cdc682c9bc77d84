/*
 * ipc-msgqueue consumer: writes what the messages of a queue hold to standard output.
 *
 * Consumers may be many: each message goes to exactly one. An empty message is the end of the
 * stream; whoever takes it puts it back while others still wait for it.
 */
#include "msgqueue.h"

#include "ipc/cleanup.h"
#include "ipc/clock.h"
#include "ipc/io.h"
#include "ipc/narration.h"
#include "ipc/patience.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/msg.h>
#include <unistd.h>

enum { NOTHING_MORE = -1 };

static struct queue queue = {.family = SYSV, .descriptor = (mqd_t)-1};
static struct narration *n;
static struct message *message;
static size_t room;
static long selection;
static uint64_t began, deadline;
static bool came; /* a message did: then there is a producer, ours or not */

/*
 * Asked while waiting only: whether nothing more will be sent. Whoever gets true looks into the
 * queue once more, as a message may have been sent before the producer said so or died.
 */
static bool producer_is_through(void)
{
    static bool told;
    const struct peers producers = rendezvous_peers(&queue.rendezvous, PRODUCER);
    if (producers.all_sent > 0)
        return true;
    if (producers.alive > 0)
        return false;
    if (producers.died + producers.left > 0)
        return true;
    if (!came && now() >= deadline)
        fail_that(EXIT_PEER, "no producer came in time");
    if (!came && !told && now() - began > SECOND / 5) {
        say("waiting for a producer");
        told = true;
    }
    return false;
}

/*
 * Who ends the sleep: a producer that sends, another consumer that puts the end mark back, whoever
 * removes the queue (EIDRM), or the next tick: so the death of a producer, of a consumer who had
 * the mark in its hands, and a signal that came right before the call are all noticed.
 */
static ssize_t receive_sysv(void)
{
    struct patience patience = {0};
    for (bool last_look = false;;) {
        ssize_t got = msgrcv(queue.id, message, room, selection, IPC_NOWAIT);
        if (got == -1 && errno == ENOMSG && last_look)
            return NOTHING_MORE;
        if (got == -1 && errno == ENOMSG && !still_patient(&patience)) {
            last_look = producer_is_through();
            if (last_look)
                continue;
            interrupt_sleeps();
            got = msgrcv(queue.id, message, room, selection, 0);
        }
        if (got != -1)
            return got;
        if (errno == E2BIG) { /* it stays in the queue */
            free(message);
            message = message_of(room *= 2);
        } else if (errno != ENOMSG && !interrupted()) {
            fail("msgrcv", queue.session_name);
        }
        end_if_signalled();
    }
}

/* The same; its timeout ends the sleep. A time long past means: do not wait (mq_receive(3p)). */
static ssize_t receive_posix(void)
{
    static const struct timespec past = {0};
    struct patience patience = {0};
    for (bool last_look = false;;) {
        unsigned priority;
        ssize_t got = mq_timedreceive(queue.descriptor, message->text, room, &priority, &past);
        if (got == -1 && errno == ETIMEDOUT && last_look)
            return NOTHING_MORE;
        if (got == -1 && errno == ETIMEDOUT && !still_patient(&patience)) {
            last_look = producer_is_through();
            if (last_look)
                continue;
            const struct timespec limit = soon();
            got = mq_timedreceive(queue.descriptor, message->text, room, &priority, &limit);
        }
        if (got != -1) {
            message->type = (long)priority;
            return got;
        }
        if (errno != ETIMEDOUT && !interrupted())
            fail("mq_receive", queue.session_name);
        end_if_signalled();
    }
}

static ssize_t receive_message(void)
{
    const bool sysv = queue.family == SYSV;
    const uint64_t called = n != NULL ? now() : 0;
    const ssize_t got = sysv ? receive_sysv() : receive_posix();
    came = true;
    if (n != NULL && got == NOTHING_MORE)
        narrate_waited(n, LEFT, called, "nothing came", "the queue is empty, and nobody sends");
    else if (n != NULL)
        narrate_waited(n, LEFT, called, "the queue was empty", "%s(%d) = %zd  %s %ld  %s%s",
                       sysv ? "msgrcv" : "mq_receive",
                       sysv ? queue.id : (int)(intptr_t)queue.descriptor, got,
                       sysv ? "type" : "priority", message->type,
                       quoted(message->text, (size_t)got).text, got == 0 ? "  the end" : "");
    return got;
}

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
        if (queue.family == SYSV ? msgsnd(queue.id, message, 0, IPC_NOWAIT) == 0
                                 : mq_timedsend(queue.descriptor, message->text, 0,
                                                (unsigned)message->type, &past) == 0)
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
    if (selection != 0 && queue.made && !others_wait() &&
        msgctl(queue.id, IPC_STAT, &status) == 0 && status.msg_qnum > 1)
        fail_that(EXIT_FAILED,
                  "the queue holds %lu messages that --type %ld does not select: discarded",
                  (unsigned long)status.msg_qnum, selection);
}

static void write_message(size_t size, bool lines, struct transfer *transfer)
{
    static bool line_is_open;
    if (lines && line_is_open && !write_full(STDOUT_FILENO, "\n", 1))
        fail("write", "standard output");
    if (!write_full(STDOUT_FILENO, message->text, size))
        fail("write", "standard output");
    line_is_open = message->text[size - 1] != '\n';
    transfer_add(transfer, size);
}

int msgqueue_consumer(const struct role *role, int argc, char **argv)
{
    double timeout = NOT_GIVEN;
    bool verbose = false, lines = false;
    const struct option_row options[] = {
        OPTION_NAME(&queue.name),
        OPTION_API(&queue.family),
        OPTION_KEY(&queue.key_text),
        {.name = "lines", .flag = &lines, .help = "each message begins on a line of its own"},
        {.name = "type",
         .argument = "N",
         .number = &selection,
         .least = -LONG_MAX,
         .most = LONG_MAX,
         .help = "0: any; N: that type; -N: the lowest up to N (sysv only; default 0)"},
        OPTION_TIMEOUT(&timeout),
        OPTION_QUIET,
        OPTION_VERBOSE(&verbose),
        {0}};
    parse_arguments(role, argc, argv, options, 0);
    queue_check_options(role, &queue);
    if (queue.family == POSIX && selection != 0)
        usage_error(role, "--type: a POSIX queue always gives the highest priority first");

    const uint64_t limit = nanoseconds_of(timeout);
    began = now();
    deadline = limit == UINT64_MAX ? limit : began + limit;
    queue_join(&queue, CONSUMER, deadline);
    if (verbose)
        n = narration_open(STDERR_FILENO, "consumer", NULL, 0);
    room = queue.largest;
    message = message_of(room);

    struct transfer transfer;
    ssize_t got;
    transfer_begin(&transfer, "consumer", -1, !isatty(STDOUT_FILENO));
    while ((got = receive_message()) > 0)
        write_message((size_t)got, lines, &transfer);
    if (got == NOTHING_MORE)
        check_whole();
    if (!close_written(STDOUT_FILENO))
        fail("close", "standard output");
    rendezvous_set_state(&queue.rendezvous, STATE_ALL_RECEIVED, transfer.bytes);
    if (got == 0)
        put_back_end();
    rendezvous_leave(&queue.rendezvous, false);
    transfer_end(&transfer);
    return EXIT_DONE;
}
