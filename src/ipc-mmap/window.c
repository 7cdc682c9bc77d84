/* SPDX-License-Identifier: MIT
 * Windows into files of any size: only some pages are in memory at a time.
 */
#include "mmap.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

void window_open(struct window *window, const char *path, int protection)
{
    struct stat status;
    *window = (struct window){.path = path, .protection = protection};
    const int access = (protection & PROT_WRITE) != 0 ? O_RDWR : O_RDONLY;
    /* O_NONBLOCK: otherwise open() of a FIFO waits for a writer */
    window->file = or_fail(open(path, access | O_NONBLOCK | O_CLOEXEC), "open", path);
    or_fail(fstat(window->file, &status), "fstat", path);
    if (!S_ISREG(status.st_mode))
        fail_that(EXIT_FAILED, "\"%s\" is %s, and cannot be mapped", path,
                  S_ISDIR(status.st_mode)    ? "a directory"
                  : S_ISFIFO(status.st_mode) ? "a pipe"
                                             : "no regular file");
    if (status.st_size == 0)
        fail_that(EXIT_FAILED, "\"%s\" is empty: there is nothing to map", path);
    window->size = (uint64_t)status.st_size;
}

unsigned char *window_map(struct window *window, uint64_t offset, size_t length)
{
    const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    const uint64_t begins = offset / page * page; /* mmap wants a multiple of the page size */
    if (window->memory != NULL)
        munmap(window->memory, window->length);
    window->length = (size_t)(offset - begins) + length;
    window->memory = memory_or_fail(
        mmap(NULL, window->length, window->protection, MAP_SHARED, window->file, (off_t)begins),
        "mmap", window->path);
    guard_mapping(window->memory, (size_t)((window->length + page - 1) / page * page),
                  window->path);
    return window->memory + (offset - begins);
}

uint64_t size_operand(const struct role *role, const char *name, const char *text)
{
    static const char units[] = "KMGT";
    char *end;
    errno = 0;
    const bool hexadecimal = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const unsigned long long value = strtoull(text, &end, hexadecimal ? 16 : 10);
    const char *const unit = *end != '\0' ? strchr(units, *end) : NULL;
    const int shift = unit != NULL ? 10 * (int)(unit - units + 1) : 0;
    if (!isdigit((unsigned char)*text) || errno != 0 || end[unit != NULL] != '\0' ||
        value > (unsigned long long)INT64_MAX >> shift)
        usage_error(role, "%s: '%s' is not a number of bytes like 4096, 0x1000, 64K or 2T", name,
                    text);
    return (uint64_t)value << shift;
}
