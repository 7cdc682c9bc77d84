/*
 * ipc-msgqueue types: which message msgrcv() takes.
 *
 * Type 0 takes the oldest, N the oldest of type N, -N the lowest type that is at most N, however
 * late it came. A message that is too long stays where it is, or is cut: MSG_NOERROR.
 */
#include "msgqueue.h"

#include "ipc/narration/narration.h"
#include "ipc/rendezvous/undo_log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <unistd.h>

enum { TEXT_MOST = 32, SHORT = 8 };

struct note {
    long type;
    char text[TEXT_MOST];
};

static struct narration *n;
static int id;

static void send_note(long type, const char *text)
{
    struct note note = {.type = type};
    memcpy(note.text, text, strlen(text));
    narrate(n, LEFT, "msgsnd(type %ld, \"%s\")", type, text);
    if (msgsnd(id, &note, strlen(text), IPC_NOWAIT) == -1)
        fail("msgsnd", NULL);
}

/* Returns the type of what came, 0 where nothing did. */
static long receive_note(long selection, size_t size, int flags, const char *remark)
{
    struct note note;
    const ssize_t got = msgrcv(id, &note, size, selection, flags | IPC_NOWAIT);
    if (got == -1) {
        narrate(n, RIGHT, "msgrcv(%ld) = -1  %s%s", selection,
                errno == ENOMSG  ? "ENOMSG"
                : errno == E2BIG ? "E2BIG"
                                 : strerror(errno),
                remark);
        return 0;
    }
    narrate(n, RIGHT, "msgrcv(%ld) = type %ld %s%s", selection, note.type,
            quoted(note.text, (size_t)got).text, remark);
    return note.type;
}

static void send_all(void)
{
    send_note(3, "first");
    send_note(2, "second");
    send_note(1, "third");
    send_note(2, "fourth");
}

int msgqueue_types(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    print_text("Four messages of types 3, 2, 1, 2 wait in a queue: which one comes first?");
    n = narration_open(STDOUT_FILENO, "sends", "receives", pace);
    id = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
    if (id == -1)
        fail("msgget", "IPC_PRIVATE");
    note_object(SYSV_QUEUE, "queue", id);

    send_all();
    narrate_text(n, "Type 0 takes the oldest, whatever its type:");
    const long oldest = receive_note(0, TEXT_MOST, 0, "");
    narrate_text(n, "Type N takes the oldest of that type, and leaves the others:");
    const long exact = receive_note(1, TEXT_MOST, 0, "");
    receive_note(1, TEXT_MOST, 0, "   no more of them");
    while (msgrcv(id, &(struct note){0}, TEXT_MOST, 0, IPC_NOWAIT) != -1)
        ; /* a fresh start */

    narrate_text(n, "Type -N: \"any type up to N\", so the oldest of those up to 2? No:");
    send_all();
    const long lowest = receive_note(-2, TEXT_MOST, 0, "   lowest");
    const long next = receive_note(-2, TEXT_MOST, 0, "   oldest of 2");
    receive_note(-2, TEXT_MOST, 0, "");
    receive_note(-2, TEXT_MOST, 0, "   3 is too high");
    receive_note(0, TEXT_MOST, 0, "");

    narrate_text(n, "A buffer of %d bytes, and a longer message:", SHORT);
    send_note(1, "0123456789abcdef");
    receive_note(0, SHORT, 0, "   it stays");
    receive_note(0, SHORT, MSG_NOERROR, "   cut");
    receive_note(0, TEXT_MOST, 0, "   the rest is lost");

    narrate_text(
        n, "0 took type %ld, the oldest; 1 took %ld; -2 took %ld, then %ld: the lowest first.",
        oldest, exact, lowest, next);
    return EXIT_DONE;
}
