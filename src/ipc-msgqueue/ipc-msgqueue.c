/*
 * ipc-msgqueue: whole messages, each with a type or priority, that the kernel keeps until they are
 * taken.
 */
#include "msgqueue.h"

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
        {"bench", MEASURE_IT, NULL, "what a round trip and a stream cost", msgqueue_bench},
        {0},
    };
    return run_program("ipc-msgqueue", "Whole messages that the kernel keeps until they are taken.",
                       roles, argc, argv);
}
