/* SPDX-License-Identifier: MIT
 * ipc-msgqueue types: which message msgrcv() takes.
 *
 * Usage: ipc-msgqueue types [--pace SECONDS | --step]
 *
 * Type 0 takes the oldest, N the oldest of type N, -N the lowest type that is at most N, however
 * late it came. A message that is too long stays where it is, or is cut: MSG_NOERROR.
 */
#include "msgqueue.h"

#include "ipc/narration/lesson.h"

enum { SHORT_SIZE = 8 };

static struct narration *n;
static int id;

static void send_line(long type, const char *text);
static long receive_line(long selection, size_t size, int flags, const char *remark);

int msgqueue_types(const struct role *role, int argc, char **argv)
{
    n = begin_lesson(role, argc, argv,
                     "Four messages of types 3, 2, 1, 2 wait in a queue: which one comes first?",
                     "one process", NULL);
    id = private_queue(n, LEFT, NULL);
    narrate_text(n,
                 "A message is struct { long mtype; char mtext[100]; }: mtype comes first, and is");
    narrate_text(n, "not counted in the size. After the size msgrcv() is told which type to take.");
    send_line(3, "first");
    send_line(2, "second");
    send_line(1, "third");
    send_line(2, "a longer one");
    const long oldest = receive_line(0, TEXT_MOST, 0, "   0: the oldest");

    narrate_mistake(n, "expecting -2, \"any type up to 2\", to take the oldest of those");
    const long lowest = receive_line(-2, TEXT_MOST, 0, "   not \"second\"");
    narrate_right(n, "-2 takes the lowest type first; 2 takes the oldest of that type");
    const long exact = receive_line(2, TEXT_MOST, 0, "");
    receive_line(1, TEXT_MOST, 0, "   none is left");

    narrate_mistake(n, "room for %d bytes, and a longer message: it stays", SHORT_SIZE);
    receive_line(0, SHORT_SIZE, 0, "");
    narrate_right(n, "room for the longest; or MSG_NOERROR, which cuts it: the rest is lost");
    receive_line(0, SHORT_SIZE, MSG_NOERROR, "");
    narrate(n, LEFT, "errno is %s, still: it counts only after -1", error_name(errno));
    receive_line(0, TEXT_MOST, 0, "");

    if (oldest != 3 || lowest != 1 || exact != 2)
        fail_that(EXIT_FAILED, "this system takes types %ld, %ld, %ld", oldest, lowest, exact);
    narrate_answer(n,
                   "0 takes the oldest; 2 the oldest of type 2; -2 the lowest type up to 2 first.");
    return EXIT_DONE;
}

static void send_line(long type, const char *text)
{
    struct line line = {.type = type};
    memcpy(line.text, text, strlen(text));
    narrate(n, LEFT, "msgsnd(%d, {%ld, \"%s\"}, %zu, IPC_NOWAIT)", id, type, text, strlen(text));
    or_fail(msgsnd(id, &line, strlen(text), IPC_NOWAIT), "msgsnd", NULL);
}

/* Returns the type of what came, 0 where nothing did. errno is as msgrcv() left it. */
static long receive_line(long selection, size_t size, int flags, const char *remark)
{
    struct line line;
    char call[80];
    const ssize_t got = msgrcv(id, &line, size, selection, flags | IPC_NOWAIT);
    const int error = errno;
    snprintf(call, sizeof call, "msgrcv(%d, %zu, %ld, IPC_NOWAIT%s)", id, size, selection,
             flags == MSG_NOERROR ? "|MSG_NOERROR" : "");
    if (got == -1)
        narrate(n, LEFT, "%s = -1  %s%s", call, error_name(error), remark);
    else
        narrate(n, LEFT, "%s = %zd  {%ld, %s}%s", call, got, line.type,
                quoted(line.text, (size_t)got).text, remark);
    errno = error;
    return got == -1 ? 0 : line.type;
}
