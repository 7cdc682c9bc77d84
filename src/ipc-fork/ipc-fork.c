/* SPDX-License-Identifier: MIT
 * ipc-fork: a process becomes two, and one waits for the other.
 */
#include "fork.h"

int main(int argc, char **argv)
{
    static const struct role roles[] = {
        {"demo", RUN_IT, NULL, "a parent, its children, and how it waits for each: narrated",
         fork_demo},
        {"parent", RUN_IT, "[-- COMMAND [ARG]...]",
         "the same as demo; with COMMAND, that many copies of it at once", fork_parent},
        {"child", RUN_IT, NULL, "what one child does, run alone", fork_child},
        {"orphan", UNDERSTAND_IT, NULL, "the parent exits first: who is the parent then?",
         fork_orphan},
        {"zombie", UNDERSTAND_IT, NULL, "a child that has exited, before and after wait",
         fork_zombie},
        {"reap", UNDERSTAND_IT, NULL, "several children end, and one SIGCHLD comes", fork_reap},
        {"copy", UNDERSTAND_IT, NULL, "what parent and child share after fork, and what not",
         fork_copy},
        {"buffers", UNDERSTAND_IT, NULL, "why output from before fork can appear twice",
         fork_buffers},
        {"loop", UNDERSTAND_IT, NULL, "what happens when a child stays in the loop that forks",
         fork_loop},
        {"bench", MEASURE_IT, NULL, "what a new process costs", fork_bench},
        {0},
    };
    static const struct program program = {
        "ipc-fork", "A process becomes two, and one waits for the other.", roles, NULL};
    return run_program(&program, argc, argv);
}
