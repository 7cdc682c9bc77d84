/*
 * What the lessons have in common: how a child begins, and that it ends well.
 */
#include "pipe.h"

#include "ipc/common/children.h"

#include <stdio.h>

pid_t fork_writer(struct narration *n)
{
    narrate(n, RIGHT, "fork()");
    narration_hold(n); /* the writer tells nothing before the line about its birth stands */
    const pid_t writer = start_child();
    if (writer == -1)
        fail("fork", NULL);
    if (writer == 0) {
        narration_join(n);
        return 0;
    }
    char left[64], right[64];
    snprintf(left, sizeof left, "fork() = 0   I am %ld", (long)writer);
    snprintf(right, sizeof right, "fork() = %ld", (long)writer);
    narrate_both(n, left, right);
    narration_release(n);
    return writer;
}

void reap_writer(struct narration *n, pid_t writer)
{
    reap_successful(writer, "writer");
    narrate(n, RIGHT, "waitpid(%ld) = exit status 0", (long)writer);
}
