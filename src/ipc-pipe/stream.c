/* SPDX-License-Identifier: MIT
 * ipc-pipe stream: three writes, one read takes them all. A pipe keeps no message boundaries.
 *
 * Usage: ipc-pipe stream [--pace SECONDS | --step]
 *
 * The right way is a framing of one's own: here each message begins with its length.
 */
#include "pipe.h"

#include "ipc/narration/lesson.h"

enum { MESSAGES = 3, FRAME_SIZE = 32 };

static const char *const messages[MESSAGES] = {"one", "two", "three"};

static void write_messages(struct narration *n, int write_end, bool framed);
static bool read_all_at_once(struct narration *n, int read_end);
static int read_framed(struct narration *n, int read_end);

/* The reader starts when all is written: luck has no part in it. */
int pipe_stream(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(role, argc, argv, "Three writes: how many reads take them?",
                                       "writer (child)", "reader (parent)");
    int ends[2];
    open_pipe(n, RIGHT, ends);
    struct gate go = new_gate(), written = new_gate();
    const pid_t writer = narrate_fork(n, RIGHT, "");
    if (writer == 0) {
        close_end(n, LEFT, ends[READ_END], "");
        for (int framed = 0; framed <= 1; framed++) {
            if (!pass_gate(&go))
                _exit(EXIT_PEER);
            write_messages(n, ends[WRITE_END], framed == 1);
            if (framed == 1)
                close_end(n, LEFT, ends[WRITE_END], "");
            open_gate(&written, 1);
        }
        _exit(EXIT_DONE);
    }
    close_end(n, RIGHT, ends[WRITE_END], "");

    narrate_mistake(n, "expecting each read() to return one write()");
    open_gate(&go, 1);
    narrate(n, RIGHT, "does not read until all is written");
    const bool at_once = pass_gate(&written) && read_all_at_once(n, ends[READ_END]);
    narrate_right(n, "each message begins with its length; read() that, then so many bytes");
    open_gate(&go, 1);
    const int framed = pass_gate(&written) ? read_framed(n, ends[READ_END]) : 0;
    end_as_child(writer, "writer", narrate_wait(n, RIGHT, writer));
    if (!at_once || framed != MESSAGES)
        fail_that(EXIT_FAILED, "not all at once, or not %d messages but %d", MESSAGES, framed);
    narrate_answer(n, "One read took all three: it is a stream. With lengths, three stay three.");
    return EXIT_DONE;
}

static void write_messages(struct narration *n, int write_end, bool framed)
{
    for (int i = 0; i < MESSAGES; i++) {
        char frame[FRAME_SIZE];
        snprintf(frame, sizeof frame, "%c%s", (int)strlen(messages[i]), messages[i]);
        write_word(n, LEFT, write_end, framed ? frame : messages[i]);
    }
}

/* The mistake: a read() for the first message. Returns whether it took all three. */
static bool read_all_at_once(struct narration *n, int read_end)
{
    char bytes[100];
    const int got = or_fail((int)read_some(read_end, bytes, sizeof bytes), "read", "pipe");
    narrate(n, RIGHT, "read(%d, 100) = %d  %s", read_end, got, quoted(bytes, (size_t)got).text);
    return got == (int)strlen("onetwothree");
}

/* Right: one byte of length, then exactly so many. A read may be short: so until all are there. */
static int read_framed(struct narration *n, int read_end)
{
    unsigned char length;
    char bytes[UINT8_MAX];
    int received = 0;
    for (; read_full(read_end, &length, 1) == 1; received++) {
        narrate(n, RIGHT, "read(%d, 1) = 1  %s", read_end, quoted(&length, 1).text);
        if (read_full(read_end, bytes, length) != length)
            fail_that(EXIT_FAILED, "the stream ended inside a message");
        narrate(n, RIGHT, "read(%d, %u) = %u  %s", read_end, length, length,
                quoted(bytes, length).text);
    }
    narrate(n, RIGHT, "read(%d, 1) = 0  end of file", read_end);
    return received;
}
