/* SPDX-License-Identifier: MIT
 * Narration: events of several processes on one screen, in the order in which they happened.
 *
 * A sleeper is told of by others: whoever has something to say first looks at the calls that were
 * begun (show_sleepers), and the watcher, a thread of the process that opened the narration, looks
 * every 50 ms. All of it happens under the lock.
 *
 * - The sleeper wakes at that very moment: its state is read from the kernel. If it slept then, the
 *   line is true; its result can only be told after it, under the same lock. If it does not sleep
 *   any more, or not yet, nothing is printed.
 * - It is killed while it sleeps: the line stays, since the call never returned; its slot is freed
 *   as soon as it is found dead, and the bar ends.
 * - Two sleep: both stand as begun, with bars; in one column one bar stands for all.
 * - All sleep, so that nobody speaks: the watcher does, 100 ms after a call began.
 * - The first process dies, and the watcher with it: whoever speaks still tells of the sleepers.
 */
#include "ipc/narration/narration.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/narration/platform.h"
#include "ipc/narration/screen.h"
#include "ipc/narration/steps.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { SCREEN_ROWS = 22 }; /* what fits below the question on 24 rows */
#define SHOWN_AFTER (100 * MILLISECOND)
#define SHOWN_AFTER_PACED (15 * MILLISECOND) /* before the turn ends: steps.c */
#define WATCH_EVERY (50 * MILLISECOND)
#define WATCH_STEPS_EVERY (2 * MILLISECOND)

/* In a child that several threads forked TSan ignores signals, and LSan may hang at the exit. */
#if defined __SANITIZE_THREAD__ || defined __SANITIZE_ADDRESS__
enum { MAY_WATCH = false };
#else
enum { MAY_WATCH = true };
#endif

static void *watch(void *narration);

static void begin(struct narration *n, const char *left, const char *right)
{
    char header[TEXT_SIZE];
    snprintf(header, sizeof header, "   ms   %-*s %s", right != NULL ? (int)n->width[LEFT] : 0,
             left, right != NULL ? right : "");
    for (size_t end = strlen(header); end > 0 && header[end - 1] == ' '; end--)
        header[end - 1] = '\0';
    narrate_text(n, "%s", header);

    /* Signals are for the thread that makes the program's calls; those that stop are for all. */
    sigset_t most, before;
    sigfillset(&most);
    sigdelset(&most, SIGTTIN); /* blocked, a read of the terminal in the background would be EIO */
    sigdelset(&most, SIGTTOU);
    pthread_sigmask(SIG_SETMASK, &most, &before);
    pthread_t watcher;
    errno = MAY_WATCH ? pthread_create(&watcher, NULL, watch, n) : 0;
    const bool watched = MAY_WATCH && errno == 0;
    if (watched)
        pthread_detach(watcher);
    else if (MAY_WATCH && n->paced) /* (RLIMIT_NPROC): nobody would let the first event through */
        fail("pthread_create", "--step or --pace");
    else /* whoever speaks tells of the sleepers */
        n->paced = false;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct narration *narration_open(int descriptor, const char *left, const char *right)
{
    struct narration *n = screen_open(descriptor, right != NULL);
    begin(n, left, right);
    return n;
}

struct narration *narration_begin(const char *question, const char *left, const char *right,
                                  double pace, bool step)
{
    struct narration *n = screen_open(STDOUT_FILENO, right != NULL);
    n->step = step;
    n->pace = pace > 0 ? nanoseconds_of(pace) : 0;
    n->paced = step || n->pace > 0;
    if (question != NULL) {
        snprintf(n->question, sizeof n->question, "%s", question);
        screen_text(n, BOLD, question);
    }
    begin(n, left, right);
    return n;
}

void narration_hold(struct narration *n)
{
    if (n != NULL)
        screen_hold(n);
}

void narration_release(struct narration *n)
{
    if (n != NULL)
        screen_release(n);
}

void narration_join(struct narration *n)
{
    narration_hold(n);
    narration_release(n);
}

void narrate_here(const char *file, int line)
{
    steps_here(file, line);
}

/* In the columns, or in the only one. */
static void tell(struct narration *n, uint64_t time, int column, const char *text)
{
    const bool on_right = column == RIGHT && n->two_columns;
    screen_event(n, time, on_right ? NULL : text, on_right ? text : NULL);
}

/* Where the kernel does not tell the state, a call of some age counts as asleep. */
static bool sleeps(const struct call *call, uint64_t time)
{
    const char state = state_of(call->thread);
    return state == 'S' || state == 'D' || (state == '?' && time > call->began + MILLISECOND);
}

static void show_sleepers(struct narration *n, uint64_t time, uint64_t age)
{
    for (int i = 0; i < CALLS_MOST; i++) {
        struct call *call = &n->calls[i];
        if (call->thread == 0)
            continue;
        if (!is_alive(call->process, call->thread))
            call->thread = 0;
        else if (!call->shown && !call->returned && call->thread != thread_id() &&
                 time >= call->began + age && sleeps(call, time)) {
            char text[CALL_SIZE + 8];
            snprintf(text, sizeof text, "%s ...", call->text);
            tell(n, call->began, call->column, text);
            call->shown = true;
        }
    }
}

/* Holds the lock for moments only, and never ends by itself. */
static void *watch(void *narration)
{
    struct narration *n = narration;
    only_watches = true;
    for (;;) {
        nanosleep(&(struct timespec){.tv_nsec = n->paced ? WATCH_STEPS_EVERY : WATCH_EVERY}, NULL);
        screen_hold(n);
        /* earlier where events are held: it stands there before the next prompt stops the clock */
        show_sleepers(n, screen_time(n, now()), n->paced ? SHOWN_AFTER_PACED : SHOWN_AFTER);
        if (n->paced)
            steps_serve(n);
        screen_release(n);
    }
    return NULL;
}

/* An event of one column or both; the calling process' turn is over. */
void(narrate_both)(struct narration *n, const char *left, const char *right)
{
    if (n == NULL)
        return;
    const int error = errno;
    steps_await_turn(n);
    screen_hold(n);
    const uint64_t time = screen_time(n, now());
    show_sleepers(n, time, 0);
    screen_event(n, time, left, right);
    steps_end_turn(n);
    screen_release(n);
    errno = error;
}

void(narrate)(struct narration *n, enum column column, const char *format, ...)
{
    if (n == NULL)
        return;
    char text[TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const bool on_right = column == RIGHT && n->two_columns;
    (narrate_both)(n, on_right ? NULL : text, on_right ? text : NULL);
}

static struct call *find_call(struct narration *n, pid_t thread)
{
    for (int i = 0; i < CALLS_MOST; i++)
        if (n->calls[i].thread == thread)
            return &n->calls[i];
    return NULL;
}

/* If no slot is free, the call is told only after it has returned. */
void(narrate_call)(struct narration *n, enum column column, const char *format, ...)
{
    if (n == NULL)
        return;
    const int error = errno;
    char text[CALL_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    steps_await_turn(n);
    screen_hold(n);
    show_sleepers(n, screen_time(n, now()), 0);
    struct call *call = find_call(n, thread_id());
    if (call == NULL)
        call = find_call(n, 0);
    if (call != NULL) {
        *call = (struct call){.thread = thread_id(), .process = getpid(), .column = (int)column};
        memcpy(call->text, text, sizeof text);
        call->switches = voluntary_switches();
        call->began = screen_time(n, now());
    }
    screen_release(n);
    errno = error;
}

/* "'= 15", and "asleep 30 ms: it was empty", in a row of its own if it does not fit. */
static void put_result(const struct call *call, uint64_t slept, const char *why, const char *result,
                       char *text, size_t size)
{
    const size_t label = call->text[0] == '[' ? strcspn(call->text, " ") + 1 : 0;
    int length;
    if (call->shown)
        length = snprintf(text, size, "%.*s'= %s", (int)label, call->text, result);
    else
        length = snprintf(text, size, "%s = %s", call->text, result);
    if (slept == 0 || (size_t)length >= size)
        return;
    snprintf(text + length, size - (size_t)length, "\nasleep %" PRIu64 " ms%s%s", slept,
             why != NULL ? ": " : "", why != NULL ? why : "");
}

void(narrate_return)(struct narration *n, const char *why, const char *format, ...)
{
    if (n == NULL)
        return;
    const int error = errno;
    const uint64_t returned = now();
    const long switches = voluntary_switches();
    char result[TEXT_SIZE], text[TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(result, sizeof result, format, arguments);
    va_end(arguments);

    screen_hold(n);
    struct call *call = find_call(n, thread_id());
    struct call unknown = {.began = screen_time(n, returned)};
    if (call == NULL)
        call = &unknown;
    call->returned = true; /* nobody shows it as begun from here on */
    const uint64_t lasted = screen_time(n, returned) - call->began;
    const bool preempted = switches != -1 && switches == call->switches;
    screen_release(n);

    steps_await_turn(n);
    screen_hold(n);
    const uint64_t time = screen_time(n, now());
    show_sleepers(n, time, 0);
    put_result(call, preempted ? 0 : lasted / MILLISECOND, why, result, text, sizeof text);
    call->thread = 0;
    tell(n, time, call->column, text);
    steps_end_turn(n);
    screen_release(n);
    errno = error;
}

void narrate_remark(struct narration *n, enum remark remark, const char *format, ...)
{
    static const enum tint tints[] = {PLAIN, RED, GREEN, BOLD};
    static const char *const beginnings[] = {"", "-> mistake: ", "-> right: ", ""};
    if (n == NULL)
        return;
    const int error = errno;
    char text[TEXT_SIZE];
    const int length = snprintf(text, sizeof text, "%s", beginnings[remark]);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + length, sizeof text - (size_t)length, format, arguments);
    va_end(arguments);
    screen_hold(n);
    if (remark == THE_ANSWER && n->rows >= SCREEN_ROWS)
        screen_text(n, BOLD, n->question);
    screen_text(n, tints[remark], text);
    screen_release(n);
    errno = error;
}

uint64_t narration_time(struct narration *n)
{
    if (n == NULL)
        return now();
    screen_hold(n);
    const uint64_t time = screen_time(n, now());
    screen_release(n);
    return time;
}

void narration_pause(struct narration *n, uint64_t nanoseconds)
{
    const uint64_t until = narration_time(n) + nanoseconds;
    for (uint64_t time; (time = narration_time(n)) < until;)
        sleep_for(n == NULL || !n->paced || until - time < WATCH_STEPS_EVERY ? until - time
                                                                             : WATCH_STEPS_EVERY);
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

const char *error_name(int error)
{
#define NAMED(constant) [constant] = #constant
    static const char *const names[] = {
        NAMED(E2BIG),    NAMED(EACCES),      NAMED(EADDRINUSE), NAMED(EAGAIN),
        NAMED(EBADF),    NAMED(ECHILD),      NAMED(EBUSY),      NAMED(ECONNREFUSED),
        NAMED(EEXIST),   NAMED(ECONNRESET),  NAMED(EDEADLK),    NAMED(EIDRM),
        NAMED(EINTR),    NAMED(EINPROGRESS), NAMED(EINVAL),     NAMED(EMFILE),
        NAMED(EMSGSIZE), NAMED(ENOENT),      NAMED(ENOMSG),     NAMED(ENOTCONN),
        NAMED(ENXIO),    NAMED(EOVERFLOW),   NAMED(EPERM),      NAMED(EOWNERDEAD),
        NAMED(EPIPE),    NAMED(ESRCH),       NAMED(ETIMEDOUT)};
    const bool in_table = error > 0 && error < (int)(sizeof names / sizeof *names);
    return in_table && names[error] != NULL ? names[error] : strerror(error);
}
