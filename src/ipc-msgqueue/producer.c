/* SPDX-License-Identifier: MIT
 * ipc-msgqueue producer: sends FILE or standard input as messages, and an empty one at the end.
 *
 * Usage: ipc-msgqueue producer [--name NAME] [--api sysv|posix] [--key KEY] [--lines] [--type N]
 *                              [FILE]
 *
 * The kernel keeps what was sent: this process may have ended before a consumer comes. If one is
 * there already, the producer waits for it: otherwise its death would be a success here.
 */
#include "msgqueue.h"

#include "ipc/common/clock.h"

#include <limits.h>
#include <unistd.h>

static void check_type(const struct role *role, struct pair *pair);
static void watch_consumers(struct pair *unused);
static bool await_consumers(void);

static struct queue queue = {
    .type = LONG_MIN, .pair.check = check_type, .pair.watch = watch_consumers};

int msgqueue_producer(const struct role *role, int argc, char **argv)
{
    struct pair *pair = &queue.pair;
    bool lines = false;
    const struct option_row options[] = {
        OPTIONS_FAMILY(pair, "sysv"),
        {.name = "lines", .flag = &lines, .help = "a message per line, its newline included"},
        OPTION(number, &queue.type, .name = "type", .argument = "N", .most = LONG_MAX,
               .help = "the messages' type (sysv: from 1; default 1) or priority (posix: from 0)"),
        OPTIONS_PAIR(pair),
        {0}};
    begin_pair(role, argc, argv, options, PRODUCER, pair);
    if (queue.type == LONG_MIN)
        queue.type = pair->family == SYSV ? 1 : 0;
    queue_join(&queue, PRODUCER);
    progress_begin(&pair->progress, "producer", pair->input.descriptor, !pair->verbose);
    if (lines)
        send_lines(&queue);
    else
        send_blocks(&queue);
    /* of the data's type: a consumer that selects that gets the mark, too, and after the data */
    const struct message end = {.type = queue.type};
    send_message(&queue, &end, 0);
    rendezvous_set_state(&queue.pair.rendezvous, STATE_DONE);
    queue.pair.rendezvous.keep = await_consumers();
    rendezvous_leave(&queue.pair.rendezvous);
    progress_end(&queue.pair.progress);
    return EXIT_DONE;
}

/* While no input comes. */
static void watch_consumers(struct pair *unused)
{
    (void)unused;
    check_consumers(&queue);
}

static void check_type(const struct role *role, struct pair *pair)
{
    const long priorities = sysconf(_SC_MQ_PRIO_MAX);
    if (pair->family == SYSV && queue.type == 0)
        usage_error(role, "--type: a System V type is 1 or more");
    if (pair->family == POSIX && priorities > 0 && queue.type >= priorities)
        usage_error(role, "--type: a priority is at most %ld", priorities - 1);
}

/*
 * Consumers that are here say when they have received everything. If none is here, the queue waits
 * for whoever comes. True if it is to be kept.
 */
static bool await_consumers(void)
{
    uint64_t pause = 20 * MICROSECOND;
    struct peers consumers;
    for (;;) {
        consumers = rendezvous_peers(&queue.pair.rendezvous, CONSUMER);
        if (consumers.alive == 0 || consumers.done >= consumers.alive + consumers.left)
            break;
        sleep_for(pause);
        pause = pause < 5 * MILLISECOND ? 2 * pause : pause;
    }
    if (consumers.done == 0)
        check_consumers(&queue);
    if (consumers.died > 0)
        say("a consumer (pid %ld) died; what it had taken and not written is lost",
            (long)consumers.dead_pid);
    else if (consumers.left > consumers.done)
        say("a consumer left before the end; what it had taken may be lost");
    return consumers.done == 0 && queue.made; /* whoever made another's keeps or removes it */
}
