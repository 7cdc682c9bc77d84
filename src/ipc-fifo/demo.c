/* SPDX-License-Identifier: MIT
 * ipc-fifo demo: a pipe with a name. Two processes that share nothing but the name have a chat.
 *
 * Usage: ipc-fifo demo [--pace SECONDS | --step]
 *
 * One process makes the FIFOs by mkfifo(), one each way; both open them; their maker removes them.
 */
#include "fifo.h"

#include "ipc/narration/lesson.h"

enum { PAUSE_MS = 40 };

static char there[PATH_SIZE], back[PATH_SIZE];
static pid_t child; /* 0 in the child */

static void make(struct narration *n, char *path, const char *name);
static void answer(struct narration *n, struct gate *about_to_open);
static void send(struct narration *n, enum column column, int end, const char *line);
static void receive(struct narration *n, enum column column, int end);

int fifo_demo(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(role, argc, argv, NULL, "user1", "user2");
    struct gate about_to_open = new_gate();
    narrate(n, LEFT, "umask(022)");
    umask(022);
    make(n, there, "there");
    make(n, back, "back");
    narrate_text(n, "with --step, from a second terminal: ls -l %s", private_directory());
    watch_children();
    child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        answer(n, &about_to_open);
        _exit(EXIT_DONE);
    }
    const int to = narrate_open(n, LEFT, there, O_WRONLY, &about_to_open);
    const int from = narrate_open(n, LEFT, back, O_RDONLY, &about_to_open);
    send(n, LEFT, to, "hello, user2");
    receive(n, LEFT, from);
    send(n, LEFT, to, "how are you?");
    receive(n, LEFT, from);
    narrate(n, LEFT, "close(%d)   the last writer", to);
    close(to);
    end_as_child(child, "child", narrate_wait(n, LEFT, child));
    narrate(n, LEFT, "unlink(\"there\"), unlink(\"back\")");
    or_fail(unlink(there), "unlink", there);
    or_fail(unlink(back), "unlink", back);
    return EXIT_DONE;
}

static void answer(struct narration *n, struct gate *about_to_open)
{
    const int from = narrate_second_open(n, RIGHT, there, O_RDONLY, about_to_open, PAUSE_MS);
    const int to = narrate_second_open(n, RIGHT, back, O_WRONLY, about_to_open, 0);
    receive(n, RIGHT, from);
    narration_pause(n, PAUSE_MS * MILLISECOND);
    send(n, RIGHT, to, "hello, user1");
    receive(n, RIGHT, from);
    send(n, RIGHT, to, "bye");
    receive(n, RIGHT, from);
}

static void make(struct narration *n, char *path, const char *name)
{
    struct stat status;
    fifo_own_path(path, "demo", name);
    narrate(n, LEFT, "mkfifo(\"%s\", 0644)", name);
    or_fail(mkfifo(path, 0644), "mkfifo", path);
    if (path == back)
        return; /* it looks like the other */
    or_fail(lstat(path, &status), "lstat", path);
    char mode[] = "prwxrwxrwx";
    for (int bit = 0; bit < 9; bit++)
        if ((status.st_mode & (0400U >> bit)) == 0)
            mode[1 + bit] = '-';
    narrate(n, LEFT, "lstat() = %s size %lld", mode, (long long)status.st_size);
}

static void send(struct narration *n, enum column column, int end, const char *line)
{
    narrate(n, column, "write(%d, %s)", end, quoted(line, strlen(line)).text);
    if (write_full(end, line, strlen(line)))
        return;
    if (errno == EPIPE && child != 0) /* the kernel closes its end before it tells of its death */
        reap_successful(child, "child");
    fail("write", "fifo");
}

static void receive(struct narration *n, enum column column, int end)
{
    char bytes[100];
    narrate_call(n, column, "read(%d)", end);
    const int got = or_fail((int)read_some(end, bytes, sizeof bytes), "read", "fifo");
    if (got == 0 && child != 0) /* as in send() */
        reap_successful(child, "child");
    narrate_return(n, "it was empty", "%d  %s", got,
                   got == 0 ? "end of file" : quoted(bytes, (size_t)got).text);
}
