/*
 * The beginning of a producer or consumer.
 */
#include "ipc/transfer/pair_options.h"

#include "ipc/common/clock.h"
#include "ipc/transfer/progress.h"

#include <unistd.h>

void begin_pair(const struct role *role, int argc, char **argv, const struct option_row *options,
                enum member_role member, struct pair_options *pair)
{
    pair->timeout = NOT_GIVEN;
    const struct operands operands =
        parse_arguments(role, argc, argv, options, member == PRODUCER ? 1 : 0);
    if (pair->path != NULL && pair->name != NULL)
        usage_error(role, "--name and --path: one or the other");
    if (pair->path != NULL && *pair->path == '\0')
        usage_error(role, "--path: it is empty");
    if (pair->path != NULL) {
        name_of_path(pair->path, pair->own_name);
        pair->name = pair->own_name;
    } else if (pair->find_name != NULL) {
        pair->name = pair->find_name(role, member);
    } else {
        pair->name =
            choose_name(role, pair->name, pair->key_text, pair->family, pair->own_name, &pair->key);
    }
    if (member == PRODUCER)
        pair->input = new_input(operands.words[0]);
    pair->deadline = deadline_in(pair->timeout);
    if (pair->verbose)
        pair->narration = narration_open(STDERR_FILENO, role->name, NULL, 0);
    progress_is_hidden = pair->verbose;
}
