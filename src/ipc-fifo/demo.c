/*
 * ipc-fifo demo: a pipe with a name. Two processes that share nothing but the name have a chat.
 *
 * mkfifo, and then each opens it: for two directions, two FIFOs. They are removed by their maker.
 */
#include "fifo.h"

#include "ipc/narration/lesson.h"

#include "ipc/common/children.h"
#include "ipc/common/clock.h"
#include "ipc/rendezvous/undo_log.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAUSE = 40 };

static char there[PATH_SIZE], back[PATH_SIZE];

static void make(struct narration *n, const char *path, const char *called)
{
    struct stat status;
    narrate(n, LEFT, "mkfifo(\"%s\", 0644)", called);
    note_object(A_FILE, path, 0);
    if (mkfifo(path, 0644) == -1)
        fail("mkfifo", path);
    if (lstat(path, &status) == -1)
        fail("lstat", path);
    char mode[] = "prwxrwxrwx";
    for (int bit = 0; bit < 9; bit++)
        if ((status.st_mode & (0400U >> bit)) == 0)
            mode[1 + bit] = '-';
    narrate(n, LEFT, "ls -l: %s size %lld", mode, (long long)status.st_size);
}

/* open() sleeps until the other side has opened, too, whichever comes first. */
static int open_end(struct narration *n, enum column column, const char *path, const char *called,
                    int flags)
{
    const char *flag = flags == O_RDONLY ? "O_RDONLY" : "O_WRONLY";
    int end;
    narrate(n, column, "open(\"%s\", %s)", called, flag);
    const uint64_t began = now(); /* after the pause that a class may have asked for */
    do
        end = open(path, flags);
    while (end == -1 && interrupted());
    if (end == -1)
        fail("open", path);
    narrate_waited(n, column, began, flags == O_RDONLY ? "no writer yet" : "no reader yet",
                   "open(\"%s\") = %d", called, end);
    return end;
}

static void send(struct narration *n, enum column column, int end, const char *line)
{
    narrate(n, column, "write(%d, %s)", end, quoted(line, strlen(line)).text);
    if (!write_full(end, line, strlen(line)))
        fail("write", "fifo");
}

static size_t receive(struct narration *n, enum column column, int end)
{
    char bytes[100];
    ssize_t got;
    const uint64_t began = now();
    do
        got = read(end, bytes, sizeof bytes);
    while (got == -1 && interrupted());
    if (got == -1)
        fail("read", "fifo");
    narrate_waited(n, column, began, "it was empty", "read(%d) = %zd  %s", end, got,
                   got == 0 ? "end of file" : quoted(bytes, (size_t)got).text);
    return (size_t)got;
}

static void be_user2(struct narration *n)
{
    sleep_for(PAUSE * MILLISECOND);
    const int from = open_end(n, RIGHT, there, "there", O_RDONLY);
    const int to = open_end(n, RIGHT, back, "back", O_WRONLY);
    receive(n, RIGHT, from);
    sleep_for(PAUSE * MILLISECOND);
    send(n, RIGHT, to, "hello, user1");
    receive(n, RIGHT, from);
    send(n, RIGHT, to, "bye");
    receive(n, RIGHT, from);
    _exit(EXIT_DONE);
}

int fifo_demo(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    char name[32];
    snprintf(name, sizeof name, "demo-%ld", (long)getpid());
    object_path(there, "fifo", name, "there");
    object_path(back, "fifo", name, "back");
    umask(022);

    struct narration *n = narration_open(STDOUT_FILENO, "user1", "user2", pace);
    make(n, there, "there");
    make(n, back, "back");
    narrate_text(n, "to look from a second terminal: ls -l %s", private_directory());
    const pid_t child = narrate_fork(n, LEFT);
    if (child == 0)
        be_user2(n);
    const int to = open_end(n, LEFT, there, "there", O_WRONLY);
    const int from = open_end(n, LEFT, back, "back", O_RDONLY);
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
    narrate(n, LEFT, "unlink()   else the names stay");
    return status == 0 ? EXIT_DONE : EXIT_PEER;
}
