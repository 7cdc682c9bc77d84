/* SPDX-License-Identifier: MIT
 * ipc-signal list: this user's pairs. Signals need no object: there is none to show.
 *
 * Usage: ipc-signal list [--json]
 */
#include "signal.h"

#include "ipc/transfer/list.h"

static void look(const struct rendezvous *found, struct listed *listed)
{
    (void)found;
    (void)listed;
}

int signal_list(const struct role *role, int argc, char **argv)
{
    return list_names(role, argc, argv, "signal", look, NULL);
}
