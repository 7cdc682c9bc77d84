/*
 * Errors: one line that names the call, the object and errno's text, and a hint for known traps.
 */
#include "ipc/common/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *program_name = "ipc";
const struct hint *program_hints;
void (*before_message)(void);
int failure_status = EXIT_FAILED;
bool quiet;

static const char *hint_for(const char *call, int error)
{
    static const struct hint general[] = {
        {"fork", EAGAIN, "the limit of processes is reached: see `ulimit -u`"},
        {"pipe", EMFILE, "the limit of open descriptors is reached: see `ulimit -n`"},
        {"exec", ENOENT, "no such program in PATH; a script's interpreter may be missing, too"},
        {0}};
    const struct hint *lists[] = {program_hints, general, NULL};
    for (const struct hint **list = lists + (program_hints == NULL); *list != NULL; list++)
        for (const struct hint *hint = *list; hint->text != NULL; hint++)
            if (hint->error == error && strcmp(hint->call, call) == 0)
                return hint->text;
    return NULL;
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
    const int saved = errno;
    const char *hint = hint_for(call, saved);
    complain_that("%s%s%s%s: %s%s%s", call, object ? " \"" : "", object ? object : "",
                  object ? "\"" : "", strerror(saved), hint ? "\n  " : "", hint ? hint : "");
    errno = saved;
}

void fail(const char *call, const char *object)
{
    complain(call, object);
    exit(failure_status);
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
    va_start(arguments, format);
    write_message(format, arguments);
    va_end(arguments);
    exit(status);
}

void say(const char *format, ...)
{
    if (quiet)
        return;
    va_list arguments;
    va_start(arguments, format);
    write_message(format, arguments);
    va_end(arguments);
}
