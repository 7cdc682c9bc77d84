/* SPDX-License-Identifier: MIT
 * ipc-msgqueue: whole messages with a type or priority, kept by the kernel until they are taken.
 */
#include "msgqueue.h"

#include <errno.h>

int main(int argc, char **argv)
{
    static const struct role roles[] = {
        {"demo", RUN_IT, NULL, "both sides, narrated: the key, three lines, the queue removed",
         msgqueue_demo},
        {"producer", RUN_IT, "[FILE]", "sends FILE or standard input as messages",
         msgqueue_producer},
        {"consumer", RUN_IT, NULL, "writes the messages' bytes to standard output",
         msgqueue_consumer},
        {"types", UNDERSTAND_IT, NULL, "which message comes first: type 0, N and -N; E2BIG",
         msgqueue_types},
        {"persist", UNDERSTAND_IT, NULL, "the queue outlives its sender; who may remove it, when",
         msgqueue_persist},
        {"full", UNDERSTAND_IT, NULL, "a full queue: the sender sleeps, or gets EAGAIN; IPC_SET",
         msgqueue_full},
        {"key", UNDERSTAND_IT, "[FILE [ID]]", "ftok() taken apart: inode, device and id",
         msgqueue_key},
        {"stat", USE_IT, NULL, "what the kernel knows of a queue, or of its limits", msgqueue_stat},
        {"remove", USE_IT, NULL, "removes a queue that nobody uses", msgqueue_remove},
        {"list", USE_IT, NULL, "the queues in use, by whom, and what is left of the dead",
         msgqueue_list},
        {"bench", MEASURE_IT, NULL, "what a round trip and a stream cost", msgqueue_bench},
        {0},
    };
    static const struct hint hints[] = {
        {"msgget", ENOSPC,
         "the limit of queues is reached: see /proc/sys/kernel/msgmni and `ipcs -q`"},
        {"msgget", EACCES, "somebody else made a queue with that key, and does not let us use it"},
        {"msgsnd", EIDRM, "somebody removed the queue while it was in use; `persist` shows it"},
        {"msgsnd", EINVAL, "the queue was removed, or msgmax is smaller: /proc/sys/kernel/msgmax"},
        {"msgrcv", EIDRM, "somebody removed the queue while it was in use; `persist` shows it"},
        {"msgrcv", EINVAL, "somebody has removed the queue; `persist` shows it"},
        {"mq_open", EACCES, "the queue of that name belongs to somebody else"},
        {"mq_open", EINVAL, "larger than /proc/sys/fs/mqueue/msg_max or msgsize_max allows"},
        {"mq_open", EMFILE, "the limit of bytes in a user's queues is reached: see `ulimit -q`"},
        {"mq_open", ENOSPC, "the limit of queues is reached: see /proc/sys/fs/mqueue/queues_max"},
        {"mq_unlink", EACCES, "the queue of that name belongs to somebody else"},
        {"msgctl IPC_STAT", EACCES, "somebody else made that queue, and does not let us use it"},
        {0},
    };
    static const struct program program = {
        "ipc-msgqueue", "Whole messages that the kernel keeps until they are taken.", roles, hints};
    return run_program(&program, argc, argv);
}
