/*
 * ipc-pipe stream: three writes, one read takes them all. A pipe keeps no message boundaries.
 *
 * The right way is a framing of one's own: here each message begins with its length.
 */
#include "pipe.h"

#include <string.h>
#include <unistd.h>

enum { MESSAGES = 3 };

static const char *const messages[MESSAGES] = {"one", "two", "three"};

static void send(struct narration *n, int write_end, const void *bytes, size_t size)
{
    narrate(n, LEFT, "write(%d, %s)", write_end, quoted(bytes, size).text);
    if (!write_full(write_end, bytes, size))
        fail("write", "pipe");
}

/* The mistake: as many reads as there were writes are expected. Returns how many there were. */
static int read_as_it_comes(struct narration *n, const int ends[2])
{
    char bytes[100];
    int reads = 0;
    for (ssize_t got = 1; got > 0; reads += got > 0) {
        got = read_some(ends[READ_END], bytes, sizeof bytes);
        if (got == -1)
            fail("read", "pipe");
        narrate(n, RIGHT, "read(%d, 100) = %zd  %s", ends[READ_END], got,
                got == 0 ? "end of file" : quoted(bytes, (size_t)got).text);
    }
    return reads;
}

/* Right: one byte of length, then exactly so many. A read may be short: so until all are there. */
static int read_framed(struct narration *n, const int ends[2])
{
    unsigned char length;
    char bytes[UINT8_MAX];
    int received = 0;
    while (read_full(ends[READ_END], &length, 1) == 1) {
        if (read_full(ends[READ_END], bytes, length) != length)
            fail_that(EXIT_FAILED, "the stream ended inside a message");
        narrate(n, RIGHT, "read(%d, 1) = 1  %s", ends[READ_END], quoted(&length, 1).text);
        narrate(n, RIGHT, "read(%d, %u) = %u  %s", ends[READ_END], length, length,
                quoted(bytes, length).text);
        received++;
    }
    narrate(n, RIGHT, "read(%d, 1) = 0  end of file", ends[READ_END]);
    return received;
}

/* The reader starts when all is written: luck has no part in it. */
static int pass(struct narration *n, bool framed)
{
    int ends[2], gate[2], count = 0;
    char go;
    if (pipe(ends) == -1 || pipe(gate) == -1)
        fail("pipe", NULL);
    narrate(n, RIGHT, "pipe() = {%d read, %d write}", ends[READ_END], ends[WRITE_END]);
    const pid_t writer = fork_writer(n);
    if (writer == 0) {
        narrate(n, LEFT, "close(%d)", ends[READ_END]);
        close(ends[READ_END]);
        close(gate[READ_END]);
        for (int i = 0; i < MESSAGES; i++) {
            char frame[32];
            const size_t length = strlen(messages[i]);
            frame[0] = (char)length;
            memcpy(frame + 1, messages[i], length);
            send(n, ends[WRITE_END], framed ? frame : messages[i], framed ? length + 1 : length);
        }
        narrate(n, LEFT, "close(%d)", ends[WRITE_END]);
        _exit(EXIT_DONE);
    }
    narrate(n, RIGHT, "close(%d)", ends[WRITE_END]);
    close(ends[WRITE_END]);
    close(gate[WRITE_END]);
    if (read_full(gate[READ_END], &go, 1) == -1) /* 0 when the writer has ended, however it did */
        fail("read", "pipe");
    count = framed ? read_framed(n, ends) : read_as_it_comes(n, ends);
    close(ends[READ_END]);
    close(gate[READ_END]);
    reap_writer(n, writer);
    return count;
}

int pipe_stream(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    print_text("Three writes: how many reads take them?");
    struct narration *n = narration_open(STDOUT_FILENO, "writer (child)", "reader (parent)", pace);
    narrate_text(n, "-> the mistake: to expect from each read what one write wrote");
    const int mistaken = pass(n, false);
    narrate_text(n, "-> right: each message says its length before it begins");
    const int framed = pass(n, true);
    narrate_text(n,
                 "%d read took all, as a pipe is a stream; with lengths in it, %d were %d again.",
                 mistaken, MESSAGES, framed);
    return EXIT_DONE;
}
