/* SPDX-License-Identifier: MIT
 * ipc-mmap view: part of a file of any size on standard output, straight out of the mapping. Only
 * the pages that are asked for are read.
 *
 * Usage: ipc-mmap view [-q] FILE OFFSET LENGTH
 */
#include "mmap.h"

#include "ipc/common/cleanup.h"

#include <inttypes.h>

enum { PART_SIZE = 4 * 1024 * 1024 };

int mmap_view(const struct role *role, int argc, char **argv)
{
    const struct option_row options[] = {OPTION_QUIET, {0}};
    const struct operands operands = parse_arguments(role, argc, argv, options, 3);
    struct window window;
    if (operands.count < 3)
        usage_error(role, "FILE, OFFSET and LENGTH are needed");
    uint64_t offset = size_operand(role, "OFFSET", operands.words[1]);
    uint64_t length = size_operand(role, "LENGTH", operands.words[2]);
    window_open(&window, operands.words[0], PROT_READ);
    if (offset > window.size)
        fail_that(EXIT_FAILED,
                  "offset %" PRIu64 " is past the end of \"%s\": it has %" PRIu64 " bytes", offset,
                  window.path, window.size);
    if (length > window.size - offset) {
        length = window.size - offset;
        say("\"%s\" ends %" PRIu64 " bytes from there", window.path, length);
    }
    while (length > 0) {
        const size_t part = length < PART_SIZE ? (size_t)length : PART_SIZE;
        end_if_signalled();
        print_bytes(window_map(&window, offset, part), part);
        offset += part;
        length -= part;
    }
    close_output();
    return EXIT_DONE;
}
