/*
 * ipc-msgqueue persist: the queue outlives its sender, until somebody removes it; then at once.
 *
 * Usage: ipc-msgqueue persist [--pace SECONDS]
 *
 * Shows a sender that is gone before its messages are read; a sender that removes the queue when it
 * is done, and so takes the messages back; a receiver that sleeps when that happens; and the right
 * way: the receiver that has received the end removes the queue.
 */
#include "msgqueue.h"

#include "ipc/narration/lesson.h"
#include "ipc/rendezvous/objects.h"

enum { LINES = 3 };

static struct narration *n;
static size_t handle; /* of the queue, for forget_object() */

static int make_queue(void);
static void send_from_child(int id);
static void send_three(int id, enum column column);
static unsigned long receive_lines(int id, enum column column, int flags);
static void remove_now(int id);

int msgqueue_persist(const struct role *role, int argc, char **argv)
{
    n = begin_lesson(role, argc, argv,
                     "A sender has sent its messages and ended: where are they, and until when?",
                     "parent", "child");

    narrate_text(n, "The child sends, and ends before anybody reads:");
    int id = make_queue();
    send_from_child(id);
    const unsigned long kept = (unsigned long)queue_status(id, NULL).msg_qnum;
    narrate(n, LEFT, "waitpid(): it is gone; msg_qnum = %lu", kept);
    receive_lines(id, LEFT, IPC_NOWAIT);

    narrate_text(n, "-> the mistake: the sender removes the queue when it has sent all.");
    send_three(id, LEFT);
    const unsigned long lost = (unsigned long)queue_status(id, NULL).msg_qnum;
    narrate(n, LEFT, "msg_qnum = %lu", lost);
    remove_now(id);
    if (narrate_fork(n, LEFT, "") == 0) {
        receive_lines(id, RIGHT, 0);
        narrate(n, RIGHT, "%lu messages are lost", lost);
        exit(EXIT_DONE);
    }
    reap_children();

    narrate_text(n, "A receiver that sleeps in msgrcv when the queue is removed:");
    id = make_queue();
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0)
        exit(receive_lines(id, RIGHT, 0) == 0 ? EXIT_DONE : EXIT_FAILED);
    sleep_for(40 * MILLISECOND);
    for (const uint64_t began = now(); state_of(child) != 'S' && now() - began < SECOND / 2;)
        sleep_for(MILLISECOND);
    remove_now(id);
    reap_children();

    narrate_text(n, "-> right: the last receiver removes, when it has all of it.");
    id = make_queue();
    send_from_child(id);
    const unsigned long received = receive_lines(id, LEFT, IPC_NOWAIT);
    remove_now(id);
    narrate_text(n,
                 "They stay in the kernel until read (%lu) or until IPC_RMID (%lu lost), at once.",
                 received, lost);
    return EXIT_DONE;
}

static int make_queue(void)
{
    const int id = private_queue(&handle);
    narrate(n, LEFT, "msgget(IPC_PRIVATE) = %d", id);
    return id;
}

static void send_from_child(int id)
{
    if (narrate_fork(n, LEFT, "") == 0) {
        send_three(id, RIGHT);
        exit(EXIT_DONE);
    }
    reap_children();
}

static void send_three(int id, enum column column)
{
    for (int i = 1; i <= LINES; i++) {
        struct line line = {.type = 1};
        const int size = snprintf(line.text, sizeof line.text, "line %d", i);
        narrate(n, column, "msgsnd(%d, \"%s\")", id, line.text);
        or_fail(msgsnd(id, &line, (size_t)size, IPC_NOWAIT), "msgsnd", NULL);
    }
}

/* Receives until the queue is empty, or fails; returns how many lines came. */
static unsigned long receive_lines(int id, enum column column, int flags)
{
    struct line line;
    ssize_t got;
    for (unsigned long lines = 0;; lines++) {
        const uint64_t began = now();
        do
            got = msgrcv(id, &line, sizeof line.text, 0, flags);
        while (got == -1 && interrupted());
        if (got == -1) {
            const int error = errno;
            if (error != ENOMSG)
                narrate_waited(n, column, began, "empty", "msgrcv(%d) = -1  %s", id,
                               error == EIDRM    ? "EIDRM"
                               : error == EINVAL ? "EINVAL: no such queue"
                                                 : strerror(error));
            return lines;
        }
        narrate_waited(n, column, began, "empty", "msgrcv(%d) = %zd  %s", id, got,
                       quoted(line.text, (size_t)got).text);
    }
}

static void remove_now(int id)
{
    narrate(n, LEFT, "msgctl(%d, IPC_RMID)", id);
    or_fail(msgctl(id, IPC_RMID, NULL), "msgctl IPC_RMID", NULL);
    forget_object(handle);
}
