/*
 * ipc-mmap edit: stores TEXT over part of a file, in place, through a mapping of only the pages
 * that it touches. The file's length never changes.
 *
 * Usage: ipc-mmap edit FILE OFFSET TEXT
 */
#include "mmap.h"

#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>

int mmap_edit(const struct role *role, int argc, char **argv)
{
    const struct option_row options[] = {{0}}; /* not -q: it says nothing anyway */
    const struct operands operands = parse_arguments(role, argc, argv, options, 3);
    struct window window;
    if (operands.count < 3)
        usage_error(role, "FILE, OFFSET and TEXT are needed");
    const uint64_t offset = size_operand(role, "OFFSET", operands.words[1]);
    const char *text = operands.words[2];
    const size_t length = strlen(text);
    if (length == 0)
        usage_error(role, "TEXT: it is empty");
    window_open(&window, operands.words[0], PROT_READ | PROT_WRITE);
    if (offset > window.size || length > window.size - offset)
        fail_that(EXIT_FAILED,
                  "%zu bytes at %" PRIu64 " would go past the end of \"%s\": it has %" PRIu64
                  " bytes",
                  length, offset, window.path, window.size);
    memcpy(window_map(&window, offset, length), text, length);
    /* others see it already, but without this a power failure may take it back */
    or_fail(msync(window.memory, window.length, MS_SYNC), "msync", window.path);
    return EXIT_DONE;
}
