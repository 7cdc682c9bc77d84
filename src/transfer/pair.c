/* SPDX-License-Identifier: MIT
 * A producer or consumer from its options to its end, and a role that looks at both.
 */
#include "ipc/transfer/pair.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/io.h"
#include "ipc/transfer/platform.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { POLLING_TIME = 50 * MICROSECOND }; /* what a wake-up costs, about */
enum { SHORT_WAIT = 10 * POLLING_TIME, LOOK_EVERY_MS = 100 };
enum { INPUT_PIPE = 256 * 1024 }; /* what is copied into a larger one does not stay in the cache */

/* What the rendezvous of a --path is called: a hash (FNV-1a) of it without links. */
static void name_of_path(const char *path, char name[NAME_MOST + 1])
{
    char folder[PATH_SIZE], real[PATH_SIZE], text[2 * PATH_SIZE];
    const char *slash = strrchr(path, '/');
    const char *base = slash != NULL ? slash + 1 : path;
    if (*base == '\0' || strlen(path) >= PATH_SIZE) {
        errno = *base == '\0' ? EISDIR : ENAMETOOLONG;
        fail("open", path);
    }
    snprintf(folder, sizeof folder, "%s", path);
    if (realpath(dirname(folder), real) == NULL)
        fail("open", path);
    uint64_t hash = UINT64_C(14695981039346656037);
    snprintf(text, sizeof text, "%s/%s/", real, base);
    for (const char *letter = text; *letter != '\0'; letter++)
        hash = (hash ^ (unsigned char)*letter) * UINT64_C(1099511628211);
    snprintf(name, NAME_MOST + 1, "path-%016" PRIx64, hash);
}

/* What the rendezvous of a --key is called; its number, or a usage error. */
static key_t name_of_key(const struct role *role, const char *text, char name[NAME_MOST + 1])
{
    char *end;
    const bool hexadecimal = strncmp(text, "0x", 2) == 0 || strncmp(text, "0X", 2) == 0;
    errno = 0;
    const long long value = strtoll(text, &end, hexadecimal ? 16 : 10);
    /* strtoll() takes blanks and a plus, too. key_t is signed, and programs print it both ways */
    if (strchr("-0123456789", *text) == NULL || end == text || *end != '\0' || errno != 0 ||
        value == 0 || value < INT32_MIN || value > UINT32_MAX)
        usage_error(role, "--key: '%s' is not a key from 1 to 0xffffffff", text);
    /* '=' stands in no --name, so the two cannot meet */
    snprintf(name, NAME_MOST + 1, "key=0x%08" PRIx32, (uint32_t)value);
    return (key_t)(uint32_t)value;
}

/* Ends with a usage error unless --name, --key and --api make sense together. */
static void choose_pair(const struct role *role, struct pair *pair)
{
    if (pair->key_text != NULL && pair->family == POSIX)
        usage_error(role, "--key is for --api sysv: a POSIX object has a name");
    if (pair->key_text != NULL && pair->name != NULL)
        usage_error(role, "--key stands instead of --name: one of them");
    if (pair->key_text != NULL) {
        pair->key = name_of_key(role, pair->key_text, pair->own_name);
        pair->name = pair->own_name;
    } else if (pair->name == NULL) {
        pair->name = "default";
    }
}

const char *shell_word(const char *word)
{
    static char quoted[2 * PATH_SIZE];
    char *to = quoted;
    for (; *word != '\0' && to < quoted + sizeof quoted - 2; *to++ = *word++)
        if (isascii(*word) && !isalnum(*word) && strchr("-._=/:,+@%", *word) == NULL)
            *to++ = '\\';
    *to = '\0';
    return quoted;
}

/* What the other side has to be given, too. */
static void note_options(struct pair *pair, int usual_family)
{
    const bool by_key = pair->key_text != NULL, is_usual = strcmp(pair->name, "default") == 0;
    const char *option = pair->path != NULL ? " --path "
                         : by_key           ? " --key "
                         : is_usual         ? ""
                                            : " --name ";
    const char *value = pair->path != NULL ? shell_word(pair->path)
                        : by_key           ? pair->key_text
                        : is_usual         ? ""
                                           : pair->name;
    snprintf(pair->options, sizeof pair->options, "%s%s%s%s", option, value,
             pair->family != usual_family ? " --api " : "",
             pair->family != usual_family ? families[pair->family] : "");
    pair->rendezvous.options = pair->options;
}

void begin_pair(const struct role *role, int argc, char **argv, const struct option_row *options,
                enum member_role member, struct pair *pair)
{
    const int usual_family = pair->family;
    pair->timeout = NOT_GIVEN;
    pair->member = member;
    const struct operands operands =
        parse_arguments(role, argc, argv, options, member == PRODUCER ? 1 : 0);
    if (pair->path != NULL && pair->name != NULL)
        usage_error(role, "--name and --path: one or the other");
    if (pair->path != NULL && *pair->path == '\0')
        usage_error(role, "--path: it is empty");
    if (pair->path != NULL) {
        name_of_path(pair->path, pair->own_name);
        pair->name = pair->own_name;
    } else {
        choose_pair(role, pair);
    }
    note_options(pair, usual_family);
    if (pair->check != NULL)
        pair->check(role, pair);
    if (member == PRODUCER)
        pair->input = new_input(operands.words[0]);
    const uint64_t limit = nanoseconds_of(pair->timeout);
    pair->deadline = limit == UINT64_MAX ? limit : now() + limit;
    if (pair->verbose)
        pair->narration = narration_open(STDERR_FILENO, role->name, NULL);
}

void meet_peer(struct pair *pair)
{
    const bool sends = pair->member == PRODUCER;
    rendezvous_enter(&pair->rendezvous);
    if (!rendezvous_await(&pair->rendezvous, sends ? CONSUMER : PRODUCER, pair->deadline))
        fail_that(EXIT_PEER, "no %s came in time", sends ? "consumer" : "producer");
    rendezvous_tell_peer(&pair->rendezvous);
    progress_begin(&pair->progress, sends ? "producer" : "consumer",
                   sends ? pair->input.descriptor : -1, !pair->verbose);
}

struct input new_input(const char *file)
{
    struct input input = {.descriptor = STDIN_FILENO, .label = "standard input", .pipe = -1};
    struct stat status;
    if (file != NULL && strcmp(file, "-") != 0) {
        input.label = file;
        do
            input.descriptor = open(file, O_RDONLY | O_CLOEXEC);
        while (input.descriptor == -1 && interrupted());
    }
    or_fail(input.descriptor, "open", input.label);
    or_fail(fstat(input.descriptor, &status), "fstat", input.label);
    errno = EISDIR;
    if (S_ISDIR(status.st_mode))
        fail("read", input.label);
    input.may_wait = !S_ISREG(status.st_mode);
    input.lends = !input.may_wait || S_ISFIFO(status.st_mode);
    if (S_ISFIFO(status.st_mode))
        enlarge_pipe(input.descriptor, INPUT_PIPE);
    return input;
}

/*
 * Whoever writes to the input ends the wait; or the end of the pipe's last reader (POLLERR); or its
 * bound, or a timer before that, after which we look for the consumer. A signal that ends us is
 * noticed in interrupted(), at the latest a second later (cleanup.h).
 */
bool await_input(struct pair *pair)
{
    const struct input *input = &pair->input;
    const bool is_pipe = input->pipe != -1;
    struct pollfd watched[] = {{.fd = input->descriptor, .events = POLLIN}, {.fd = input->pipe}};
    const int timeout = is_pipe && pair->watch == NULL ? -1 : LOOK_EVERY_MS;
    for (int ready; (ready = poll(watched, 2, timeout)) <= 0;) {
        if (ready == -1 && !interrupted())
            fail("poll", NULL);
        if (pair->watch != NULL)
            pair->watch(pair);
        else if (!is_pipe)
            rendezvous_check(&pair->rendezvous, CONSUMER);
    }
    return (watched[1].revents & (POLLERR | POLLHUP)) == 0;
}

static struct guarded {
    const unsigned char *memory;
    size_t size;
    const char *object;
} guarded;

static _Noreturn void fail_transfer(const char *call, const char *object)
{
    if (errno == EFAULT && guarded.memory != NULL)
        fail_that(EXIT_FAILED, "\"%s\" became smaller while it was used, or the disk is full",
                  guarded.object);
    fail(call, object);
}

ssize_t read_input(struct pair *pair, void *bytes, size_t size)
{
    for (;;) {
        errno = EPIPE;
        if (pair->input.may_wait && !await_input(pair))
            return -1;
        const ssize_t got = read_some(pair->input.descriptor, bytes, size);
        if (got != -1)
            return got;
        if (errno != EAGAIN) /* else: non-blocking, and somebody who shares it took the bytes */
            fail_transfer("read", pair->input.label);
    }
}

void print_bytes(const void *bytes, size_t size)
{
    if (!write_full(STDOUT_FILENO, bytes, size))
        fail_transfer("write", "standard output");
}

void close_output(void)
{
    if (!close_written(STDOUT_FILENO))
        fail("close", "standard output");
}

/*
 * Our access to a page that the file no longer has raises SIGBUS (mmap(3p)). What it interrupts is
 * a plain load or store, no function that must not be interrupted: so the process may end here as
 * anywhere else. A SIGBUS from elsewhere does what it always does.
 */
static void on_bus_error(int number, siginfo_t *signal, void *context)
{
    const unsigned char *address = signal->si_addr;
    (void)context;
    errno = EFAULT;
    if (address >= guarded.memory && address < guarded.memory + guarded.size)
        fail_transfer("read", guarded.object);
    sigaction(number, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
}

void guard_mapping(const void *memory, size_t size, const char *object)
{
    struct sigaction action = {.sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO};
    sigemptyset(&action.sa_mask);
    guarded = (struct guarded){memory, size, object};
    or_fail(sigaction(SIGBUS, &action, NULL), "sigaction", "SIGBUS");
}

bool keep_spinning(uint64_t *until)
{
    static long processors;
    static uint64_t last_began;
    if (processors == 0)
        processors = processors_available();
    if (processors == 1)
        return false;
    const uint64_t time = now();
    if (*until == 0) {
        *until = time - last_began < SHORT_WAIT ? time + POLLING_TIME : time;
        last_began = time;
    }
    return time < *until;
}

static bool line_stands;

static void clear_line(void)
{
    if (line_stands && write(STDERR_FILENO, "\r\033[K", 4) == 4)
        line_stands = false;
}

void progress_begin(struct progress *progress, const char *role, int input, bool shows)
{
    struct stat status;
    *progress = (struct progress){.role = role, .began = now()};
    progress->next_report = progress->began + SECOND;
    before_message = clear_line;
    /* the terminal may be showing what is typed or printed */
    progress->shows =
        shows && !quiet && isatty(STDERR_FILENO) && !isatty(input != -1 ? input : STDOUT_FILENO);
    if (input != -1 && fstat(input, &status) == 0 && S_ISREG(status.st_mode)) {
        const off_t at = lseek(input, 0, SEEK_CUR);
        progress->total = at >= 0 && status.st_size > at ? (uint64_t)(status.st_size - at) : 0;
    }
    if (input != -1 && isatty(input))
        say("type lines; Ctrl-D ends");
}

/* In the background the terminal is another's: of two that share one, the first is shown. */
static bool in_foreground(void)
{
    const pid_t group = tcgetpgrp(STDERR_FILENO);
    return group == -1 || group == getpgrp(); /* -1: not our controlling terminal */
}

static double mebibytes(uint64_t bytes)
{
    return (double)bytes / (1024 * 1024);
}

static void show_progress(struct progress *progress, uint64_t time)
{
    char line[128];
    const double elapsed = (double)(time - progress->began) / 1e9;
    const double rate = mebibytes(progress->bytes) / elapsed;
    int length = snprintf(line, sizeof line, "\r%s: %.1f MiB  %.1f MiB/s", program_name,
                          mebibytes(progress->bytes), rate);
    if (progress->total != 0 && progress->bytes != 0 && progress->bytes <= progress->total) {
        const uint64_t left = (uint64_t)((double)(progress->total - progress->bytes) * elapsed /
                                         (double)progress->bytes);
        length += snprintf(
            line + length, sizeof line - (size_t)length, "  %.0f%%  %" PRIu64 ":%02" PRIu64 " left",
            100.0 * (double)progress->bytes / (double)progress->total, left / 60, left % 60);
    }
    length += snprintf(line + length, sizeof line - (size_t)length, "\033[K");
    line_stands = write(STDERR_FILENO, line, (size_t)length) > 0;
    progress->next_report = time + SECOND / 10;
}

void progress_add(struct progress *progress, size_t bytes)
{
    progress->bytes += bytes;
    if (!progress->shows)
        return;
    const uint64_t time = now();
    if (time >= progress->next_report && in_foreground())
        show_progress(progress, time);
}

void progress_end(const struct progress *progress)
{
    const double seconds = (double)(now() - progress->began) / 1e9;
    if (seconds < 1 || mebibytes(progress->bytes) < 1) /* its rate would be that of the beginning */
        say("%s: %" PRIu64 " bytes in %.3f s", progress->role, progress->bytes, seconds);
    else
        say("%s: %" PRIu64 " bytes in %.3f s, %.1f MiB/s", progress->role, progress->bytes, seconds,
            mebibytes(progress->bytes) / seconds);
}

int end_producer(struct pair *pair)
{
    if (!rendezvous_await_received(&pair->rendezvous))
        rendezvous_check(&pair->rendezvous, CONSUMER);
    progress_end(&pair->progress);
    return EXIT_DONE;
}

int end_consumer(struct pair *pair)
{
    close_output();
    rendezvous_set_state(&pair->rendezvous, STATE_DONE);
    progress_end(&pair->progress);
    return EXIT_DONE;
}

bool find_pair(const struct role *role, const char *mechanism, struct pair *pair)
{
    choose_pair(role, pair);
    return rendezvous_look(&pair->rendezvous, mechanism, pair->name);
}

bool is_other_family(const struct pair *pair)
{
    const int64_t noted = pair->rendezvous.objects[NOTED_FAMILY];
    return noted != 0 && pair->family != NOT_GIVEN && noted != 1 + pair->family;
}

void print_members(const struct pair *pair)
{
    static const char *const words[MEMBER_ROLES] = {"producer", "consumer"};
    for (enum member_role role = PRODUCER; role < MEMBER_ROLES; role++) {
        const struct peers peers = rendezvous_peers(&pair->rendezvous, role);
        printf("%-12s ", words[role]);
        if (peers.alive > 0)
            printf("pid %ld\n", (long)peers.alive_pid);
        else
            puts(peers.died > 0 ? "died" : peers.left > 0 ? "has left" : "nobody");
    }
}
