/* SPDX-License-Identifier: MIT
 * A parent and a child of our own, one of which produces and the other consumes.
 *
 * The end of a transfer is agreed on by two words, each over a pipe of its own. "All sent" comes
 * before the end of file, so a consumer that finds the end of file without it knows that its
 * producer has died. "All received" comes when everything is written out, so a producer knows that
 * nothing was lost. If one side is asleep in one of these reads and the other dies, the kernel
 * closes the other's ends, and the read returns 0.
 */
#include "pipe.h"

#include "ipc/narration/lesson.h"

struct pipes {
    int data[2], all_sent[2], all_received[2];
};

static bool produce(const struct pipes *pipes, struct stream *side, const char *file);
static bool consume(const struct pipes *pipes, struct stream *side);
static bool write_letter(const struct stream *side, int end, const char *letter,
                         const char *meaning);
static bool read_letter(const struct stream *side, int end, const char *meaning);

int parent_and_child(enum member_role parent, const char *file, bool verbose)
{
    static struct pair pair;
    struct pipes pipes = {0};
    struct stream side = {.pair = &pair, .object = "pipe"};
    if (verbose)
        pair.narration = narration_open(STDERR_FILENO, "parent", "child");
    open_pipe(pair.narration, LEFT, pipes.data);
    open_pipe(pair.narration, LEFT, pipes.all_sent);
    open_pipe(pair.narration, LEFT, pipes.all_received);
    make_fast(pipes.data[READ_END]);
    make_fast(pipes.data[WRITE_END]);
    narrate(pair.narration, LEFT, "fcntl(%d, F_SETFL, O_NONBLOCK), %d", pipes.data[READ_END],
            pipes.data[WRITE_END]);
    const pid_t child = narrate_fork(pair.narration, LEFT, "");
    pair.progress.shows = child != 0 && !verbose;
    side.column = child != 0 ? LEFT : RIGHT;
    const bool produces = (parent == PRODUCER) == (child != 0);
    /* closes the ends that the other side uses; all_received goes the other way */
    const int own = produces ? WRITE_END : READ_END, other_end = produces ? READ_END : WRITE_END;
    narrate(pair.narration, side.column, "close(%d), close(%d), close(%d)", pipes.data[other_end],
            pipes.all_sent[other_end], pipes.all_received[own]);
    close(pipes.data[other_end]);
    close(pipes.all_sent[other_end]);
    close(pipes.all_received[own]);
    side.end = pipes.data[own];
    const bool done = produces ? produce(&pipes, &side, file) : consume(&pipes, &side);

    const char *other = produces ? "consumer" : "producer";
    if (child == 0 && !done)
        fail_that(EXIT_PEER, "the %s (pid %ld) died", other, (long)original_parent());
    if (child == 0)
        return EXIT_DONE;
    const int status = narrate_wait(pair.narration, LEFT, child);
    if (WIFEXITED(status) && WEXITSTATUS(status) != EXIT_DONE) /* it has said why */
        return WEXITSTATUS(status) == EXIT_PEER ? EXIT_PEER : EXIT_FAILED;
    end_as_child(child, other, status);
    if (!done)
        fail_that(EXIT_FAILED, "the %s (pid %ld) ended without a word", other, (long)child);
    pair.progress.role = "parent";
    progress_end(&pair.progress);
    return EXIT_DONE;
}

/* False if nobody reads any more, or "all received" did not come. */
static bool produce(const struct pipes *pipes, struct stream *side, const char *file)
{
    struct pair *pair = side->pair;
    pair->input = new_input(file);
    progress_begin(&pair->progress, "producer", pair->input.descriptor, pair->progress.shows);
    const bool all_sent =
        stream_send(side) && write_letter(side, pipes->all_sent[WRITE_END], "S", "all sent");
    /* either way: a consumer that lives waits for no more than these ends, and we for its end */
    close_end(pair->narration, side->column, side->end, "");
    close(pipes->all_sent[WRITE_END]);
    return all_sent && read_letter(side, pipes->all_received[READ_END], "all received");
}

/* False if the end of file came, but not "all sent" before it. */
static bool consume(const struct pipes *pipes, struct stream *side)
{
    struct pair *pair = side->pair;
    progress_begin(&pair->progress, "consumer", -1, pair->progress.shows);
    stream_receive(side);
    const bool all_sent = read_letter(side, pipes->all_sent[READ_END], "all sent");
    if (all_sent) {
        close_output();
        /* If this fails the producer has died. Everything is written out all the same. */
        write_letter(side, pipes->all_received[WRITE_END], "R", "all received");
    }
    close(pipes->all_received[WRITE_END]); /* either way: a producer that lives waits for it */
    return all_sent;
}

/* Both are false if the other side has ended. */
static bool write_letter(const struct stream *side, int end, const char *letter,
                         const char *meaning)
{
    narrate(side->pair->narration, side->column, "write(%d, \"%s\")   %s", end, letter, meaning);
    const bool written = write_full(end, letter, 1);
    if (!written && errno != EPIPE)
        fail("write", "pipe");
    return written;
}

static bool read_letter(const struct stream *side, int end, const char *meaning)
{
    char letter;
    narrate_call(side->pair->narration, side->column, "read(%d)", end);
    const int got = or_fail((int)read_full(end, &letter, 1), "read", "pipe");
    narrate_return(side->pair->narration, "it was empty", got == 1 ? "1  \"%c\"  %s" : "0", letter,
                   meaning);
    return got == 1;
}
