/* SPDX-License-Identifier: MIT
 * ipc-semaphore: a number that never falls below zero, to wait for.
 */
#include "semaphore.h"

#include <errno.h>

int main(int argc, char **argv)
{
    static const struct role roles[] = {
        {"demo", RUN_IT, NULL, "a parent waits for its child's post: narrated", semaphore_demo},
        {"producer", RUN_IT, "[FILE]", "sends FILE through a bounded buffer", semaphore_producer},
        {"consumer", RUN_IT, NULL, "writes what comes out of the buffer", semaphore_consumer},
        {"values", UNDERSTAND_IT, NULL, "the value at each step, and a post too many",
         semaphore_values},
        {"threads", UNDERSTAND_IT, NULL, "two threads, one critical section", semaphore_threads},
        {"mutex", UNDERSTAND_IT, NULL, "updates lost without a lock, and with a wrong one",
         semaphore_mutex},
        {"pool", UNDERSTAND_IT, NULL, "so many places, and never more inside", semaphore_pool},
        {"sets", UNDERSTAND_IT, NULL, "what System V does in one step, and what not",
         semaphore_sets},
        {"persist", UNDERSTAND_IT, NULL, "a leftover name ignores the initial value",
         semaphore_persist},
        {"crash", UNDERSTAND_IT, NULL, "the holder is killed: who recovers?", semaphore_crash},
        {"run", USE_IT, "-- COMMAND [ARG...]", "runs COMMAND, at most K at once", semaphore_run},
        {"stat", USE_IT, NULL, "the values, who waits, and the slots in use", semaphore_stat},
        {"remove", USE_IT, NULL, "removes semaphores that nobody uses", semaphore_remove},
        {"list", USE_IT, NULL, "the semaphores in use, by whom, and what is left of the dead",
         semaphore_list},
        {"bench", MEASURE_IT, NULL, "what a hand-over costs, and a lock that is free",
         semaphore_bench},
        {0},
    };
    static const struct hint hints[] = {
        {"semget", ENOSPC,
         "the limit of sets, or of all their semaphores, is reached: see /proc/sys/kernel/sem and "
         "`ipcs -s`"},
        {"semctl IPC_STAT", EACCES,
         "somebody else made a set with that key, and does not let us use it"},
        {"semop", EIDRM, "somebody removed the semaphores while they were in use"},
        {"semop", EINVAL, "somebody has removed the semaphores"},
        {0},
    };
    static const struct program program = {
        "ipc-semaphore", "A number that never falls below zero, to wait for.", roles, hints};
    return run_program(&program, argc, argv);
}
