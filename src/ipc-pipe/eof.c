/*
 * ipc-pipe eof: the forgotten write end that keeps a reader waiting.
 *
 * read() says end of file when no write end is open any more, anywhere. The one that is forgotten
 * is the reader's own, or that of another process which inherited it.
 */
#include "pipe.h"

#include "ipc/common/children.h"
#include "ipc/common/clock.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

enum { SHOWN_MS = 300 }; /* how long a wait is looked at that would never end */

static void make_pipe(struct narration *n, int ends[2])
{
    if (pipe(ends) == -1)
        fail("pipe", NULL);
    narrate(n, RIGHT, "pipe() = {%d read, %d write}", ends[READ_END], ends[WRITE_END]);
}

/* A writer that writes a word and exits; the reader's copies of the ends stay as they are. */
static void run_writer(struct narration *n, const int ends[2])
{
    const pid_t writer = fork_writer(n);
    if (writer == 0) {
        narrate(n, LEFT, "close(%d)", ends[READ_END]);
        close(ends[READ_END]);
        narrate(n, LEFT, "write(%d, \"all\")", ends[WRITE_END]);
        if (!write_full(ends[WRITE_END], "all", 3))
            fail("write", "pipe");
        narrate(n, LEFT, "_exit(0)   closes its end");
        _exit(EXIT_DONE);
    }
    reap_writer(n, writer); /* before the read, which would wait for ever if it had died */
}

static void read_word(struct narration *n, int read_end)
{
    char bytes[100];
    const ssize_t got = read_some(read_end, bytes, sizeof bytes);
    if (got == -1)
        fail("read", "pipe");
    narrate(n, RIGHT, "read(%d) = %zd  %s", read_end, got, quoted(bytes, (size_t)got).text);
}

/* What read() would do now: it looks with poll, and for a while only, since it would hang. */
static bool would_hang(struct narration *n, int read_end, const char *why)
{
    const uint64_t began = now();
    const bool hangs = !wait_ready(read_end, POLLIN, SHOWN_MS);
    if (hangs)
        narrate_waited(n, RIGHT, began, why, "read(%d) would hang", read_end);
    else
        narrate(n, RIGHT, "read(%d) = 0   end of file", read_end);
    return hangs;
}

static bool forget_own_end(struct narration *n)
{
    int ends[2];
    make_pipe(n, ends);
    run_writer(n, ends);
    read_word(n, ends[READ_END]);
    const bool hangs = would_hang(n, ends[READ_END], "its own end is open");
    narrate(n, RIGHT, "close(%d)   right: before it reads", ends[WRITE_END]);
    close(ends[WRITE_END]);
    const bool hangs_still = would_hang(n, ends[READ_END], "");
    close(ends[READ_END]);
    return hangs && !hangs_still;
}

static bool inherit_end(struct narration *n)
{
    int ends[2];
    make_pipe(n, ends);
    const pid_t stranger = start_child();
    if (stranger == -1)
        fail("fork", NULL);
    if (stranger == 0) {
        while (!parent_died()) /* until it is killed below, or has no parent any more */
            sleep_for(SECOND / 10);
        _exit(EXIT_PEER);
    }
    narrate(n, RIGHT, "fork() = %ld   does something else", (long)stranger);
    run_writer(n, ends);
    narrate(n, RIGHT, "close(%d)", ends[WRITE_END]);
    close(ends[WRITE_END]);
    read_word(n, ends[READ_END]);
    const bool hangs = would_hang(n, ends[READ_END], "the other child has that end, too");
    if (!hangs)
        fail_that(EXIT_PEER, "the other child (pid %ld) died", (long)stranger);
    narrate(n, RIGHT, "kill(%ld, SIGKILL)   closes it", (long)stranger);
    if (kill(stranger, SIGKILL) == -1)
        fail("kill", NULL);
    reap_child(stranger);
    const bool hangs_still = would_hang(n, ends[READ_END], "");
    close(ends[READ_END]);
    return !hangs_still;
}

int pipe_eof(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    print_text("The writer has ended. Why does the reader still wait?");
    struct narration *n = narration_open(STDOUT_FILENO, "writer (child)", "reader (parent)", pace);
    narrate_text(n, "-> the mistake: the reader kept its own write end");
    const bool own = forget_own_end(n);
    narrate_text(n, "-> the mistake: a process that was forked before inherited it");
    const bool inherited = inherit_end(n);
    if (!own || !inherited)
        fail_that(EXIT_FAILED, "the end of file did not come as it was expected to");
    narrate_text(n, "-> right: after fork, each process closes every end that it does not use");
    narrate_text(n, "End of file comes when the last write end anywhere is closed: close yours.");
    return EXIT_DONE;
}
