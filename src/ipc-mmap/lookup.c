/* SPDX-License-Identifier: MIT
 * ipc-mmap lookup: type an index, get the character at it. -1 or the end of the input ends.
 *
 * Usage: ipc-mmap lookup [-q] [FILE]
 */
#include "mmap.h"

#include "ipc/common/io.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

enum { LINE_SIZE = 64 };

static bool read_line(char line[LINE_SIZE]);
static void print_character(unsigned char character);

int mmap_lookup(const struct role *role, int argc, char **argv)
{
    const struct option_row options[] = {OPTION_QUIET, {0}};
    const struct operands operands = parse_arguments(role, argc, argv, options, 1);
    char own_path[PATH_SIZE], prompt[80], line[LINE_SIZE];
    struct window window;
    if (operands.count == 0)
        close(new_file(own_path, "lookup", sample, SAMPLE_SIZE));
    window_open(&window, operands.count > 0 ? operands.words[0] : own_path, PROT_READ);
    const bool at_terminal = isatty(STDIN_FILENO) && !quiet;
    if (at_terminal)
        say("%s: type an index, get the character there; -1 or Ctrl-D ends",
            operands.count > 0 ? operands.words[0] : "a sample file, A to Z, 0 to 9, a to z");
    snprintf(prompt, sizeof prompt, "index, 0 to %" PRIu64 ", or -1: ", window.size - 1);
    for (;;) {
        long index;
        if (at_terminal && !write_full(STDERR_FILENO, prompt, strlen(prompt)))
            fail("write", "standard error");
        if (!read_line(line)) {
            if (at_terminal && !write_full(STDERR_FILENO, "\n", 1)) /* the prompt's line ends */
                fail("write", "standard error");
            break;
        }
        if (!parse_number(line, LONG_MIN, LONG_MAX, &index))
            complain_that("'%s' is not a number", line);
        else if (index == -1)
            break;
        else if (index < 0 || (uint64_t)index >= window.size)
            complain_that("%ld is out of range: 0 to %" PRIu64, index, window.size - 1);
        else
            print_character(*window_map(&window, (uint64_t)index, 1));
    }
    close_output();
    return EXIT_DONE;
}

/*
 * Reads a line of the input, without the blanks around it; false at the end. A line that is too
 * long for a number, or has a null byte in it, gets "..." at its end, and so is none.
 */
static bool read_line(char line[LINE_SIZE])
{
    bool whole = true;
    size_t length = 0;
    ssize_t got;
    char byte;
    while ((got = read_some(STDIN_FILENO, &byte, 1)) != 0 && byte != '\n') {
        if (got == -1 && errno == EAGAIN)
            wait_ready(STDIN_FILENO, POLLIN, -1);
        else if (got == -1)
            fail("read", "standard input");
        else if (byte == '\0' || length == LINE_SIZE - sizeof "...")
            whole = false;
        else if (length > 0 || !isspace((unsigned char)byte))
            line[length++] = byte;
    }
    while (length > 0 && isspace((unsigned char)line[length - 1]))
        length--;
    snprintf(line + length, LINE_SIZE - length, "%s", whole ? "" : "...");
    return got != 0 || length > 0 || !whole;
}

/* A line: the character itself, or how C writes it. */
static void print_character(unsigned char character)
{
    static const char escapes[] = "\aa\bb\tt\nn\vv\ff\rr\\\\";
    const char *known = character == '\0' ? NULL : strchr(escapes, character);
    char line[8];
    if (known != NULL && (known - escapes) % 2 == 0)
        snprintf(line, sizeof line, "\\%c\n", known[1]);
    else if (character >= ' ' && character <= '~')
        snprintf(line, sizeof line, "%c\n", character);
    else
        snprintf(line, sizeof line, "\\x%02x\n", character);
    print_bytes(line, strlen(line));
}
