/*
 * ipc-msgqueue full: what a sender meets when the queue is full.
 *
 * Usage: ipc-msgqueue full [--pace SECONDS]
 *
 * A queue is full when its bytes reach msg_qbytes. With IPC_NOWAIT msgsnd() says EAGAIN, and the
 * message is not sent; without, it sleeps until a receiver makes room. IPC_SET changes the limit.
 */
#include "msgqueue.h"

#include "ipc/narration/lesson.h"

enum { TEXT_SIZE = 1024, SMALL_LIMIT = 4096 };

static struct {
    long type;
    char text[TEXT_SIZE];
} message = {.type = 1};

static struct narration *n;
static int id;

static bool set_limit(unsigned long bytes);
static unsigned fill(void);

int msgqueue_full(const struct role *role, int argc, char **argv)
{
    n = begin_lesson(role, argc, argv,
                     "Nobody receives: how much can be sent, and what happens then?", "sender",
                     "receiver");
    id = private_queue(NULL);
    const unsigned long usual = (unsigned long)queue_status(id, NULL).msg_qbytes;
    narrate(n, LEFT, "msgget() = %d   msg_qbytes %lu", id, usual);
    set_limit(SMALL_LIMIT);
    const unsigned count = fill();

    narrate_text(n, "-> the mistake: not to look at what msgsnd returned; the message is lost:");
    const int ignored = msgsnd(id, &message, TEXT_SIZE, IPC_NOWAIT);
    narrate(n, LEFT, "msgsnd(IPC_NOWAIT) = %d   msg_qnum %lu", ignored,
            (unsigned long)queue_status(id, NULL).msg_qnum);

    narrate_text(n, "-> right: without IPC_NOWAIT msgsnd sleeps until there is room.");
    if (narrate_fork(n, LEFT, "") == 0) {
        sleep_for(50 * MILLISECOND); /* so that the sender is seen waiting */
        narrate(n, RIGHT, "msgrcv()   makes room");
        if (msgrcv(id, &message, TEXT_SIZE, 0, IPC_NOWAIT) == -1)
            fail("msgrcv", NULL);
        exit(EXIT_DONE);
    }
    int sent;
    narrate(n, LEFT, "msgsnd(%d bytes)", TEXT_SIZE);
    const uint64_t began = now();
    watch_children(); /* a killed child makes no room */
    do
        sent = msgsnd(id, &message, TEXT_SIZE, 0);
    while (sent == -1 && interrupted());
    const unsigned long slept = (unsigned long)((now() - began) / MILLISECOND);
    narrate_sent(n, LEFT, began, "the queue was full", "msgsnd", sent, 0);
    if (sent == -1)
        fail("msgsnd", NULL);
    reap_children();

    narrate_text(n, "Or a larger queue; above the system's msgmnb only with privilege:");
    set_limit(2 * SMALL_LIMIT);
    const unsigned more = fill();
    if (set_limit(usual + SMALL_LIMIT))
        narrate(n, LEFT, "allowed: privileged (CAP_SYS_RESOURCE)");
    narrate_text(n, "%d bytes held %u messages; then EAGAIN, or %lu ms of sleep; IPC_SET: %u more.",
                 SMALL_LIMIT, count, slept, more);
    return EXIT_DONE;
}

static bool set_limit(unsigned long bytes)
{
    struct msqid_ds status = queue_status(id, NULL);
    status.msg_qbytes = (msglen_t)bytes;
    narrate(n, LEFT, "msgctl(IPC_SET, msg_qbytes = %lu)", bytes);
    if (msgctl(id, IPC_SET, &status) == 0)
        return true;
    narrate(n, LEFT, "msgctl = -1  %s", errno == EPERM ? "EPERM" : strerror(errno));
    return false;
}

/* Sends until the queue is full; returns how many went in. */
static unsigned fill(void)
{
    unsigned count = 0;
    while (msgsnd(id, &message, TEXT_SIZE, IPC_NOWAIT) == 0)
        count++;
    narrate(n, LEFT, "msgsnd(%d bytes) %u times, then -1  %s", TEXT_SIZE, count,
            errno == EAGAIN ? "EAGAIN" : strerror(errno));
    return count;
}
