/*
 * ipc-msgqueue types: which message msgrcv() takes.
 *
 * Usage: ipc-msgqueue types [--pace SECONDS]
 *
 * Type 0 takes the oldest, N the oldest of type N, -N the lowest type that is at most N, however
 * late it came. A message that is too long stays where it is, or is cut: MSG_NOERROR.
 */
#include "msgqueue.h"

#include "ipc/narration/lesson.h"
#include "ipc/rendezvous/objects.h"

enum { SHORT_SIZE = 8 };

static struct narration *n;
static int id;

static void send_four(void);
static void send_line(long type, const char *text);
static long receive_line(long selection, size_t size, int flags, const char *remark);

int msgqueue_types(const struct role *role, int argc, char **argv)
{
    n = begin_lesson(role, argc, argv,
                     "Four messages of types 3, 2, 1, 2 wait in a queue: which one comes first?",
                     "sends", "receives");
    id = private_queue(NULL);

    send_four();
    narrate_text(n, "Type 0 takes the oldest, whatever its type:");
    const long oldest = receive_line(0, TEXT_MOST, 0, "");
    narrate_text(n, "Type N takes the oldest of that type, and leaves the others:");
    const long exact = receive_line(1, TEXT_MOST, 0, "");
    receive_line(1, TEXT_MOST, 0, "   no more of them");
    while (msgrcv(id, &(struct line){0}, TEXT_MOST, 0, IPC_NOWAIT) != -1)
        ; /* a fresh start */

    narrate_text(n, "Type -N: \"any type up to N\", so the oldest of those up to 2? No:");
    send_four();
    const long lowest = receive_line(-2, TEXT_MOST, 0, "   lowest");
    const long next = receive_line(-2, TEXT_MOST, 0, "   oldest of 2");
    receive_line(-2, TEXT_MOST, 0, "");
    receive_line(-2, TEXT_MOST, 0, "   3 is too high");
    receive_line(0, TEXT_MOST, 0, "");

    narrate_text(n, "A buffer of %d bytes, and a longer message:", SHORT_SIZE);
    send_line(1, "0123456789abcdef");
    receive_line(0, SHORT_SIZE, 0, "   it stays");
    receive_line(0, SHORT_SIZE, MSG_NOERROR, "   cut");
    receive_line(0, TEXT_MOST, 0, "   the rest is lost");

    narrate_text(
        n, "0 took type %ld, the oldest; 1 took %ld; -2 took %ld, then %ld: the lowest first.",
        oldest, exact, lowest, next);
    return EXIT_DONE;
}

int private_queue(size_t *handle)
{
    const int queue = or_fail(msgget(IPC_PRIVATE, IPC_CREAT | 0600), "msgget", "IPC_PRIVATE");
    const size_t noted = note_object(SYSV_QUEUE, "queue", queue);
    if (handle != NULL)
        *handle = noted;
    return queue;
}

static void send_four(void)
{
    send_line(3, "first");
    send_line(2, "second");
    send_line(1, "third");
    send_line(2, "fourth");
}

static void send_line(long type, const char *text)
{
    struct line line = {.type = type};
    memcpy(line.text, text, strlen(text));
    narrate(n, LEFT, "msgsnd(type %ld, \"%s\")", type, text);
    or_fail(msgsnd(id, &line, strlen(text), IPC_NOWAIT), "msgsnd", NULL);
}

/* Returns the type of what came, 0 where nothing did. */
static long receive_line(long selection, size_t size, int flags, const char *remark)
{
    struct line line;
    const ssize_t got = msgrcv(id, &line, size, selection, flags | IPC_NOWAIT);
    if (got == -1) {
        narrate(n, RIGHT, "msgrcv(%ld) = -1  %s%s", selection,
                errno == ENOMSG  ? "ENOMSG"
                : errno == E2BIG ? "E2BIG"
                                 : strerror(errno),
                remark);
        return 0;
    }
    narrate(n, RIGHT, "msgrcv(%ld) = type %ld %s%s", selection, line.type,
            quoted(line.text, (size_t)got).text, remark);
    return line.type;
}
