/* SPDX-License-Identifier: MIT
 * ipc-fifo user1: one of two who chat from two terminals, in turns.
 *
 * Usage: ipc-fifo user1 [--name NAME | --path FILE] [OPTION]...
 */
#include "fifo.h"

int fifo_user1(const struct role *role, int argc, char **argv)
{
    return chat(role, argc, argv, true);
}
