/*
 * The beginning of a producer or consumer, and of a role that looks at both.
 */
#include "ipc/transfer/pair_options.h"

#include "ipc/common/clock.h"
#include "ipc/transfer/progress.h"

#include <stdio.h>
#include <unistd.h>

/* Ends with a usage error unless --name, --key and --api make sense together. */
static void choose_pair(const struct role *role, struct pair_options *pair)
{
    if (pair->key_text != NULL && pair->family == POSIX)
        usage_error(role, "--key is for --api sysv: a POSIX object has a name");
    if (pair->key_text != NULL && pair->name != NULL)
        usage_error(role, "--key stands instead of --name: one of them");
    if (pair->key_text != NULL) {
        pair->key = name_of_key(role, pair->key_text, pair->own_name);
        pair->name = pair->own_name;
    } else if (pair->name == NULL) {
        pair->name = "default";
    }
}

void begin_pair(const struct role *role, int argc, char **argv, const struct option_row *options,
                enum member_role member, struct pair_options *pair)
{
    pair->timeout = NOT_GIVEN;
    pair->member = member;
    const struct operands operands =
        parse_arguments(role, argc, argv, options, member == PRODUCER ? 1 : 0);
    if (pair->path != NULL && pair->name != NULL)
        usage_error(role, "--name and --path: one or the other");
    if (pair->path != NULL && *pair->path == '\0')
        usage_error(role, "--path: it is empty");
    if (pair->path != NULL) {
        name_of_path(pair->path, pair->own_name);
        pair->name = pair->own_name;
    } else {
        choose_pair(role, pair);
    }
    if (pair->check != NULL)
        pair->check(role, pair);
    if (member == PRODUCER)
        pair->input = new_input(operands.words[0]);
    pair->deadline = deadline_in(pair->timeout);
    if (pair->verbose)
        pair->narration = narration_open(STDERR_FILENO, role->name, NULL, 0);
    progress_is_hidden = pair->verbose;
}

bool find_pair(const struct role *role, const char *mechanism, struct pair_options *pair,
               struct rendezvous *found)
{
    choose_pair(role, pair);
    return rendezvous_look(found, mechanism, pair->name);
}

bool is_other_family(const struct pair_options *pair, const struct rendezvous *found)
{
    const int64_t noted = found->objects[NOTED_FAMILY];
    return noted != 0 && pair->family != NOT_GIVEN && noted != 1 + pair->family;
}

void print_members(const struct rendezvous *found)
{
    static const char *const words[MEMBER_ROLES] = {"producer", "consumer"};
    for (enum member_role role = PRODUCER; role < MEMBER_ROLES; role++) {
        const struct peers peers = rendezvous_peers(found, role);
        printf("%-12s ", words[role]);
        if (peers.alive > 0)
            printf("pid %ld\n", (long)peers.alive_pid);
        else
            puts(peers.died > 0 ? "died" : peers.left > 0 ? "has left" : "nobody");
    }
}
