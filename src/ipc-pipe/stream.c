/*
 * ipc-pipe stream: three writes, one read takes them all. A pipe keeps no message boundaries.
 *
 * Usage: ipc-pipe stream [--pace SECONDS]
 *
 * The right way is a framing of one's own: here each message begins with its length.
 */
#include "pipe.h"

#include "ipc/narration/lesson.h"

enum { MESSAGES = 3, FRAME_SIZE = 32 };

static const char *const messages[MESSAGES] = {"one", "two", "three"};

static int pass(struct narration *n, bool framed);
static int read_framed(struct narration *n, int read_end);
static int read_as_it_comes(struct narration *n, int read_end);

int pipe_stream(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(role, argc, argv, "Three writes: how many reads take them?",
                                       "writer (child)", "reader (parent)");
    narrate_text(n, "-> the mistake: to expect from each read what one write wrote");
    const int mistaken = pass(n, false);
    narrate_text(n, "-> right: each message says its length before it begins");
    const int framed = pass(n, true);
    narrate_text(n,
                 "%d read took all, as a pipe is a stream; with lengths in it, %d were %d again.",
                 mistaken, MESSAGES, framed);
    return EXIT_DONE;
}

/* The reader starts when all is written: luck has no part in it. */
static int pass(struct narration *n, bool framed)
{
    int ends[2];
    open_pipe(n, RIGHT, ends);
    struct gate written = new_gate();
    const pid_t writer = narrate_fork(n, RIGHT, "");
    if (writer == 0) {
        narrate(n, LEFT, "close(%d)", ends[READ_END]);
        close(ends[READ_END]);
        for (int i = 0; i < MESSAGES; i++) {
            char frame[FRAME_SIZE];
            snprintf(frame, sizeof frame, "%c%s", (int)strlen(messages[i]), messages[i]);
            write_word(n, LEFT, ends[WRITE_END], framed ? frame : messages[i]);
        }
        narrate(n, LEFT, "close(%d)", ends[WRITE_END]);
        close(ends[WRITE_END]);
        open_gate(&written, 1);
        _exit(EXIT_DONE);
    }
    narrate(n, RIGHT, "close(%d)", ends[WRITE_END]);
    close(ends[WRITE_END]);
    pass_gate(&written); /* or the writer has died: reap_successful() says so */
    const int count = framed ? read_framed(n, ends[READ_END]) : read_as_it_comes(n, ends[READ_END]);
    close(ends[READ_END]);
    close_gate(&written);
    reap_successful(writer, "writer");
    narrate(n, RIGHT, "waitpid(%ld) = exit status 0", (long)writer);
    return count;
}

/* Right: one byte of length, then exactly so many. A read may be short: so until all are there. */
static int read_framed(struct narration *n, int read_end)
{
    unsigned char length;
    char bytes[UINT8_MAX];
    int received = 0;
    while (read_full(read_end, &length, 1) == 1) {
        if (read_full(read_end, bytes, length) != length)
            fail_that(EXIT_FAILED, "the stream ended inside a message");
        narrate(n, RIGHT, "read(%d, 1) = 1  %s", read_end, quoted(&length, 1).text);
        narrate(n, RIGHT, "read(%d, %u) = %u  %s", read_end, length, length,
                quoted(bytes, length).text);
        received++;
    }
    narrate(n, RIGHT, "read(%d, 1) = 0  end of file", read_end);
    return received;
}

/* The mistake: as many reads as there were writes are expected. Returns how many there were. */
static int read_as_it_comes(struct narration *n, int read_end)
{
    char bytes[100];
    int reads = 0;
    for (ssize_t got = 1; got > 0; reads += got > 0) {
        if ((got = read_some(read_end, bytes, sizeof bytes)) == -1)
            fail("read", "pipe");
        narrate(n, RIGHT, "read(%d, 100) = %zd  %s", read_end, got,
                got == 0 ? "end of file" : quoted(bytes, (size_t)got).text);
    }
    return reads;
}
