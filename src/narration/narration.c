/*
 * Narration: events of several processes on one screen, in the order in which they happened.
 */
#include "ipc/narration/narration.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/io.h"
#include "ipc/common/platform.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    SCREEN_WIDTH = 80,
    TIME_WIDTH = 8,
    LEFT_WIDTH = 32,
    RIGHT_AT = TIME_WIDTH + LEFT_WIDTH + 1,
    RIGHT_WIDTH = SCREEN_WIDTH - RIGHT_AT,
    EVENT_SIZE = _POSIX_PIPE_BUF > 2048 ? _POSIX_PIPE_BUF : 2048,
    TEXT_SIZE = 600
};

/* In memory shared with the children. */
struct narration {
    pthread_mutex_t lock;
    uint64_t began;
    uint64_t pace;
    int descriptor;
    bool two_columns;
    bool colour;
};

static void write_event(int descriptor, const char *event, size_t size)
{
    for (size_t sent = 0; sent < size;) {
        const ssize_t written = write(descriptor, event + sent, size - sent);
        if (written >= 0)
            sent += (size_t)written;
        else if (errno == EAGAIN) /* somebody who shares it made it non-blocking */
            wait_ready(descriptor, POLLOUT, -1);
        else if (!interrupted() && descriptor == STDOUT_FILENO)
            fail("write", "standard output");
        else if (errno != EINTR)
            return; /* standard error is gone: the transfer goes on without its narration */
    }
}

/*
 * If the holder dies with the lock, the robust mutex passes on to the next. If it pauses, or waits
 * for us to end, a signal must end us here, and none interrupts a wait for a mutex: so the wait
 * ends by itself ten times a second, and we look.
 */
void narration_hold(struct narration *narration)
{
    if (narration == NULL)
        return;
    int error = pthread_mutex_trylock(&narration->lock);
    while (error == EBUSY || error == ETIMEDOUT) {
        const struct timespec until = real_time_in(SECOND / 10);
        error = pthread_mutex_timedlock(&narration->lock, &until);
        if (error == ETIMEDOUT)
            end_if_signalled();
    }
    if (error == EOWNERDEAD)
        pthread_mutex_consistent(&narration->lock);
}

void narration_release(struct narration *narration)
{
    if (narration != NULL)
        pthread_mutex_unlock(&narration->lock);
}

void narration_join(struct narration *narration)
{
    narration_hold(narration);
    narration_release(narration);
}

struct narration *narration_open(int descriptor, const char *left, const char *right, double pace)
{
    struct narration *narration = shared_memory(sizeof *narration);
    if (narration == NULL)
        fail("mmap", "narration");
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    int error = pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    if (error == 0)
        error = pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    if (error == 0)
        error = pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE); /* hold, narrate */
    if (error == 0)
        error = pthread_mutex_init(&narration->lock, &attributes);
    if (error != 0) {
        errno = error;
        fail("pthread_mutex_init", "narration");
    }
    pthread_mutexattr_destroy(&attributes);
    narration->descriptor = descriptor;
    narration->pace = pace > 0 ? nanoseconds_of(pace) : 0;
    narration->two_columns = right != NULL;
    narration->colour = isatty(descriptor) && getenv("NO_COLOR") == NULL;

    char header[2 * SCREEN_WIDTH];
    if (right != NULL)
        snprintf(header, sizeof header, "   ms   %-*s %s\n", LEFT_WIDTH, left, right);
    else
        snprintf(header, sizeof header, "   ms   %s\n", left);
    write_event(descriptor, header, strlen(header));
    narration->began = now();
    return narration;
}

static void print_line(int descriptor, const char *format, va_list arguments)
{
    char line[EVENT_SIZE];
    const int length = vsnprintf(line, sizeof line - 1, format, arguments);
    size_t size = (size_t)length < sizeof line - 1 ? (size_t)length : sizeof line - 2;
    line[size++] = '\n';
    write_event(descriptor, line, size);
}

void narrate_text(struct narration *narration, const char *format, ...)
{
    if (narration == NULL)
        return;
    va_list arguments;
    va_start(arguments, format);
    narration_hold(narration);
    print_line(narration->descriptor, format, arguments);
    narration_release(narration);
    va_end(arguments);
}

void print_text(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_line(STDOUT_FILENO, format, arguments);
    va_end(arguments);
}

/*
 * Takes the next row of at most width columns off *text: up to a newline, else up to a space, else
 * as much as fits. *text is NULL when nothing is left.
 */
static size_t take_row(const char **text, size_t width, const char **row)
{
    *row = *text;
    size_t size = strcspn(*text, "\n");
    if (size <= width && (*text)[size] == '\n') {
        *text += size + 1;
        return size;
    }
    size = strlen(*text);
    if (size <= width) {
        *text = NULL;
        return size;
    }
    size = width;
    while (size > width / 2 && (*text)[size] != ' ')
        size--;
    if ((*text)[size] != ' ')
        size = width;
    *text += size;
    while (**text == ' ')
        (*text)++;
    while (size > 0 && (*row)[size - 1] == ' ')
        size--;
    return size;
}

static void put(char *event, size_t *at, const char *format, ...) PRINTF_LIKE(3, 4);
static void put(char *event, size_t *at, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(event + *at, EVENT_SIZE - *at, format, arguments);
    va_end(arguments);
    *at = *at + (size_t)length < EVENT_SIZE ? *at + (size_t)length : EVENT_SIZE - 1;
}

static int column_width(const struct narration *narration, enum column column)
{
    if (!narration->two_columns)
        return SCREEN_WIDTH - TIME_WIDTH;
    return column == LEFT ? LEFT_WIDTH : RIGHT_WIDTH;
}

/* Lays both texts out side by side, wrapped within their columns, and writes it all at once. */
static void narrate_event(struct narration *narration, const char *left, const char *right)
{
    if (narration == NULL)
        return;
    if (narration->pace > 0)
        sleep_for(narration->pace);
    char event[EVENT_SIZE];
    size_t at = 0;
    const char *dim = narration->colour ? "\033[2m" : "";
    const char *tint = narration->colour ? "\033[36m" : "";
    const char *plain = narration->colour ? "\033[0m" : "";
    narration_hold(narration);
    const double time = (double)(now() - narration->began) / 1e6;
    for (bool first = true; first || left != NULL || right != NULL; first = false) {
        const char *left_row = "", *right_row = "";
        size_t left_size = 0, right_size = 0;
        const size_t indent = first ? 0 : 2; /* of a row that continues the one above */
        const size_t left_width = (size_t)column_width(narration, LEFT);
        const bool has_left = left != NULL, has_right = right != NULL;
        if (has_left)
            left_size = take_row(&left, left_width - indent, &left_row);
        if (has_right)
            right_size = take_row(&right, RIGHT_WIDTH - indent, &right_row);
        if (first)
            put(event, &at, "%s%6.*f%s  ", dim, time < 100 ? 3 : time < 1000 ? 2 : 1, time, plain);
        else
            put(event, &at, "%*s", TIME_WIDTH, "");
        put(event, &at, "%*s%.*s", has_left ? (int)indent : 0, "", (int)left_size, left_row);
        if (has_right)
            put(event, &at, "%*s%s%*s%.*s%s",
                (int)(LEFT_WIDTH + 1 - left_size - (has_left ? indent : 0)), "", tint, (int)indent,
                "", (int)right_size, right_row, plain);
        put(event, &at, "\n");
    }
    write_event(narration->descriptor, event, at);
    narration_release(narration);
}

void narrate_both(struct narration *narration, const char *left, const char *right)
{
    narrate_event(narration, left, right);
}

static void narrate_in(struct narration *narration, enum column column, const char *text)
{
    const bool on_right = column == RIGHT && narration->two_columns;
    narrate_event(narration, on_right ? NULL : text, on_right ? text : NULL);
}

void narrate(struct narration *narration, enum column column, const char *format, ...)
{
    if (narration == NULL)
        return;
    char text[TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    narrate_in(narration, column, text);
}

static uint64_t slept_milliseconds(uint64_t began)
{
    return (now() - began) / MILLISECOND;
}

void narrate_waited(struct narration *narration, enum column column, uint64_t began,
                    const char *why, const char *format, ...)
{
    if (narration == NULL)
        return;
    const unsigned long slept = (unsigned long)slept_milliseconds(began);
    char text[TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (slept > 0 && (size_t)length < sizeof text) {
        char waiting[TEXT_SIZE / 2];
        const int width = column_width(narration, column);
        const int more = snprintf(waiting, sizeof waiting, "slept %lu ms: %s", slept, why);
        snprintf(text + length, sizeof text - (size_t)length, "%s%s",
                 length + 2 + more <= width ? "  " : "\n", waiting);
    }
    narrate_in(narration, column, text);
}

void narrate_sent(struct narration *narration, enum column column, uint64_t began, const char *why,
                  const char *call, ssize_t result, size_t size)
{
    const int error = errno;
    if (narration == NULL)
        return;
    if (result == -1)
        narrate_waited(narration, column, began, why, "%s = -1  %s", call, strerror(error));
    else if ((size_t)result != size)
        narrate_waited(narration, column, began, why, "%s = %zd  short, of %zu", call, result,
                       size);
    else if (slept_milliseconds(began) > 0)
        narrate_waited(narration, column, began, why, "%s = %zd", call, result);
    errno = error;
}

struct quoted quoted(const void *bytes, size_t size)
{
    struct quoted quoted;
    const unsigned char *byte = bytes;
    size_t at = 0;
    quoted.text[at++] = '"';
    for (size_t i = 0; i < size; i++) {
        char escaped[8];
        if (byte[i] == '\n' || byte[i] == '\t' || byte[i] == '"' || byte[i] == '\\')
            snprintf(escaped, sizeof escaped, "\\%c",
                     byte[i] == '\n'   ? 'n'
                     : byte[i] == '\t' ? 't'
                                       : byte[i]);
        else if (byte[i] < 0x80 && isprint(byte[i]))
            snprintf(escaped, sizeof escaped, "%c", byte[i]);
        else
            snprintf(escaped, sizeof escaped, "\\x%02x", byte[i]);
        if (at + strlen(escaped) + sizeof "...\"" > sizeof quoted.text) {
            at += (size_t)snprintf(quoted.text + at, sizeof quoted.text - at, "...");
            break;
        }
        at += (size_t)snprintf(quoted.text + at, sizeof quoted.text - at, "%s", escaped);
    }
    snprintf(quoted.text + at, sizeof quoted.text - at, "\"");
    return quoted;
}
