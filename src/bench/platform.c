/*
 * What is not POSIX, each with a portable fallback. CMakeLists.txt says ON_LINUX where it may.
 */
#include "ipc/bench/bench.h"

#include <stdio.h>

const char *processor_model(char model[MODEL_SIZE], const char *machine)
{
    snprintf(model, MODEL_SIZE, "%s", machine);
#ifdef ON_LINUX
    char line[256];
    FILE *file = fopen("/proc/cpuinfo", "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "model name : %127[^\n]", model) == 1)
            break;
    if (file != NULL)
        fclose(file);
#endif
    return model;
}
