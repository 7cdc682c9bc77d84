/* SPDX-License-Identifier: MIT
 * ipc-msgqueue list: the queues of this user's pairs, who holds which end, and how many bytes wait.
 *
 * Usage: ipc-msgqueue list [--json]
 */
#include "msgqueue.h"
#include "platform.h"

void queue_look(const struct rendezvous *found, struct listed *listed)
{
    struct msqid_ds status;
    look_at_family(found, listed);
    const int id = queue_noted(found); /* of a POSIX queue nobody counts the bytes */
    if (id != -1 && msgctl(id, IPC_STAT, &status) == 0)
        listed->bytes = queue_bytes(&status);
}

int msgqueue_list(const struct role *role, int argc, char **argv)
{
    return list_names(role, argc, argv, "msgqueue", queue_look, NULL);
}
