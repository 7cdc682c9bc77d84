/* SPDX-License-Identifier: MIT
 * ipc-semaphore list: the semaphores of this user's pairs, who holds which end; the slots of `run`,
 * which stay until they are removed.
 *
 * Usage: ipc-semaphore list [--json]
 */
#include "semaphore.h"

#include <stdio.h>

void buffer_look(const struct rendezvous *found, struct listed *listed)
{
    char name[POSIX_NAME_SIZE];
    look_at_family(found, listed);
    if (found->objects[NOTED_FAMILY] == 1 + POSIX)
        snprintf(listed->path, PATH_SIZE, "%s", buffer_object(name, found->name, EMPTY));
}

bool print_slots(const char *name, void *unused)
{
    static struct permits permits;
    static struct listed listed;
    (void)unused;
    const bool sound = permits_look(&permits, name);
    listed = (struct listed){.mechanism = "semaphore", .name = name, .bytes = -1};
    listed.key = (uint32_t)permits.key;
    listed.stale = !sound; /* a file without a set: its maker was killed */
    snprintf(listed.path, PATH_SIZE, "%s", permits.path);
    print_listed(&listed);
    return false;
}

static void print_all_slots(void)
{
    for_each_name("semaphore", "slots", print_slots, NULL);
}

int semaphore_list(const struct role *role, int argc, char **argv)
{
    return list_names(role, argc, argv, "semaphore", buffer_look, print_all_slots);
}
