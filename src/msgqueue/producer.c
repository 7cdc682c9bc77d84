/*
 * ipc-msgqueue producer: sends FILE or standard input as messages, and an empty one at the end.
 *
 * The kernel keeps what was sent: this process may have ended before a consumer comes. One that is
 * there already is waited for, so that its death is no success here.
 */
#include "msgqueue.h"

#include "ipc/cleanup.h"
#include "ipc/clock.h"
#include "ipc/io.h"
#include "ipc/narration.h"
#include "ipc/patience.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    /* Linux keeps a message in pieces of a page less a pointer, the first less 48 bytes: two fit */
    USUAL_SIZE = 8136,
    MESSAGES_A_READ = 8,
    CHECK_EVERY = 200 /* ms */
};

static struct queue queue = {.family = SYSV, .descriptor = (mqd_t)-1};

/* One read(2). While input that may never come is waited for, a consumer may die. */
static size_t read_input(int input, bool watched, const char *label, void *bytes, size_t size)
{
    while (watched && !wait_ready(input, POLLIN, CHECK_EVERY)) {
        const struct peers consumers = rendezvous_peers(&queue.rendezvous, CONSUMER);
        if (consumers.alive == 0 && consumers.died + consumers.left > 0)
            check_consumers(&queue);
    }
    const ssize_t got = read_some(input, bytes, size);
    if (got == -1)
        fail("read", label);
    return (size_t)got;
}

/*
 * Reads far more at once than a message holds, and sends it from where it lies: the type that
 * msgsnd() wants before the text is written over the end of what was sent already.
 */
static void send_blocks(int input, bool watched, const char *label, long type,
                        struct transfer *transfer)
{
    const size_t whole = queue.largest < USUAL_SIZE ? queue.largest : USUAL_SIZE;
    const size_t most = whole > sizeof type ? whole - whole % sizeof type : whole; /* aligned */
    struct message *first = message_of(MESSAGES_A_READ * most);
    for (size_t got;
         (got = read_input(input, watched, label, first->text, MESSAGES_A_READ * most)) > 0;) {
        for (size_t sent = 0; sent < got;) {
            const size_t size = got - sent < most ? got - sent : most;
            struct message *message = (void *)(first->text + sent - sizeof type);
            message->type = type;
            send_message(&queue, message, size);
            sent += size;
        }
        transfer_add(transfer, got);
    }
    free(first);
}

static void send_lines(int input, bool watched, const char *label, long type,
                       struct transfer *transfer)
{
    const size_t room = queue.largest + USUAL_SIZE; /* a whole line, and what was read behind it */
    struct message *message = message_of(queue.largest);
    char *bytes = malloc(room);
    if (bytes == NULL)
        fail("malloc", "lines");
    message->type = type;
    unsigned long line = 1;
    size_t filled = 0;
    for (bool more = true; more;) {
        const size_t got = read_input(input, watched, label, bytes + filled, room - filled);
        filled += got;
        more = got > 0;
        size_t sent = 0;
        while (sent < filled) {
            const char *end = memchr(bytes + sent, '\n', filled - sent);
            const size_t size = end != NULL ? (size_t)(end - (bytes + sent)) + 1 : filled - sent;
            if (size > queue.largest)
                fail_that(EXIT_FAILED,
                          "line %lu is longer than %zu bytes, the largest message of this queue\n"
                          "  %s is where that is set",
                          line, queue.largest,
                          queue.family == POSIX ? "/proc/sys/fs/mqueue/msgsize_max"
                                                : "/proc/sys/kernel/msgmax (msgmnb for the queue)");
            if (end == NULL && more)
                break;
            memcpy(message->text, bytes + sent, size);
            send_message(&queue, message, size);
            transfer_add(transfer, size);
            sent += size;
            line++;
        }
        memmove(bytes, bytes + sent, filled - sent);
        filled -= sent;
    }
    free(bytes);
    free(message);
}

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
    return consumers.all_received == 0;
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

    const char *label;
    struct stat status;
    const int input = open_input(operands.words[0], &label);
    const bool watched = fstat(input, &status) == 0 && !S_ISREG(status.st_mode);
    const uint64_t limit = nanoseconds_of(timeout);
    queue.began = now();
    queue.deadline = limit == UINT64_MAX ? limit : queue.began + limit;
    queue_join(&queue, PRODUCER, queue.deadline);
    if (verbose)
        queue.narration = narration_open(STDERR_FILENO, "producer", NULL, 0);

    struct transfer transfer;
    transfer_begin(&transfer, "producer", input, true);
    if (lines)
        send_lines(input, watched, label, type, &transfer);
    else
        send_blocks(input, watched, label, type, &transfer);
    /* the mark has the data's type: who selects these messages gets it, and gets it after them */
    const struct message end = {.type = type};
    send_message(&queue, &end, 0);
    rendezvous_set_state(&queue.rendezvous, STATE_ALL_SENT, transfer.bytes);
    const bool keep = await_consumers();
    rendezvous_leave(&queue.rendezvous, keep);
    transfer_end(&transfer);
    return EXIT_DONE;
}
