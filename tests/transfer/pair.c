/* SPDX-License-Identifier: MIT
 * The input of a pair's producer: what it may be, and what it is called. And when a wait polls.
 */
#include "ipc/transfer/pair.h"
#include "check.h"
#include "ipc/common/children.h"
#include "ipc/common/clock.h"
#include "ipc/common/error.h"
#include "ipc/transfer/platform.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int status_of_open(const char *file)
{
    const pid_t child = start_child();
    if (child == 0) {
        close(STDERR_FILENO);
        new_input(file);
        exit(EXIT_DONE);
    }
    return WEXITSTATUS(reap_child(child));
}

static bool is_standard_input(struct input input)
{
    return input.descriptor == STDIN_FILENO && strcmp(input.label, "standard input") == 0;
}

/* Only a wait that follows another soon, which may fail where others use the processors. */
static void check_spinning(void)
{
    bool spins = false;
    for (int tries = 0; tries < 100 && !spins; tries++) {
        uint64_t first = 0, soon = 0;
        keep_spinning(&first);
        spins = keep_spinning(&soon);
        while (keep_spinning(&soon)) /* not for ever */
            ;
    }
    check(spins == (processors_available() > 1));
    for (int line = 0; line < 3; line++) {
        uint64_t later = 0;
        sleep_for(MILLISECOND);
        check(!keep_spinning(&later) && !keep_spinning(&later));
    }
}

int main(void)
{
    check_spinning();
    program_name = "test";
    check(is_standard_input(new_input(NULL)) && is_standard_input(new_input("-")));
    static struct pair pair;
    pair.input = new_input("/dev/null");
    check(pair.input.descriptor > STDERR_FILENO && strcmp(pair.input.label, "/dev/null") == 0);
    check(fcntl(pair.input.descriptor, F_GETFD) == FD_CLOEXEC && pair.input.may_wait);
    char bytes[8];
    check(read_input(&pair, bytes, sizeof bytes) == 0);
    close(pair.input.descriptor);
    check(!new_input(__FILE__).may_wait);
    check(status_of_open("/dev/null") == EXIT_DONE);
    check(status_of_open("/") == EXIT_FAILED);
    check(status_of_open("/no such file") == EXIT_FAILED);
    return 0;
}
