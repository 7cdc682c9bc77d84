/* SPDX-License-Identifier: MIT
 * What every pair of producer and consumer has: its options and its beginning, FILE and standard
 * output, the wait before a sleep, the progress, and its end. And how a role that only looks at a
 * pair finds it.
 */
#ifndef IPC_TRANSFER_PAIR_H
#define IPC_TRANSFER_PAIR_H

#include "ipc/common/argv.h"
#include "ipc/narration/narration.h"
#include "ipc/rendezvous/objects.h"

struct input {
    int descriptor;
    const char *label; /* what messages call it: FILE, or "standard input" */
    bool may_wait;     /* no regular file: a terminal, a pipe, a socket */
    bool lends;        /* a file or a pipe, whose pages another pipe can take */
    int pipe;          /* the write end that it is read for; -1 for none */
};

/* A line while a transfer runs, taken off the terminal before any message, and one at its end. */
struct progress {
    const char *role; /* "producer", for the closing line */
    uint64_t bytes;
    uint64_t total; /* 0 where the size is not known */
    uint64_t began, next_report;
    bool shows; /* on a terminal where no data is, unless quiet */
};

struct pair {
    /* As given; family holds the default before. After begin_pair() name is the rendezvous'. */
    const char *name, *path, *key_text;
    int family;
    double timeout;
    bool verbose;
    enum member_role member;
    /* NULL, or refuses options that do not fit together, and names a pair without --name. */
    void (*check)(const struct role *role, struct pair *pair);
    /* Called ten times a second while no input comes; NULL: ends the process without a consumer. */
    void (*watch)(struct pair *pair);

    char options[2 * PATH_SIZE + 64]; /* for what is typed in the other terminal */
    char own_name[NAME_MOST + 1];     /* where name is made of a path or a key */
    key_t key;                        /* where key_text is not NULL */
    uint64_t deadline;                /* on the clock of now() */
    struct narration *narration;      /* NULL without -v */
    struct input input;               /* the producer's */
    struct rendezvous rendezvous;
    struct progress progress;
};

#define OPTION_PATH(pair, words)                                                                   \
    OPTION(text, &(pair)->path, .name = "path", .argument = "FILE", .help = (words))
#define OPTION_API(target, default_family)                                                         \
    OPTION(choice, target, .name = "api", .argument = "sysv|posix", .choices = families,           \
           .help = "which of the two families (default: " default_family ")")
#define OPTIONS_FAMILY(pair, default_family)                                                       \
    OPTION_NAME(&(pair)->name), OPTION_API(&(pair)->family, default_family),                       \
        OPTION(text, &(pair)->key_text, .name = "key", .argument = "KEY",                          \
               .help = "this System V key (decimal or 0x...) instead of a name")
#define OPTIONS_PAIR(pair)                                                                         \
    OPTION_TIMEOUT(&(pair)->timeout), OPTION_QUIET, OPTION_VERBOSE(&(pair)->verbose)

/* Parses the options; opens the narration of -v, and FILE: before anybody is waited for. */
void begin_pair(const struct role *role, int argc, char **argv, const struct option_row *options,
                enum member_role member, struct pair *pair);

/* Enters the rendezvous, waits for the peer until the deadline, exit 3, and begins the progress. */
void meet_peer(struct pair *pair);

/*
 * FILE, or standard input where it is NULL or "-"; fails (exits) if it is a directory, too. If it
 * is a pipe it is made larger: then whoever writes into it, and we, wake each other less often.
 */
struct input new_input(const char *file);

/* The word as it is typed in a shell; in a buffer that the next call uses again. */
const char *shell_word(const char *word);

/* Sleeps until there is input, or its end. False when nobody reads from its pipe any more. */
bool await_input(struct pair *pair);

/*
 * Reads once; returns how many bytes, 0 at the end, -1 and EPIPE if nobody reads from the pipe that
 * the input is read for; fails (exits) otherwise.
 */
ssize_t read_input(struct pair *pair, void *bytes, size_t size);

/* To standard output, and its end; fails (exits) if bytes are lost. */
void print_bytes(const void *bytes, size_t size);
void close_output(void);

/*
 * From here on, touching what this mapping's file has lost ends the process, exit 1, in our code
 * (SIGBUS: mmap(3p)) and in the two functions above (EFAULT). For one mapping at a time.
 */
void guard_mapping(const void *memory, size_t size, const char *object);

/*
 * After a call that would block: whether it is worth trying again, or time to sleep in the kernel,
 * since to wake a process on another processor can cost a hundred times the work that waits for it.
 * On a single processor polling would keep the peer from running: then it is time to sleep at once.
 * So it is if the wait before this one began long ago: it was long, or waits are rare, and polling
 * would cost a slow producer more than all its work. *until is 0 at the beginning, and after
 * success or sleep.
 */
bool keep_spinning(uint64_t *until);

/*
 * input: the descriptor read from; -1 for the side that writes to standard output. shows: false
 * where the peer shows it on the same terminal, or a narration goes to standard error.
 */
void progress_begin(struct progress *progress, const char *role, int input, bool shows);

/* So many bytes more are through: writes at most ten times a second. And the closing line. */
void progress_add(struct progress *progress, size_t bytes);
void progress_end(const struct progress *progress);

/*
 * After STATE_DONE: waits until the consumer has written out everything. The consumer closes
 * standard output and tells the producer so. Both return exit status.
 */
int end_producer(struct pair *pair);
int end_consumer(struct pair *pair);

/* For `stat` and `remove`: opens, to look only, the rendezvous named; false if there is none. */
bool find_pair(const struct role *role, const char *mechanism, struct pair *pair);

/* Whether the objects that were found are not of the family that --api asks for. */
bool is_other_family(const struct pair *pair);

/* Two lines of `stat`, on standard output: who the producer is, and who the consumer. */
void print_members(const struct pair *pair);

#endif
