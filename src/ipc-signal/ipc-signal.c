/* SPDX-License-Identifier: MIT
 * ipc-signal: an interruption, with a number and perhaps a value.
 */
#include "signal.h"

int main(int argc, char **argv)
{
    static const struct role roles[] = {
        {"demo", RUN_IT, NULL, "what a process can do about a signal: narrated", signal_demo},
        {"producer", RUN_IT, "[FILE]", "sends bytes as values of signals: a demonstration",
         signal_producer},
        {"consumer", RUN_IT, NULL, "takes them: a demonstration, not a way to move files",
         signal_consumer},
        {"coalesce", UNDERSTAND_IT, NULL, "a thousand signals sent: how many arrive?",
         signal_coalesce},
        {"mask", UNDERSTAND_IT, NULL, "a critical section that no handler sees half done",
         signal_mask},
        {"restart", UNDERSTAND_IT, NULL, "a signal while read() waits: EINTR, or not",
         signal_restart},
        {"selfpipe", UNDERSTAND_IT, NULL, "what a handler may do, and how the rest waits for it",
         signal_selfpipe},
        {"group", UNDERSTAND_IT, NULL, "which processes Ctrl-C and kill() interrupt", signal_group},
        {"unsafe", UNDERSTAND_IT, NULL, "malloc() in a handler, and what one may call",
         signal_unsafe},
        {"catch", USE_IT, "[-- COMMAND [ARG]...]", "who sends which signals here, and why",
         signal_catch},
        {"list", USE_IT, NULL, "the pairs that are running", signal_list},
        {"bench", MEASURE_IT, NULL, "what a round trip and a stream cost", signal_bench},
        {0},
    };
    static const struct program program = {
        "ipc-signal", "An interruption, with a number and perhaps a value.", roles, NULL};
    return run_program(&program, argc, argv);
}
