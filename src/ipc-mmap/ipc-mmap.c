/* SPDX-License-Identifier: MIT
 * ipc-mmap: a file as memory.
 */
#include "mmap.h"

int main(int argc, char **argv)
{
    static const struct role roles[] = {
        {"demo", RUN_IT, NULL, "a file as memory, a store as a write: narrated", mmap_demo},
        {"producer", RUN_IT, "[FILE]", "sends FILE through a ring in a mapped file", mmap_producer},
        {"consumer", RUN_IT, NULL, "writes what comes out of the ring", mmap_consumer},
        {"private", UNDERSTAND_IT, NULL, "who sees a store: MAP_PRIVATE and MAP_SHARED",
         mmap_private},
        {"anonymous", UNDERSTAND_IT, NULL, "memory of parent and child without a file",
         mmap_anonymous},
        {"protection", UNDERSTAND_IT, NULL, "what each PROT allows, and when mmap refuses",
         mmap_protection},
        {"truncate", UNDERSTAND_IT, NULL, "SIGBUS when the file becomes smaller, and how to live",
         mmap_truncate},
        {"lookup", USE_IT, "[FILE]", "type an index, get the character at it", mmap_lookup},
        {"view", USE_IT, "FILE OFFSET LENGTH", "part of a file of any size", mmap_view},
        {"edit", USE_IT, "FILE OFFSET TEXT|-", "stores TEXT over part of a file, in place",
         mmap_edit},
        {"list", USE_IT, NULL, "the mapped files in use, by whom, and what is left of the dead",
         mmap_list},
        {"bench", MEASURE_IT, NULL, "what a round trip and a stream cost", mmap_bench},
        {0},
    };
    static const struct program program = {"ipc-mmap", "A file as memory, of several processes.",
                                           roles, NULL};
    return run_program(&program, argc, argv);
}
