/*
 * The beginning of a lesson, and what its processes wait at.
 */
#include "ipc/narration/lesson.h"

#include <stdio.h>
#include <unistd.h>

struct narration *begin_lesson(const struct role *role, int argc, char **argv, const char *question,
                               const char *left, const char *right)
{
    double pace = 0;
    const struct option_row options[] = {pace_option(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    if (question != NULL)
        printf("%s\n", question);
    if (fflush(stdout) != 0)
        fail("write", "standard output");
    return narration_open(STDOUT_FILENO, left, right, pace);
}

struct option_row pace_option(double *pace)
{
    return (struct option_row){.name = "pace",
                               .argument = "SECONDS",
                               .seconds = pace,
                               .help = "pause before each event, for a class to follow"};
}

pid_t narrate_fork(struct narration *narration, enum column parent)
{
    narrate(narration, parent, "fork()");
    narration_hold(narration); /* the child tells nothing before the line about its birth stands */
    const pid_t child = start_child();
    if (child == 0) {
        narration_join(narration);
        return 0;
    }
    char texts[2][64];
    snprintf(texts[parent], sizeof texts[parent], "fork() = %ld", (long)child);
    snprintf(texts[!parent], sizeof texts[!parent], "fork() = 0   I am %ld", (long)child);
    narrate_both(narration, texts[LEFT], texts[RIGHT]);
    narration_release(narration);
    return child;
}

struct gate new_gate(void)
{
    int ends[2];
    or_fail(pipe(ends), "pipe", NULL);
    return (struct gate){.read_end = ends[0], .write_end = ends[1]};
}

void open_gate(const struct gate *gate, int processes)
{
    for (int i = 0; i < processes; i++)
        if (!write_full(gate->write_end, "", 1))
            fail("write", "pipe");
}

bool pass_gate(struct gate *gate)
{
    char byte;
    if (gate->write_end != -1)
        close(gate->write_end); /* otherwise there would be no end of file when the opener dies */
    gate->write_end = -1;
    return read_full(gate->read_end, &byte, 1) == 1;
}

void close_gate(const struct gate *gate)
{
    close(gate->read_end);
    if (gate->write_end != -1)
        close(gate->write_end);
}
