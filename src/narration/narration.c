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
#include <inttypes.h>
#include <limits.h>
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
    RIGHT_WIDTH = SCREEN_WIDTH - TIME_WIDTH - LEFT_WIDTH - 1,
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
    size_t width[2]; /* of each column; one alone is as wide as the screen */
    bool colour;
};

/* Standard error may be gone: then the transfer goes on without its narration. */
static void write_event(const struct narration *narration, const char *event, size_t size)
{
    if (!write_full(narration->descriptor, event, size) && narration->descriptor == STDOUT_FILENO)
        fail("write", "standard output");
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
    if ((errno = pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED)) != 0 ||
        (errno = pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST)) != 0 ||
        (errno = pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE)) != 0 ||
        (errno = pthread_mutex_init(&narration->lock, &attributes)) != 0)
        fail("pthread_mutex_init", "narration"); /* recursive: what is held is narrated to */
    pthread_mutexattr_destroy(&attributes);
    narration->descriptor = descriptor;
    narration->pace = pace > 0 ? nanoseconds_of(pace) : 0;
    narration->two_columns = right != NULL;
    narration->width[LEFT] = right != NULL ? LEFT_WIDTH : SCREEN_WIDTH - TIME_WIDTH;
    narration->width[RIGHT] = right != NULL ? RIGHT_WIDTH : SCREEN_WIDTH - TIME_WIDTH;
    narration->colour = isatty(descriptor) && getenv("NO_COLOR") == NULL;

    if (right != NULL)
        narrate_text(narration, "   ms   %-*s %s", LEFT_WIDTH, left, right);
    else
        narrate_text(narration, "   ms   %s", left);
    narration->began = now();
    return narration;
}

void narrate_text(struct narration *narration, const char *format, ...)
{
    if (narration == NULL)
        return;
    char line[EVENT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(line, sizeof line - 1, format, arguments);
    va_end(arguments);
    size_t size = (size_t)length < sizeof line - 1 ? (size_t)length : sizeof line - 2;
    line[size++] = '\n';
    narration_hold(narration);
    write_event(narration, line, size);
    narration_release(narration);
}

/*
 * Takes the next row of at most width columns off *text: up to a newline, else up to a space, else
 * as much as fits. *text is NULL when nothing is left.
 */
static size_t take_row(const char **text, size_t width, const char **row)
{
    *row = *text;
    size_t size = strcspn(*text, "\n");
    if (size <= width) {
        *text = (*text)[size] == '\n' ? *text + size + 1 : NULL;
        return size;
    }
    size = width;
    while (size > width / 2 && (*text)[size] != ' ')
        size--;
    if ((*text)[size] != ' ')
        size = width;
    *text += size + strspn(*text + size, " ");
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

/* Lays both texts out side by side, wrapped within their columns, and writes it all at once. */
void narrate_both(struct narration *narration, const char *left, const char *right)
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
        const bool has_left = left != NULL, has_right = right != NULL;
        if (has_left)
            left_size = take_row(&left, narration->width[LEFT] - indent, &left_row);
        if (has_right)
            right_size = take_row(&right, narration->width[RIGHT] - indent, &right_row);
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
    write_event(narration, event, at);
    narration_release(narration);
}

/* why is NULL for a call that cannot have slept. */
static void narrate_call(struct narration *narration, enum column column, uint64_t slept,
                         const char *why, const char *format, va_list arguments)
{
    char text[TEXT_SIZE], waiting[TEXT_SIZE / 2];
    const int length = vsnprintf(text, sizeof text, format, arguments);
    if (slept > 0 && (size_t)length < sizeof text) {
        const int more = snprintf(waiting, sizeof waiting, "slept %" PRIu64 " ms: %s", slept, why);
        snprintf(text + length, sizeof text - (size_t)length, "%s%s",
                 (size_t)length + 2 + (size_t)more <= narration->width[column] ? "  " : "\n",
                 waiting);
    }
    const bool on_right = column == RIGHT && narration->two_columns;
    narrate_both(narration, on_right ? NULL : text, on_right ? text : NULL);
}

void narrate(struct narration *narration, enum column column, const char *format, ...)
{
    if (narration == NULL)
        return;
    va_list arguments;
    va_start(arguments, format);
    narrate_call(narration, column, 0, NULL, format, arguments);
    va_end(arguments);
}

void narrate_waited(struct narration *narration, enum column column, uint64_t began,
                    const char *why, const char *format, ...)
{
    if (narration == NULL)
        return;
    va_list arguments;
    va_start(arguments, format);
    narrate_call(narration, column, (now() - began) / MILLISECOND, why, format, arguments);
    va_end(arguments);
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
    else if (now() - began >= MILLISECOND)
        narrate_waited(narration, column, began, why, "%s = %zd", call, result);
    errno = error;
}

struct quoted quoted(const void *bytes, size_t size)
{
    static const char specials[] = "\n\t\"\\", letters[] = "nt\"\\";
    struct quoted quoted;
    char *end = stpcpy(quoted.text, "\"");
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < size; i++) {
        char escaped[8];
        const char *special = memchr(specials, byte[i], sizeof specials - 1);
        if (special != NULL)
            snprintf(escaped, sizeof escaped, "\\%c", letters[special - specials]);
        else
            snprintf(escaped, sizeof escaped, byte[i] < 0x80 && isprint(byte[i]) ? "%c" : "\\x%02x",
                     byte[i]);
        if ((size_t)(end - quoted.text) + strlen(escaped) + sizeof "...\"" > sizeof quoted.text) {
            end = stpcpy(end, "...");
            break;
        }
        end = stpcpy(end, escaped);
    }
    stpcpy(end, "\"");
    return quoted;
}
