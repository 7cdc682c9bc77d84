/*
 * ipc-msgqueue producer: sends FILE or standard input as messages, and an empty one at the end.
 *
 * The kernel keeps what was sent: this process may have ended before a consumer comes. One that is
 * there already is waited for, so that its death is no success here.
 */
#include "msgqueue.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/io.h"
#include "ipc/narration/narration.h"

#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

static struct queue queue = {.family = SYSV, .descriptor = (mqd_t)-1};

/*
 * Those who are here tell whether they got everything. Nobody here: the queue waits for whoever
 * comes. True if it is to be kept.
 */
static bool await_consumers(void)
{
    uint64_t pause = 20 * MICROSECOND;
    struct peers consumers;
    for (;;) {
        consumers = rendezvous_peers(&queue.rendezvous, CONSUMER);
        if (consumers.alive == 0 || consumers.all_received >= consumers.alive + consumers.left)
            break;
        sleep_for(pause);
        pause = pause < 5 * MILLISECOND ? 2 * pause : pause;
    }
    if (consumers.all_received == 0 && consumers.died + consumers.left > 0)
        check_consumers(&queue);
    if (consumers.died > 0)
        say("a consumer (pid %ld) died; a message that it had taken is lost",
            (long)consumers.dead_pid);
    return consumers.all_received == 0 && queue.made; /* another's is kept by whoever made it */
}

int msgqueue_producer(const struct role *role, int argc, char **argv)
{
    double timeout = NOT_GIVEN;
    bool verbose = false, lines = false;
    long type = NOT_GIVEN;
    const struct option_row options[] = {
        OPTION_NAME(&queue.name),
        OPTION_API(&queue.family, "sysv"),
        OPTION_KEY(&queue.key_text),
        {.name = "lines", .flag = &lines, .help = "a message per line, its newline included"},
        {.name = "type",
         .argument = "N",
         .number = &type,
         .most = LONG_MAX,
         .help = "the messages' type (sysv: from 1; default 1) or priority (posix: from 0)"},
        OPTION_TIMEOUT(&timeout),
        OPTION_QUIET,
        OPTION_VERBOSE(&verbose),
        {0}};
    const struct operands operands = parse_arguments(role, argc, argv, options, 1);
    queue_check_options(role, &queue);
    const long priorities = sysconf(_SC_MQ_PRIO_MAX);
    if (queue.family == SYSV && type == 0)
        usage_error(role, "--type: a System V type is 1 or more");
    if (queue.family == POSIX && priorities > 0 && type >= priorities)
        usage_error(role, "--type: a priority is at most %ld", priorities - 1);
    if (type == NOT_GIVEN)
        type = queue.family == SYSV ? 1 : 0;

    struct stat status;
    queue.input = open_input(operands.words[0], &queue.label);
    queue.watched = fstat(queue.input, &status) == 0 && !S_ISREG(status.st_mode);
    const uint64_t limit = nanoseconds_of(timeout);
    queue.began = now();
    queue.deadline = limit == UINT64_MAX ? limit : queue.began + limit;
    queue_join(&queue, PRODUCER, queue.deadline);
    if (verbose)
        queue.narration = narration_open(STDERR_FILENO, "producer", NULL, 0);

    progress_begin(&queue.progress, "producer", queue.input, true);
    if (lines)
        send_lines(&queue, type);
    else
        send_blocks(&queue, type);
    /* the mark has the data's type: who selects these messages gets it, and gets it after them */
    const struct message end = {.type = type};
    send_message(&queue, &end, 0);
    rendezvous_set_state(&queue.rendezvous, STATE_ALL_SENT, queue.progress.bytes);
    const bool keep = await_consumers();
    rendezvous_leave(&queue.rendezvous, keep);
    progress_end(&queue.progress);
    return EXIT_DONE;
}
