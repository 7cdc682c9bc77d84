/* SPDX-License-Identifier: MIT
 * The screen: one lock, one clock, two columns.
 */
#include "ipc/narration/screen.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/io.h"
#include "ipc/narration/platform.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { EVENT_SIZE = _POSIX_PIPE_BUF > 2048 ? _POSIX_PIPE_BUF : 2048 };
enum { TIME_WIDTH = 8, WIDTH_LEAST = 80, WIDTH_MOST = 240 };
enum { LEFT_LEAST = 32 }; /* of 80 columns; of the further ones it gets three in five */
#define FIRST_PAUSE (20 * MICROSECOND) /* about as long as it takes to write an event */
#define LONGEST_PAUSE (2 * MILLISECOND)

/* COLUMNS wins, since a student sets it; a number below 80, or no number, is as good as none. */
static size_t screen_width(int descriptor)
{
    if (!isatty(descriptor))
        return WIDTH_LEAST;
    const char *given = getenv("COLUMNS");
    long width = given != NULL ? strtol(given, NULL, 10) : 0;
    if (width < WIDTH_LEAST)
        width = terminal_width(descriptor);
    return width < WIDTH_LEAST ? WIDTH_LEAST : width > WIDTH_MOST ? WIDTH_MOST : (size_t)width;
}

struct narration *screen_open(int descriptor, bool two_columns)
{
    struct narration *n = shared_memory(sizeof *n);
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    if ((errno = pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED)) != 0 ||
        (errno = pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST)) != 0 ||
        (errno = pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE)) != 0 ||
        (errno = pthread_mutex_init(&n->lock, &attributes)) != 0)
        fail("pthread_mutex_init", "narration"); /* recursive: what is held is narrated to */
    pthread_mutexattr_destroy(&attributes);
    const size_t width = screen_width(descriptor) - TIME_WIDTH;
    n->descriptor = descriptor;
    n->two_columns = two_columns;
    n->width[0] = two_columns ? LEFT_LEAST + (width - WIDTH_LEAST + TIME_WIDTH) * 3 / 5 : width;
    n->width[1] = two_columns ? width - n->width[0] - 1 : width;
    const char *terminal = getenv("TERM");
    n->colour = isatty(descriptor) && getenv("NO_COLOR") == NULL && terminal != NULL &&
                *terminal != '\0' && strcmp(terminal, "dumb") != 0;
    n->first = getpid();
    n->began = now();
    return n;
}

/*
 * If the holder dies with the lock, the robust mutex passes on to the next. If it pauses, or waits
 * for us to end, a signal must end us here, and none interrupts a wait for a mutex; a wait with a
 * limit has it on CLOCK_REALTIME, which may be set back. So we look again and again.
 */
void screen_hold(struct narration *n)
{
    int error;
    for (uint64_t pause = FIRST_PAUSE; (error = pthread_mutex_trylock(&n->lock)) == EBUSY;) {
        end_if_signalled();
        nanosleep(&(struct timespec){.tv_nsec = (long)pause}, NULL);
        pause = pause < LONGEST_PAUSE ? 2 * pause : pause;
    }
    if (error == EOWNERDEAD) {
        pthread_mutex_consistent(&n->lock);
        n->depth = 0;
    }
    n->depth++;
    n->holder = thread_id();
}

void screen_release(struct narration *n)
{
    if (--n->depth == 0)
        n->holder = 0;
    pthread_mutex_unlock(&n->lock);
}

uint64_t screen_time(const struct narration *n, uint64_t at)
{
    const uint64_t held = n->held_since != 0 && at > n->held_since ? at - n->held_since : 0;
    return at - n->began - n->held - held;
}

/* Standard error may be gone: then the transfer goes on without its narration. */
static void write_event(struct narration *n, const char *event, size_t size)
{
    for (size_t i = 0; i < size; i++)
        n->rows += event[i] == '\n';
    if (n->step && n->held_since != 0) { /* it needed no turn: in place of the prompt */
        write_full(n->descriptor, n->colour ? "\r\033[K" : "\n", n->colour ? 4 : 1);
        n->disturbed = true;
    }
    if (!write_full(n->descriptor, event, size) && n->descriptor == STDOUT_FILENO && !only_watches)
        fail_output();
}

static PRINTF_LIKE(3, 4) void put(char *event, size_t *at, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(event + *at, EVENT_SIZE - *at, format, arguments);
    va_end(arguments);
    *at = *at + (size_t)length < EVENT_SIZE ? *at + (size_t)length : EVENT_SIZE - 1;
}

void screen_text(struct narration *n, enum tint tint, const char *text)
{
    static const char *const tints[] = {"", "\033[1m", "\033[31m", "\033[32m"};
    const bool tinted = n->colour && tint != PLAIN;
    char line[EVENT_SIZE];
    size_t at = 0;
    put(line, &at, "%s%s%s\n", tinted ? tints[tint] : "", text, tinted ? "\033[0m" : "");
    write_event(n, line, at);
}

/*
 * Where to break a text that does not fit: at the last two spaces, which part a result from a
 * remark; else before the last " = ", so that no word is torn from what it belongs to; else at the
 * last space outside of quotes, not in the first third; else behind a bracket, a comma or a '|'.
 */
static size_t break_at(const char *text, size_t width)
{
    size_t best = width, worth = 0;
    bool in_quotes = false;
    for (size_t i = 0; i <= width; i++) {
        if (text[i] == '"' && (i == 0 || text[i - 1] != '\\'))
            in_quotes = !in_quotes;
        if (i < width && worth == 0 && strchr("(,|", text[i]) != NULL)
            best = i + 1;
        if (text[i] != ' ' || in_quotes || i < width / 3 || strncmp(text + i, " times", 6) == 0)
            continue;
        const size_t here = text[i + 1] == ' ' ? 3 : strncmp(text + i, " = ", 3) == 0 ? 2 : 1;
        if (here >= worth && (i == 0 || text[i - 1] != '=')) {
            best = i;
            worth = here;
        }
    }
    return best;
}

/* A newline stands before a result or a remark: where all has room in one row, it is a space. */
static const char *join(const char *text, size_t width, char joined[TEXT_SIZE])
{
    size_t at = 0;
    for (size_t i = 0; text != NULL && text[i] != '\0'; i++) {
        if (at > width || at + 3 > TEXT_SIZE)
            return text;
        if (text[i] == '\n' && text[i + 1] != '=') /* a remark stands two spaces apart */
            joined[at++] = ' ';
        joined[at++] = text[i] == '\n' ? ' ' : text[i];
    }
    joined[at] = '\0';
    return text != NULL && at <= width ? joined : text;
}

/*
 * Takes the next row of at most width columns off *text, which is NULL when nothing is left. A
 * newline in it ends a row, too.
 */
static size_t take_row(const char **text, size_t width, const char **row)
{
    *row = *text;
    if (*text == NULL)
        return 0;
    size_t size = strcspn(*text, "\n");
    if (size <= width) {
        *text = (*text)[size] == '\n' ? *text + size + 1 : NULL;
        return size;
    }
    size = break_at(*text, width);
    *text += size + strspn(*text + size, " ");
    while (size > 0 && (*row)[size - 1] == ' ')
        size--;
    return size;
}

static bool bar_in(const struct narration *n, int column)
{
    bool bar = false;
    for (int i = 0; i < CALLS_MOST; i++)
        bar = bar || (n->calls[i].thread != 0 && n->calls[i].shown && n->calls[i].column == column);
    return bar;
}

/* One decimal less from 100 ms, 1 s, 10 s on: six columns up to a quarter of an hour. */
static int decimals_of(double milliseconds)
{
    return milliseconds < 100 ? 3 : milliseconds < 1000 ? 2 : milliseconds < 10000 ? 1 : 0;
}

void screen_event(struct narration *n, uint64_t time, const char *left, const char *right)
{
    n->last = time > n->last ? time : n->last;
    const double milliseconds = (double)n->last / 1e6;
    const bool ours[2] = {left != NULL, right != NULL};
    const char *const tints[2] = {n->colour ? "\033[36m" : "", n->colour ? "\033[35m" : ""};
    const char *dim = n->colour ? "\033[2m" : "", *plain = n->colour ? "\033[0m" : "";
    char event[EVENT_SIZE], joined[2][TEXT_SIZE];
    size_t at = 0;
    left = join(left, n->width[0], joined[0]);
    right = join(right, n->width[1], joined[1]);
    for (bool first = true; first || left != NULL || right != NULL; first = false) {
        const size_t indent = first ? 0 : 2; /* of a row that continues the one above */
        const char *rows[2];
        const size_t sizes[2] = {take_row(&left, n->width[0] - indent, &rows[0]),
                                 take_row(&right, n->width[1] - indent, &rows[1])};
        if (first)
            put(event, &at, "%s%6.*f%s  ", dim, decimals_of(milliseconds), milliseconds, plain);
        else
            put(event, &at, "%*s", TIME_WIDTH, "");
        size_t spaces = 0; /* before the next word: none at the end of a row */
        for (int column = 0; column < 2; column++) {
            const bool bar = !ours[column] && bar_in(n, column);
            const size_t used = rows[column] != NULL ? indent + sizes[column] : bar ? 1 : 0;
            if (used > 0)
                put(event, &at, "%*s%s%*s%.*s%s", (int)spaces, "", tints[column],
                    bar ? 0 : (int)indent, "", bar ? 1 : (int)sizes[column],
                    bar ? "|" : rows[column], plain);
            spaces = (used > 0 ? 0 : spaces) + n->width[column] - used + 1;
        }
        put(event, &at, "\n");
    }
    write_event(n, event, at);
}
