/*
 * ipc-fifo demo: a pipe with a name. Two processes that share nothing but the name have a chat.
 *
 * Usage: ipc-fifo demo [--pace SECONDS]
 *
 * One process makes the FIFOs with mkfifo(), one for each direction, then both open them. Their
 * maker removes them.
 */
#include "fifo.h"

#include "ipc/narration/lesson.h"

#include <fcntl.h>
#include <sys/stat.h>

enum { PAUSE_MS = 40 };
enum way { THERE, BACK };

static const char *const names[] = {"there", "back"};
static char paths[2][PATH_SIZE];
static pid_t child; /* 0 in the child */

static void make(struct narration *n, enum way way);
static int open_end(struct narration *n, enum column column, enum way way, int flags);
static void send(struct narration *n, enum column column, int end, const char *line);
static void receive(struct narration *n, enum column column, int end);

int fifo_demo(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(role, argc, argv, NULL, "user1", "user2");
    umask(022);
    make(n, THERE);
    make(n, BACK);
    narrate_text(n, "to look from a second terminal: ls -l %s", private_directory());
    watch_children();
    child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        sleep_for(PAUSE_MS * MILLISECOND);
        const int from = open_end(n, RIGHT, THERE, O_RDONLY);
        const int to = open_end(n, RIGHT, BACK, O_WRONLY);
        receive(n, RIGHT, from);
        sleep_for(PAUSE_MS * MILLISECOND);
        send(n, RIGHT, to, "hello, user1");
        receive(n, RIGHT, from);
        send(n, RIGHT, to, "bye");
        receive(n, RIGHT, from);
        _exit(EXIT_DONE);
    }
    const int to = open_end(n, LEFT, THERE, O_WRONLY);
    const int from = open_end(n, LEFT, BACK, O_RDONLY);
    send(n, LEFT, to, "hello, user2");
    receive(n, LEFT, from);
    send(n, LEFT, to, "how are you?");
    receive(n, LEFT, from);
    narrate(n, LEFT, "close(%d)   the last writer", to);
    close(to);
    char words[STATUS_WORDS_SIZE];
    const uint64_t began = now();
    const int status = reap_child(child);
    narrate_waited(n, LEFT, began, "user2 still ran", "waitpid() = %s",
                   status_in_words(status, words));
    end_as_child(child, "child", status);
    narrate(n, LEFT, "unlink()   else the names stay");
    return EXIT_DONE;
}

static void make(struct narration *n, enum way way)
{
    struct stat status;
    char *path = paths[way];
    fifo_own_path(path, "demo", names[way]);
    narrate(n, LEFT, "mkfifo(\"%s\", 0644)", names[way]);
    or_fail(mkfifo(path, 0644), "mkfifo", path);
    if (lstat(path, &status) == -1)
        fail("lstat", path);
    char mode[] = "prwxrwxrwx";
    for (int bit = 0; bit < 9; bit++)
        if ((status.st_mode & (0400U >> bit)) == 0)
            mode[1 + bit] = '-';
    narrate(n, LEFT, "ls -l: %s size %lld", mode, (long long)status.st_size);
}

/* open() sleeps until the other side has opened, too, whichever comes first. */
static int open_end(struct narration *n, enum column column, enum way way, int flags)
{
    const char *flag = flags == O_RDONLY ? "O_RDONLY" : "O_WRONLY";
    int end;
    narrate(n, column, "open(\"%s\", %s)", names[way], flag);
    const uint64_t began = now(); /* after the pause that a class may have asked for */
    do
        end = open(paths[way], flags);
    while (end == -1 && interrupted());
    if (end == -1)
        fail("open", paths[way]);
    narrate_waited(n, column, began, flags == O_RDONLY ? "no writer yet" : "no reader yet",
                   "open(\"%s\") = %d", names[way], end);
    return end;
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
    ssize_t got;
    const uint64_t began = now();
    do
        got = read(end, bytes, sizeof bytes);
    while (got == -1 && interrupted());
    if (got == -1)
        fail("read", "fifo");
    if (got == 0 && child != 0) /* as in send() */
        reap_successful(child, "child");
    narrate_waited(n, column, began, "it was empty", "read(%d) = %zd  %s", end, got,
                   got == 0 ? "end of file" : quoted(bytes, (size_t)got).text);
}
