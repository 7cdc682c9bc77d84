/* SPDX-License-Identifier: MIT
 * Errors: one line that names the call, the object and errno's text, and a hint for known traps.
 */
#include "ipc/common/error.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *program_name = "ipc";
const struct hint *program_hints;
void (*before_message)(void), (*before_failing)(void), (*end_failed)(int status) = exit;
int failure_status = EXIT_FAILED;
bool quiet;

static const struct hint general_hints[] = {
    {"fork", EAGAIN, "the limit of processes is reached: see `ulimit -u`"},
    {"pipe", EMFILE, "the limit of open descriptors is reached: see `ulimit -n`"},
    {"exec", ENOENT, "no such program in PATH; a script's interpreter may be missing, too"},
    {0}};

static const char *find_hint(const struct hint *hint, const char *call)
{
    while (hint->text != NULL && (hint->error != errno || strcmp(hint->call, call) != 0))
        hint++;
    return hint->text;
}

/* One write, so that lines of several processes do not mix. A failure has nowhere to be told. */
static void write_message(const char *format, va_list arguments)
{
    char line[2048];
    if (before_message != NULL)
        before_message();
    int length = snprintf(line, sizeof line, "%s: ", program_name);
    length += vsnprintf(line + length, sizeof line - (size_t)length - 1, format, arguments);
    if ((size_t)length > sizeof line - 2)
        length = sizeof line - 2;
    for (char *letter = line; letter < line + length; letter++)
        if (iscntrl((unsigned char)*letter) && *letter != '\n')
            *letter = '?'; /* a name from elsewhere may hold what a terminal obeys */
    line[length++] = '\n';
    ssize_t ignored = write(STDERR_FILENO, line, (size_t)length);
    (void)ignored;
}

void complain_that(const char *format, ...)
{
    const int saved = errno;
    va_list arguments;
    va_start(arguments, format);
    write_message(format, arguments);
    va_end(arguments);
    errno = saved;
}

void complain(const char *call, const char *object)
{
    const char *hint = find_hint(general_hints, call);
    if (hint == NULL && program_hints != NULL)
        hint = find_hint(program_hints, call);
    complain_that("%s%s%s%s: %s%s%s", call, object ? " \"" : "", object ? object : "",
                  object ? "\"" : "", strerror(errno), hint ? "\n  " : "", hint ? hint : "");
}

void fail(const char *call, const char *object)
{
    if (before_failing != NULL)
        before_failing();
    complain(call, object);
    end_failed(failure_status);
    abort();
}

int or_fail(int result, const char *call, const char *object)
{
    if (result == -1)
        fail(call, object);
    return result;
}

void *memory_or_fail(void *memory, const char *call, const char *object)
{
    if (memory == (void *)-1)
        fail(call, object);
    return memory;
}

void fail_that(int status, const char *format, ...)
{
    va_list arguments;
    if (before_failing != NULL)
        before_failing();
    va_start(arguments, format);
    write_message(format, arguments);
    va_end(arguments);
    end_failed(status);
    abort();
}
