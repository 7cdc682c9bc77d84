/*
 * What this room needs and POSIX.1-2008 does not have, each with a portable fallback.
 */
#ifndef IPC_BENCH_PLATFORM_H
#define IPC_BENCH_PLATFORM_H

#include <stddef.h>

/* What the processor calls itself, in buffer; the kind of machine where it does not say. */
const char *processor_model(char *buffer, size_t size);

#endif
