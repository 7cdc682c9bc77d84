/* SPDX-License-Identifier: MIT
 * ipc-msgqueue full: what a sender meets when the queue is full.
 *
 * Usage: ipc-msgqueue full [--pace SECONDS | --step]
 *
 * A queue is full when its bytes reach msg_qbytes. With IPC_NOWAIT msgsnd() says EAGAIN, and the
 * message is not sent; without, it sleeps until a receiver makes room. IPC_SET changes the limit,
 * and who may send.
 */
#include "msgqueue.h"

#include "ipc/narration/lesson.h"

enum { TEXT_SIZE = 1024 }; /* it stands in the texts, too */

static struct {
    long type;
    char text[TEXT_SIZE];
} message = {.type = 1};

static struct narration *n;
static int id;

static unsigned long send_asleep(void);
static void tell(int result, const char *call);

int msgqueue_full(const struct role *role, int argc, char **argv)
{
    n = begin_lesson(role, argc, argv,
                     "Nobody receives: how much can be sent, and what happens then?", "receiver",
                     "sender");
    id = private_queue(n, RIGHT, NULL);
    struct msqid_ds status = queue_status(id, NULL);
    const msglen_t usual = status.msg_qbytes;
    narrate(n, RIGHT, "msgctl(IPC_STAT)   msg_qbytes %lu", (unsigned long)usual);
    status.msg_qbytes = 4 * TEXT_SIZE;
    tell(msgctl(id, IPC_SET, &status), "msgctl(IPC_SET, 4096)");
    unsigned count = 0;
    while (msgsnd(id, &message, TEXT_SIZE, IPC_NOWAIT) == 0)
        count++;
    narrate(n, RIGHT, "msgsnd(1024, IPC_NOWAIT) = 0, %u times", count);
    tell(-1, "msgsnd(1024, IPC_NOWAIT)");

    narrate_mistake(n, "not looking at what msgsnd() returned: the message is lost");
    narrate(n, RIGHT, "msgctl(IPC_STAT)   msg_qnum %lu",
            (unsigned long)queue_status(id, NULL).msg_qnum);
    narrate_right(n, "without IPC_NOWAIT msgsnd() sleeps until there is room");
    const unsigned long asleep = send_asleep();

    narrate_text(n, "IPC_SET sets the limit (above msgmnb: CAP_SYS_RESOURCE) and the mode bits,");
    narrate_text(n, "which bind the owner, too, but not CAP_IPC_OWNER:");
    status.msg_qbytes = 8 * TEXT_SIZE;
    tell(msgctl(id, IPC_SET, &status), "msgctl(IPC_SET, 8192)");
    tell(msgsnd(id, &message, TEXT_SIZE, IPC_NOWAIT), "msgsnd(1024, IPC_NOWAIT)");
    status.msg_qbytes = usual + 1;
    tell(msgctl(id, IPC_SET, &status), "msgctl(IPC_SET, msgmnb+1)");
    status.msg_qbytes = 8 * TEXT_SIZE;
    status.msg_perm.mode = 0400;
    tell(msgctl(id, IPC_SET, &status), "msgctl(IPC_SET, mode 0400)");
    tell(msgsnd(id, &message, TEXT_SIZE, IPC_NOWAIT), "msgsnd(1024, IPC_NOWAIT)");
    narrate_answer(n, "%u messages fit; the next got EAGAIN, or slept %lu ms until there was room.",
                   count, asleep);
    return EXIT_DONE;
}

/* Returns for how many milliseconds: until a child has made room. */
static unsigned long send_asleep(void)
{
    if (narrate_fork(n, RIGHT, "") == 0) {
        await_sleep(n, original_parent());
        narrate_call(n, LEFT, "msgrcv(IPC_NOWAIT)");
        narration_hold(n); /* the sender, which this wakes, speaks after it */
        const ssize_t got = msgrcv(id, &message, TEXT_SIZE, 0, IPC_NOWAIT);
        narrate_return(n, NULL, "%zd", got);
        narration_release(n);
        _exit(got == TEXT_SIZE ? EXIT_DONE : EXIT_FAILED);
    }
    narrate_call(n, RIGHT, "msgsnd(1024, 0)");
    watch_children(); /* a killed child makes no room */
    const uint64_t began = narration_time(n);
    int sent;
    do
        sent = msgsnd(id, &message, TEXT_SIZE, 0);
    while (sent == -1 && interrupted());
    or_fail(sent, "msgsnd", NULL);
    const uint64_t asleep = narration_time(n) - began;
    narrate_return(n, "it was full", "0");
    reap_children();
    return (unsigned long)(asleep / MILLISECOND);
}

/* With the name of the error, if it is one. */
static void tell(int result, const char *call)
{
    narrate(n, RIGHT, result == 0 ? "%s = 0" : "%s = -1  %s", call, error_name(errno));
}
