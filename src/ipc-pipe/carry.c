/*
 * A parent and a child of our own, one of which produces and the other consumes.
 *
 * The end of a transfer is agreed on by two words, each over a pipe of its own. "All sent" comes
 * before the end of file, so a consumer that finds the end of file without it knows that its
 * producer has died. "All received" comes when everything is written out, so a producer knows that
 * nothing was lost. Where one side is asleep in one of these reads and the other dies, the kernel
 * closes the other's ends, and the read returns 0.
 */
#include "pipe.h"

#include "ipc/narration/lesson.h"

#include "ipc/common/children.h"
#include "ipc/common/cleanup.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void open_channel(struct channel *channel)
{
    if (pipe(channel->data) == -1 || pipe(channel->all_sent) == -1 ||
        pipe(channel->all_received) == -1)
        fail("pipe", NULL);
    make_fast(channel->data[READ_END]);
    make_fast(channel->data[WRITE_END]);
}

bool produce(struct channel *channel, struct stream *side, const char *file)
{
    const char *label;
    char word;
    close(channel->data[READ_END]);
    close(channel->all_sent[READ_END]);
    close(channel->all_received[WRITE_END]);
    side->end = channel->data[WRITE_END];
    const int input = open_input(file, &label);
    progress_begin(&side->progress, "producer", input, side->progress.shows);
    if (!stream_send(side, input, label))
        return false;
    narrate(side->narration, side->column, "write(%d, \"all sent\")", channel->all_sent[WRITE_END]);
    if (!write_full(channel->all_sent[WRITE_END], "S", 1))
        return false;
    narrate(side->narration, side->column, "close(%d)", side->end);
    close(side->end);
    const bool confirmed = read_full(channel->all_received[READ_END], &word, 1) == 1;
    if (confirmed)
        narrate(side->narration, side->column, "read(%d) = \"all received\"",
                channel->all_received[READ_END]);
    return confirmed;
}

bool consume(struct channel *channel, struct stream *side)
{
    char word;
    close(channel->data[WRITE_END]);
    close(channel->all_sent[WRITE_END]);
    close(channel->all_received[READ_END]);
    side->end = channel->data[READ_END];
    progress_begin(&side->progress, "consumer", -1, side->progress.shows);
    stream_receive(side);
    if (read_full(channel->all_sent[READ_END], &word, 1) != 1)
        return false;
    if (!close_written(STDOUT_FILENO))
        fail("close", "standard output");
    narrate(side->narration, side->column, "write(%d, \"all received\")",
            channel->all_received[WRITE_END]);
    write_full(channel->all_received[WRITE_END], "R", 1); /* if the producer has gone by now, it
                                                             does not matter any more */
    return true;
}

int conclude(pid_t child, const char *child_is, bool succeeded, struct stream *side)
{
    char words[STATUS_WORDS_SIZE];
    const int status = reap_child(child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_DONE && succeeded) {
        progress_end(&side->progress);
        return EXIT_DONE;
    }
    if (WIFEXITED(status)) /* it has said why */
        return WEXITSTATUS(status) == EXIT_PEER ? EXIT_PEER : EXIT_FAILED;
    complain_that("the %s (pid %ld) died: %s", child_is, (long)child,
                  status_in_words(status, words));
    return EXIT_PEER;
}

pid_t fork_with_channel(struct channel *channel, struct stream *side, bool verbose)
{
    *side = (struct stream){.object = "pipe"};
    if (verbose)
        side->narration = narration_open(STDERR_FILENO, "parent", "child", 0);
    narrate(side->narration, LEFT, "pipe()");
    open_channel(channel);
    const pid_t child =
        side->narration != NULL ? narrate_fork(side->narration, LEFT) : start_child();
    if (child == -1)
        fail("fork", NULL);
    side->progress.shows = child != 0;
    side->column = child != 0 ? LEFT : RIGHT;
    return child;
}
