/* SPDX-License-Identifier: MIT
 * Two open() calls that meet, narrated: the first sleeps until the second is made.
 */
#include "fifo.h"

#include "ipc/narration/lesson.h"

int(narrate_open)(struct narration *n, enum column column, const char *path, int flags,
                  const struct gate *about_to_open)
{
    const bool reads = (flags & O_ACCMODE) == O_RDONLY;
    int end;
    (narrate_call)(n, column, "open(\"%s\", %s%s)", strrchr(path, '.') + 1,
                   reads ? "O_RDONLY" : "O_WRONLY", (flags & O_NONBLOCK) != 0 ? "|O_NONBLOCK" : "");
    if (about_to_open != NULL)
        open_gate(about_to_open, 1);
    do
        end = open(path, flags);
    while (end == -1 && interrupted());
    if (end == -1 && (errno != ENXIO || (flags & O_NONBLOCK) == 0 || reads))
        fail("open", path);
    (narrate_return)(n, reads ? "no writer yet" : "no reader yet", end == -1 ? "-1  ENXIO" : "%d",
                     end);
    return end;
}

int(narrate_second_open)(struct narration *n, enum column column, const char *path, int flags,
                         struct gate *about_to_open, int pause_ms)
{
    if (!pass_gate(about_to_open))
        fail_that(EXIT_PEER, "the parent (pid %ld) died", (long)original_parent());
    narration_pause(n, (uint64_t)pause_ms * MILLISECOND);
    await_sleep(n, original_parent()); /* not at the moment in which a timer has woken it */
    narration_hold(n);                 /* the first, which this call wakes, speaks after it */
    const int end = narrate_open(n, column, path, flags, NULL);
    narration_release(n);
    return end;
}
