/* SPDX-License-Identifier: MIT
 * ipc-fifo user2: one of two who chat from two terminals, in turns.
 *
 * Usage: ipc-fifo user2 [--name NAME | --path FILE] [OPTION]...
 */
#include "fifo.h"

int fifo_user2(const struct role *role, int argc, char **argv)
{
    return chat(role, argc, argv, false);
}
