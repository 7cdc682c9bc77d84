/* SPDX-License-Identifier: MIT
 * ipc-fifo list: the FIFOs of this user's pairs and chats, and who holds which end.
 *
 * Usage: ipc-fifo list [--json]
 */
#include "fifo.h"

#include "ipc/transfer/list.h"

static void look(const struct rendezvous *found, struct listed *listed)
{
    struct stat status;
    static const char *const suffixes[] = {"fifo", "fifo.user1"}; /* the second is a chat's */
    for (int i = 0; i < 2; i++) {
        object_path(listed->path, "fifo", listed->name, suffixes[i]);
        if (lstat(listed->path, &status) == 0 && is_noted_file(found->objects, &status))
            return;
    }
    listed->path[0] = '\0'; /* that of --path is not noted */
}

static void print_chats(void)
{
    each_rendezvous("chat");
}

int fifo_list(const struct role *role, int argc, char **argv)
{
    return list_names(role, argc, argv, "fifo", look, print_chats);
}
