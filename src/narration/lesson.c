/* SPDX-License-Identifier: MIT
 * The beginning of a lesson, and what its processes wait at.
 */
#include "ipc/narration/lesson.h"

#include <stdio.h>
#include <unistd.h>

enum { SEEN_ASLEEP_MS = 30 };

struct narration *begin_lesson(const struct role *role, int argc, char **argv, const char *question,
                               const char *left, const char *right)
{
    struct pacing pacing = NO_PACING;
    const struct option_row options[] = {OPTIONS_PACING(&pacing), {0}};
    parse_arguments(role, argc, argv, options, 0);
    return open_lesson(role, &pacing, question, left, right);
}

bool is_paced(const struct pacing *pacing)
{
    return pacing->seconds >= 0 || pacing->step;
}

struct narration *open_lesson(const struct role *role, const struct pacing *pacing,
                              const char *question, const char *left, const char *right)
{
    if (pacing->step && pacing->seconds >= 0)
        usage_error(role, "--step and --pace exclude each other");
    if (pacing->step && !isatty(STDIN_FILENO))
        usage_error(role, "--step needs a terminal, and standard input is none");
    if (pacing->step && !isatty(STDOUT_FILENO))
        usage_error(role, "--step needs a terminal, and standard output is none");
    return narration_begin(question, left, right, pacing->seconds, pacing->step);
}

pid_t(narrate_fork)(struct narration *narration, enum column parent, const char *label)
{
    (narrate)(narration, parent, "fork()");
    narration_hold(narration); /* the child tells nothing before the line about its birth stands */
    const pid_t child = start_child();
    if (child == 0) {
        narration_join(narration);
        return 0;
    }
    char texts[2][64];
    snprintf(texts[parent], sizeof texts[parent], "fork() = %ld", (long)child);
    snprintf(texts[!parent], sizeof texts[!parent], "%sfork() = 0   I am %ld", label, (long)child);
    narrate_both(narration, texts[LEFT], texts[RIGHT]);
    narration_release(narration);
    return child;
}

int(narrate_wait)(struct narration *narration, enum column parent, pid_t child)
{
    char words[STATUS_WORDS_SIZE];
    (narrate_call)(narration, parent, "waitpid(%ld)", (long)child);
    const int status = reap_child(child);
    (narrate_return)(narration, "it ran", "%s", status_in_words(status, words));
    return status;
}

void await_sleep(struct narration *narration, pid_t process)
{
    narration_pause(narration, SEEN_ASLEEP_MS * MILLISECOND);
    for (int looks = 0, asleep = 0; looks < 1000 && asleep < 3; looks++) {
        narration_pause(narration, MILLISECOND); /* once may be a wait for the screen */
        const char state = state_of(process);
        asleep = state == 'S' || state == '?' || state == 'Z' ? asleep + 1 : 0;
    }
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
    return or_fail((int)read_full(gate->read_end, &byte, 1), "read", "gate") == 1;
}

void close_gate(const struct gate *gate)
{
    close(gate->read_end);
    if (gate->write_end != -1)
        close(gate->write_end);
}
