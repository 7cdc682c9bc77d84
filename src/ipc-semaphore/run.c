/*
 * ipc-semaphore run: at most K at once.
 *
 * Usage: ipc-semaphore run --slots K [--name NAME] -- COMMAND [ARG...]
 *
 * Takes a slot of a System V set with SEM_UNDO, and becomes COMMAND by exec: the kernel gives the
 * slot back when the process ends, however it ends.
 */
#include "semaphore.h"

#include "ipc/common/children.h"

#include <sys/sem.h>

enum { SLOTS_MOST = 32767 }; /* SEMVMX of Linux; POSIX leaves it to the system */

int semaphore_run(const struct role *role, int argc, char **argv)
{
    static struct permits permits;
    const char *name = "default";
    long slots = NOT_GIVEN;
    int family = SYSV;
    const struct option_row options[] = {OPTION(number, &slots, .name = "slots", .argument = "K",
                                                .least = 1, .most = SLOTS_MOST,
                                                .help = "how many may run at once"),
                                         OPTION_NAME(&name),
                                         OPTION_API(&family, "sysv"),
                                         {0}};
    failure_status = EXIT_OWN_FAILURE;
    const struct operands operands = parse_arguments(role, argc, argv, options, 0);
    if (family == POSIX)
        usage_error(role, "--api posix: who is killed would keep its slot for ever; only a System "
                          "V semaphore is undone ('ipc-semaphore crash' shows it)");
    if (slots == NOT_GIVEN)
        usage_error(role, "--slots K is needed");

    for (;;) {
        permits_open(&permits, name, (int)slots);
        if (permits_take(&permits, (int)slots))
            break;
        if (!permits_change(&permits, (int)slots)) {
            const int all = semctl(permits.set, PERMITS_ALL, GETVAL);
            if (all == slots || all == -1) /* it was changed, or removed, meanwhile */
                continue;
            fail_that(EXIT_OWN_FAILURE,
                      "--slots %ld: \"%s\" has %d slots, and some are in use\n"
                      "  another --name is another set",
                      slots, name, all);
        }
        end_if_signalled();
    }
    become_command(operands.command);
}
