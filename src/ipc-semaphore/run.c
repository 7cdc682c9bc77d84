/* SPDX-License-Identifier: MIT
 * ipc-semaphore run: at most K at once.
 *
 * Usage: ipc-semaphore run --slots K [--timeout SECONDS | --nonblock] [--name NAME] -- COMMAND
 * [ARG...]
 *
 * Takes a slot of a System V set with SEM_UNDO, and becomes COMMAND by exec: the kernel gives the
 * slot back when the process ends, however it ends.
 */
#include "semaphore.h"

#include "ipc/common/children.h"
#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"

#include <stdlib.h>
#include <sys/sem.h>

enum { SLOTS_MOST = 32767 }; /* SEMVMX of Linux; POSIX leaves it to the system */

enum { EXIT_TIMED_OUT = 124 /* as timeout(1) */ };

static void end_run(int status)
{
    exit(status == EXIT_PEER ? EXIT_TIMED_OUT : status);
}

int semaphore_run(const struct role *role, int argc, char **argv)
{
    static struct permits permits;
    const char *name = "default";
    long slots = NOT_GIVEN;
    double timeout = NOT_GIVEN;
    bool nonblock = false;
    const struct option_row options[] = {
        OPTION(number, &slots, .name = "slots", .argument = "K", .least = 1, .most = SLOTS_MOST,
               .help = "how many may run at once"),
        OPTION_NAME(&name),
        OPTION(seconds, &timeout, .name = "timeout", .argument = "SECONDS",
               .help = "exit 124 if no slot is free by then"),
        OPTION(flag, &nonblock, .name = "nonblock", .help = "exit 124 if no slot is free now"),
        {0}};
    failure_status = EXIT_OWN_FAILURE;
    end_failed = end_run;
    const struct operands operands = parse_arguments(role, argc, argv, options, 0);
    if (slots == NOT_GIVEN)
        usage_error(role, "--slots K is needed");
    if (nonblock && timeout >= 0)
        usage_error(role, "--nonblock and --timeout: one of them");
    if (timeout >= 0)
        start_wakeup_timer(); /* semop() has no limit of its own, and exec ends the timer */
    const uint64_t limit = nanoseconds_of(nonblock ? 0 : timeout);
    const uint64_t deadline = limit == UINT64_MAX ? limit : now() + limit;

    for (;;) {
        permits_open(&permits, name, (int)slots, deadline);
        if (permits_take(&permits, (int)slots, deadline))
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
