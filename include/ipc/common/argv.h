/* SPDX-License-Identifier: MIT
 * The command line: one table of roles and one of options give dispatch, parsing, help and
 * "did you mean".
 */
#ifndef IPC_COMMON_ARGV_H
#define IPC_COMMON_ARGV_H

#include "ipc/common/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum role_group { RUN_IT, UNDERSTAND_IT, USE_IT, MEASURE_IT };

/* Runs a role: returns its exit status. `role_function pipe_eof, pipe_demo;` declares two. */
struct role;
typedef int role_function(const struct role *role, int argc, char **argv);

/* `ipc-pipe capacity` is a row in ipc-pipe.c. In the order of groups; ends with a NULL name. */
struct role {
    const char *name;
    enum role_group group;
    const char *synopsis; /* the operands: "[FILE]", "-- COMMAND [ARG…]"; NULL for none */
    const char *summary;  /* one line for the program's help */
    role_function *run;
};

/* The sizes given by a repeatable option. */
enum { NAME_MOST = 64, SIZES_MOST = 32 };
struct sizes {
    size_t count;
    uint64_t size[SIZES_MOST];
};

/*
 * An option of one role. Exactly one of the targets is set: it says what kind the option is, holds
 * the default, and is written when the option is given. A row without a name ends the table.
 */
struct option_row {
    const char *name;
    char letter;          /* 0 for none */
    const char *argument; /* how the help calls the argument; NULL for a flag */
    const char *help;

    bool *flag;
    const char **text;
    const char **object_name; /* 1 to NAME_MOST letters, digits, ".", "_", "-"; not "." or ".." */
    long *number;             /* from least to most */
    uint64_t *size;           /* at least `least` bytes, at most `most` where that is not 0 */
    double *seconds;          /* 0 or more */
    struct sizes *sizes;      /* each at least `least` bytes */
    int *choice;              /* an index into choices */

    long least, most;
    const char *const *choices; /* ended by NULL */
};

#define OPTION(kind, target, ...)                                                                  \
    {                                                                                              \
        .kind = (target), __VA_ARGS__                                                              \
    }
#define OPTION_QUIET                                                                               \
    OPTION(flag, &quiet, .name = "quiet", .letter = 'q', .help = "no status lines, data only")
#define OPTION_VERBOSE(target)                                                                     \
    OPTION(flag, target, .name = "verbose", .letter = 'v',                                         \
           .help = "narrate each system call of the transfer on standard error")
#define OPTION_TIMEOUT(target)                                                                     \
    OPTION(seconds, target, .name = "timeout", .argument = "SECONDS",                              \
           .help = "give up, exit 3, when no peer has come by then")
#define OPTION_NAME(target)                                                                        \
    OPTION(object_name, target, .name = "name", .argument = "NAME",                                \
           .help = "which rendezvous (default: default)")
#define NOT_GIVEN (-1) /* a size, count or duration */

/* What stands on the command line besides the options. */
struct operands {
    int count;
    char **words;   /* NULL-terminated; they stand in argv */
    char **command; /* the words after "--" where the role takes a COMMAND, else NULL */
};

/* What main() hands over. */
struct program {
    const char *name, *summary; /* "ipc-pipe", and one line for its help */
    const struct role *roles;
    const struct hint *hints; /* NULL for none: error.h */
};

/*
 * Takes over the inherited state and runs the role that argv[1] names; returns its exit status.
 * Answers --help and --version; no role or an unknown one is a usage error, exit 2.
 */
int run_program(const struct program *program, int argc, char **argv);

/*
 * Parses a role's options and at most `most` operands; usage errors and --help exit. If the
 * synopsis has "-- COMMAND", what follows "--" is the command; in brackets it may be missing.
 */
struct operands parse_arguments(const struct role *role, int argc, char **argv,
                                const struct option_row *options, int most);

/* Writes `ipc-pipe parent: ` and the text, the role's usage line, exits 2. */
_Noreturn void usage_error(const struct role *role, const char *format, ...) PRINTF_LIKE(2, 3);

/* Each returns false unless the whole text is such a number. A size may end in K, M or G. */
bool parse_size(const char *text, uint64_t *size);
bool parse_number(const char *text, long least, long most, long *number);
bool parse_seconds(const char *text, double *seconds);

/* What text most likely meant, or NULL. Each row begins with a name, which is NULL in the last. */
const char *nearest_word(const char *text, const void *rows, size_t row_size);

#endif
