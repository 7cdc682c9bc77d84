/* SPDX-License-Identifier: MIT
 * ipc-mmap edit: stores TEXT, or the bytes of standard input, over part of a file, in place,
 * through a mapping of only the pages that it touches. The file's length never changes.
 *
 * Usage: ipc-mmap edit [--expect TEXT] FILE OFFSET TEXT|-
 */
#include "mmap.h"

#include "ipc/common/io.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { INPUT_MOST = 64 * 1024 * 1024 };

static char *read_all(size_t *length);

int mmap_edit(const struct role *role, int argc, char **argv)
{
    const char *expected = NULL;
    const struct option_row options[] = {
        OPTION(text, &expected, .name = "expect", .argument = "TEXT",
               .help = "change nothing, exit 1, unless this stands at OFFSET"),
        {0}}; /* not -q: it says nothing anyway */
    const struct operands operands = parse_arguments(role, argc, argv, options, 3);
    struct window window;
    if (operands.count < 3)
        usage_error(role, "FILE, OFFSET and TEXT are needed");
    const uint64_t offset = size_operand(role, "OFFSET", operands.words[1]);
    const char *text = operands.words[2];
    size_t length = strlen(text);
    if (length == 0 || (expected != NULL && *expected == '\0'))
        usage_error(role, "%s: it is empty", length == 0 ? "TEXT" : "--expect");
    window_open(&window, operands.words[0], PROT_READ | PROT_WRITE);
    if (strcmp(text, "-") == 0)
        text = read_all(&length);
    const size_t expects = expected != NULL ? strlen(expected) : 0;
    const size_t mapped = expects > length ? expects : length;
    if (offset > window.size || mapped > window.size - offset)
        fail_that(EXIT_FAILED,
                  "%zu bytes at %" PRIu64 " would go past the end of \"%s\": it has %" PRIu64
                  " bytes",
                  mapped, offset, window.path, window.size);
    if (mapped == 0)
        return EXIT_DONE;
    unsigned char *const place = window_map(&window, offset, mapped);
    if (expects > 0 && memcmp(place, expected, expects) != 0)
        fail_that(EXIT_FAILED, "\"%s\" holds something else at %" PRIu64 ": not changed",
                  window.path, offset);
    memcpy(place, text, length);
    /* others see it already, but without this a power failure may take it back */
    or_fail(msync(window.memory, window.length, MS_SYNC), "msync", window.path);
    struct stat status; /* between the end of a file and that of its page memory is no file's */
    or_fail(fstat(window.file, &status), "fstat", window.path);
    if ((uint64_t)status.st_size < offset + length)
        fail_that(EXIT_FAILED, "\"%s\" became smaller while it was used", window.path);
    return EXIT_DONE;
}

/* All of standard input; more than could be stored is enough to be refused. */
static char *read_all(size_t *length)
{
    char *const bytes = malloc(INPUT_MOST + 1);
    if (bytes == NULL)
        fail("malloc", NULL);
    const ssize_t got = read_full(STDIN_FILENO, bytes, INPUT_MOST + 1);
    if (got == -1)
        fail("read", "standard input");
    if (got > INPUT_MOST)
        fail_that(EXIT_FAILED, "standard input is longer than %d bytes", INPUT_MOST);
    *length = (size_t)got;
    return bytes;
}
