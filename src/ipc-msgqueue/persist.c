/* SPDX-License-Identifier: MIT
 * ipc-msgqueue persist: the queue outlives its sender, until somebody removes it; then at once.
 *
 * Usage: ipc-msgqueue persist [--pace SECONDS | --step]
 *
 * Shows a sender that removes the queue when it is done, and so takes the messages back; the right
 * way: the receiver removes it, and finds all that a sender has left who is gone; and another
 * receiver, asleep when that happens.
 */
#include "msgqueue.h"

#include "ipc/narration/lesson.h"

enum { LINES = 3 };

static struct narration *n;
static int id;
static size_t handle; /* of the queue, for forget_object() */

static void send_three(enum column column);
static unsigned long look(void);
static bool receive_line(enum column column, int flags);
static void remove_now(void);

int msgqueue_persist(const struct role *role, int argc, char **argv)
{
    n = begin_lesson(role, argc, argv,
                     "A sender has sent its messages and ended: where are they, and until when?",
                     "parent", "child");

    narrate_mistake(n, "the sender removes the queue as soon as it has sent all");
    id = private_queue(n, LEFT, &handle);
    send_three(LEFT);
    const unsigned long lost = look();
    remove_now();
    receive_line(LEFT, IPC_NOWAIT);

    narrate_right(n, "the receiver removes it, when it has received all");
    id = private_queue(n, LEFT, &handle);
    narrate_text(n, "The child needs no key: fork() hands on the id (IPC_PRIVATE would do, too)");
    const pid_t sender = narrate_fork(n, LEFT, "");
    if (sender == 0) {
        send_three(RIGHT);
        _exit(EXIT_DONE);
    }
    end_as_child(sender, "child", narrate_wait(n, LEFT, sender));
    const unsigned long kept = look();
    unsigned long received = 0;
    while (received < kept && receive_line(LEFT, IPC_NOWAIT))
        received++;

    narrate_text(n, "Another receiver is asleep in msgrcv() when the queue is removed:");
    const pid_t receiver = narrate_fork(n, LEFT, "");
    if (receiver == 0) {
        receive_line(RIGHT, 0);
        _exit(EXIT_DONE);
    }
    watch_children(); /* a killed one would never be asleep */
    await_sleep(n, receiver);
    remove_now();
    reap_children();
    narrate_answer(n,
                   "In the kernel, until received (%lu were) or removed (%lu were lost, at once).",
                   received, lost);
    return EXIT_DONE;
}

static void send_three(enum column column)
{
    narrate(n, column, "msgsnd(\"line N\", IPC_NOWAIT), %d times", LINES);
    for (int i = 1; i <= LINES; i++) {
        struct line line = {.type = 1};
        const int size = snprintf(line.text, sizeof line.text, "line %d", i);
        or_fail(msgsnd(id, &line, (size_t)size, IPC_NOWAIT), "msgsnd", NULL);
    }
}

/* How many messages it holds. */
static unsigned long look(void)
{
    const unsigned long messages = (unsigned long)queue_status(id, NULL).msg_qnum;
    narrate(n, LEFT, "msgctl(IPC_STAT)   msg_qnum %lu", messages);
    return messages;
}

/* False if the queue is gone. */
static bool receive_line(enum column column, int flags)
{
    struct line line;
    ssize_t got;
    start_wakeup_timer(); /* for a signal that comes right before the call */
    narrate_call(n, column, "msgrcv(%s)", flags == IPC_NOWAIT ? "IPC_NOWAIT" : "0");
    do
        got = msgrcv(id, &line, sizeof line.text, 0, flags);
    while (got == -1 && interrupted());
    if (got == -1)
        narrate_return(n, "it was empty", "-1  %s", error_name(errno));
    else
        narrate_return(n, "it was empty", "%zd  %s", got, quoted(line.text, (size_t)got).text);
    return got != -1;
}

static void remove_now(void)
{
    narrate(n, LEFT, "msgctl(IPC_RMID)");
    or_fail(msgctl(id, IPC_RMID, NULL), "msgctl IPC_RMID", NULL);
    forget_object(handle);
}
