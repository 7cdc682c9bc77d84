/* SPDX-License-Identifier: MIT
 * A narration fits 80 columns, its times never decrease whoever tells, no event is torn, and a call
 * that sleeps is seen while it lasts.
 */
#include "check.h"
#include "ipc/common/children.h"
#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/io.h"
#include "ipc/narration/lesson.h"
#include "ipc/narration/screen.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int output; /* a file that the narration goes to */
static char *text;

static void open_output(void)
{
    FILE *file = tmpfile();
    check(file != NULL);
    output = dup(fileno(file));
    check(output != -1 && fcntl(output, F_SETFL, O_APPEND) == 0);
    fclose(file);
}

/* All that was told, as a string; its lines checked for width and times. */
static const char *told(void)
{
    const off_t size = lseek(output, 0, SEEK_END);
    check(size >= 0);
    free(text);
    text = calloc((size_t)size + 1, 1);
    check(text != NULL && pread(output, text, (size_t)size, 0) == (ssize_t)size);
    double last = 0;
    check(size == 0 || text[size - 1] == '\n');
    for (const char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        check(end - line <= 80);
        double time;
        int used = 0;
        if (sscanf(line, "%lf  %n", &time, &used) == 1 && used >= 8) {
            check(time >= last);
            last = time;
        }
    }
    return text;
}

static int lines_of(const char *all)
{
    int lines = 0;
    for (; (all = strchr(all, '\n')) != NULL; all++)
        lines++;
    return lines;
}

static void check_columns(void)
{
    open_output();
    struct narration *n = narration_open(output, "parent", "child");
    check(strcmp(told(), "   ms   parent                           child\n") == 0);
    narrate(n, LEFT, "left %d", 1);
    narrate(n, RIGHT, "right %s", "two");
    narrate_both(n, "both", "sides");
    narrate_text(n, "a remark");
    const char *line = strchr(told(), '\n') + 1;
    check(strncmp(line + 6, "  left 1\n", 9) == 0);
    line = strchr(line, '\n') + 1;
    check(strspn(line + 6, " ") == 35 && strncmp(line + 41, "right two\n", 10) == 0);
    line = strchr(line, '\n') + 1;
    check(strncmp(line + 8, "both ", 5) == 0 && strncmp(line + 41, "sides\n", 6) == 0);
    line = strchr(line, '\n') + 1;
    check(strcmp(line, "a remark\n") == 0);
    close(output);
}

/* Whatever the length, in either column or both: all words are there, in at most 80 columns. */
static void check_wrapping(void)
{
    open_output();
    struct narration *n = narration_open(output, "parent", "child");
    char word[400];
    for (size_t size = 0; size < sizeof word; size++) {
        memset(word, 'x', size);
        word[size] = '\0';
        for (size_t i = 7; i < size; i += 1 + size % 60)
            word[i] = ' ';
        narrate(n, LEFT, "%s", word);
        narrate(n, RIGHT, "%s", word);
        narrate_both(n, word, "short");
        narrate_both(n, "short", word);
    }
    const char *all = told();
    size_t wanted = 0, found = 0;
    for (size_t size = 0; size < sizeof word; size++)
        for (size_t i = 0; i < size; i++)
            wanted += i >= 7 && (i - 7) % (1 + size % 60) == 0 ? 0 : 4;
    for (; *all != '\0'; all++)
        found += *all == 'x';
    check(found == wanted);
    close(output);

    open_output();
    n = narration_open(output, "one column", NULL);
    narrate(n, RIGHT, "%s", word);
    check(lines_of(told()) > 5);
    close(output);
}

static void await_told(const char *words)
{
    const uint64_t limit = now() + 30 * SECOND;
    while (strstr(told(), words) == NULL) {
        check(now() < limit);
        sleep_for(MILLISECOND);
    }
}

/* A child that sleeps in a read of that pipe, and tells so. */
static pid_t start_reader(struct narration *n, const int ends[2], const char *call)
{
    const pid_t child = start_child();
    if (child == 0) {
        char byte;
        narrate_call(n, RIGHT, "%s", call);
        const ssize_t got = read_some(ends[0], &byte, 1);
        narrate_return(n, "it was empty", "%zd", got);
        _exit(0);
    }
    return child;
}

/* A call that sleeps stands there, at the latest after 100 ms, with a bar, until it returns. */
static void check_sleep(void)
{
#if defined __SANITIZE_THREAD__ || defined __SANITIZE_ADDRESS__
    return; /* nobody watches there */
#endif
    int ends[2];
    check(pipe(ends) == 0);
    open_output();
    struct narration *n = narration_open(output, "parent", "child");
    pid_t child = start_reader(n, ends, "[2] read(3)");
    await_told("[2] read(3) ...\n");
    check(lines_of(told()) == 2);
    narrate(n, LEFT, "close(3)");
    const char *line = strstr(told(), "close(3)");
    check(strcspn(line, "|") == 33 && line[34] == '\n');
    narrate_both(n, "left", "right");
    check(strchr(strstr(told(), "left"), '|') == NULL); /* the column is taken */
    check(write(ends[1], "x", 1) == 1 && reap_child(child) == 0);
    check(strstr(told(), "[2] '= 1\n") != NULL || strstr(told(), "[2] '= 1  asleep ") != NULL);
    check(strstr(told(), " ms: it was empty\n") != NULL);
    narrate(n, LEFT, "no bar");
    check(strcmp(strstr(told(), "no bar"), "no bar\n") == 0);

    /* killed in its sleep: the line stays, the bar ends */
    child = start_reader(n, ends, "read(4)");
    await_told("read(4) ...\n");
    check(kill(child, SIGKILL) == 0);
    reap_child(child);
    narrate(n, LEFT, "none is left");
    check(strcmp(strstr(told(), "none is left"), "none is left\n") == 0);
    close(ends[0]);
    close(ends[1]);
    close(output);
}

/* A call that does not sleep is one line, also if it was only slow. */
static void check_no_sleep(void)
{
    open_output();
    struct narration *n = narration_open(output, "parent", "child");
    narrate_call(n, LEFT, "getpid()");
    const uint64_t began = now();
    while (now() - began < 5 * MILLISECOND)
        ;
    errno = EAGAIN;
    narrate_return(n, "no", "%d", 1);
    check(errno == EAGAIN && lines_of(told()) == 2);
    check((strstr(told(), "asleep") != NULL) == (voluntary_switches() == -1));
    check(strstr(told(), "getpid() = 1") != NULL);
    narrate(n, LEFT, "waitpid(123456789) = exit status 0   as it is");
    check(strstr(told(), "waitpid(123456789)\n          = exit status 0   as it is") != NULL);
    close(output);
}

/* --pace holds every event so long, and the narration's clock stands still meanwhile. */
static void check_pace(void)
{
#if defined __SANITIZE_THREAD__ || defined __SANITIZE_ADDRESS__
    return; /* nobody lets an event through there */
#endif
    enum { EVENTS = 4, PACE_MS = 100 };
    const int standard_output = dup(STDOUT_FILENO);
    open_output();
    check(dup2(output, STDOUT_FILENO) == STDOUT_FILENO);
    struct narration *n = narration_begin(NULL, "parent", "child", PACE_MS / 1000.0, false);
    const uint64_t began = now(), time = narration_time(n);
    for (int i = 0; i < EVENTS; i++)
        narrate(n, LEFT, "event %d", i);
    const uint64_t passed = narration_time(n) - time;
    check(passed + EVENTS * PACE_MS * MILLISECOND <= now() - began);
    check(lines_of(told()) == 1 + EVENTS);
    check(dup2(standard_output, STDOUT_FILENO) == STDOUT_FILENO);
    close(standard_output);
    close(output);
}

/* Whatever the time, the columns stand where they stood. */
static void check_long_times(void)
{
    open_output();
    struct narration *n = narration_open(output, "parent", "child");
    static const uint64_t times[] = {MILLISECOND, 150 * MILLISECOND, 2 * SECOND, 12 * SECOND,
                                     900 * SECOND};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        narration_hold(n);
        screen_event(n, times[i], "left", "right");
        narration_release(n);
    }
    const char *line = told();
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        line = strchr(line, '\n') + 1;
        check(strncmp(line + 6, "  left ", 7) == 0 && strncmp(line + 41, "right\n", 6) == 0);
    }
    close(output);
}

/* From so many rows on the question stands again above the answer. */
static void check_question(void)
{
    const int standard_output = dup(STDOUT_FILENO);
    for (int rows = 1; rows < 40; rows += 19) {
        open_output();
        check(dup2(output, STDOUT_FILENO) == STDOUT_FILENO);
        struct narration *n = narration_begin("Why?", "one", NULL, 0, false);
        for (int i = 0; i < rows; i++)
            narrate(n, LEFT, "event %d", i);
        narrate_mistake(n, "not to ask");
        narrate_right(n, "to ask");
        narrate_answer(n, "Because.");
        check(strncmp(told(), "Why?\n   ms   one\n", 17) == 0);
        check((strstr(told(), "\n-> mistake: not to ask\n-> right: to ask\nWhy?\nBecause.\n") !=
               NULL) == (rows >= 20));
        close(output);
    }
    check(dup2(standard_output, STDOUT_FILENO) == STDOUT_FILENO);
    close(standard_output);
}

static void check_many_processes(void)
{
    enum { PROCESSES = 8, EVENTS = 200 };
    open_output();
    struct narration *n = narration_open(output, "parent", "children");
    pid_t children[PROCESSES];
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = narrate_fork(n, LEFT, "");
        if (children[i] == 0) {
            for (int event = 0; event < EVENTS; event++)
                narrate(n, RIGHT, "[%d] event %d of many, long enough for two rows", i, event);
            _exit(0);
        }
    }
    for (int i = 0; i < PROCESSES; i++)
        check(reap_child(children[i]) == 0);
    const char *all = told();
    check(lines_of(all) == 1 + 2 * PROCESSES + 2 * PROCESSES * EVENTS);
    for (int i = 0; i < PROCESSES; i++) {
        char line[64];
        /* each child's events in order, and none before the line about its birth */
        snprintf(line, sizeof line, "fork() = 0   I am %ld\n", (long)children[i]);
        const char *at = strstr(all, line);
        check(at != NULL);
        snprintf(line, sizeof line, "[%d] ", i);
        check(strstr(all, line) > at);
        for (int event = 0; event < EVENTS; event++) {
            snprintf(line, sizeof line, "[%d] event %d of ", i, event);
            at = strstr(at, line);
            check(at != NULL);
        }
    }
    close(output);
}

/* Whoever shares our output may have made it non-blocking: no event is lost for that. */
static void check_non_blocking(void)
{
    enum { EVENTS = 3000 }; /* more than a pipe holds */
    int end[2];
    check(pipe(end) == 0 && fcntl(end[1], F_SETFL, O_NONBLOCK) == 0);
    const pid_t child = start_child();
    if (child == 0) {
        close(end[0]);
        struct narration *n = narration_open(end[1], "parent", "child");
        for (int event = 0; event < EVENTS; event++)
            narrate(n, RIGHT, "event");
        _exit(0);
    }
    struct pollfd full = {.fd = end[1], .events = POLLOUT};
    while (poll(&full, 1, 0) == 1)
        sched_yield();
    close(end[1]);
    FILE *const from = fdopen(end[0], "r");
    check(from != NULL);
    char line[100];
    int lines = 0;
    while (fgets(line, sizeof line, from) != NULL)
        lines++;
    check(lines == 1 + EVENTS);
    fclose(from);
    check(reap_child(child) == 0);
}

/* Whoever holds the narration may be killed, or may wait for us to hear a signal. */
static void check_holder(void)
{
    open_output();
    struct narration *n = narration_open(output, "parent", "child");
    int held[2];
    char byte;
    check(pipe(held) == 0);
    pid_t child = start_child();
    if (child == 0) {
        narration_hold(n);
        check(write(held[1], "", 1) == 1);
        for (;;)
            pause();
    }
    check(read(held[0], &byte, 1) == 1);
    check(kill(child, SIGKILL) == 0);
    reap_child(child); /* first: ThreadSanitizer knows no timed lock that returns EOWNERDEAD */
    narrate(n, LEFT, "still here");
    narrate(n, LEFT, "and again");
    check(strstr(told(), "still here") != NULL && strstr(told(), "and again") != NULL);

    narration_hold(n);
    child = start_child();
    if (child == 0) {
        narrate(n, RIGHT, "never told");
        _exit(0);
    }
    check(kill(child, SIGTERM) == 0);
    const int status = reap_child(child); /* while we hold it */
    check(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
    narration_release(n);
    check(strstr(told(), "never told") == NULL);
    close(held[0]);
    close(held[1]);
    close(output);
}

static void check_quoted(void)
{
    check(strcmp(quoted("a b", 3).text, "\"a b\"") == 0);
    check(strcmp(quoted("", 0).text, "\"\"") == 0);
    check(strcmp(quoted("\n\t\"\\", 4).text, "\"\\n\\t\\\"\\\\\"") == 0);
    check(strcmp(quoted("\0\033\377", 3).text, "\"\\x00\\x1b\\xff\"") == 0);
    char many[500];
    memset(many, '\1', sizeof many);
    for (size_t size = 0; size < sizeof many; size++) {
        const struct quoted all = quoted(many, size);
        const size_t length = strlen(all.text);
        check(length < sizeof all.text && all.text[length - 1] == '"');
        check(length == 2 + 4 * size || strcmp(all.text + length - 4, "...\"") == 0);
    }
}

int main(void)
{
    program_name = "test";
    take_over_inherited_state();
    catch_ending_signals();
    check_non_blocking(); /* first: ThreadSanitizer forbids threads after a fork of several */
    check_columns();
    check_wrapping();
    check_sleep();
    check_no_sleep();
    check_question();
    check_long_times();
    check_pace();
    check_many_processes();
    check_holder();
    check_quoted();
    narrate(NULL, LEFT, "nothing"); /* -v that was not given */
    narrate_both(NULL, "nothing", "");
    narrate_call(NULL, LEFT, "nothing");
    narrate_return(NULL, NULL, "nothing");
    narrate_text(NULL, "nothing");
    free(text);
    return 0;
}
