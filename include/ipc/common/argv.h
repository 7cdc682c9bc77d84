/*
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

/*
 * `ipc-pipe capacity` is a row of the table in ipc-pipe.c. The rows stand in the order of their
 * groups; one without a name ends the table.
 */
struct role {
    const char *name;
    enum role_group group;
    const char *synopsis; /* the operands: "[FILE]", "-- COMMAND [ARG…]"; NULL for none */
    const char *summary;  /* one line for the program's help */
    int (*run)(const struct role *role, int argc, char **argv);
};

/* The type of a role's function, to declare all of a program: role_function pipe_eof, pipe_demo; */
typedef int role_function(const struct role *role, int argc, char **argv);

enum { NAME_MOST = 64 };

/* The sizes given by a repeatable option. */
enum { SIZES_MOST = 32 };
struct sizes {
    size_t count;
    uint64_t size[SIZES_MOST];
};

/*
 * An option of one role. Exactly one of the targets is set: it says what kind the option is, is
 * written when the option is given, and should hold the default before. A row without a name
 * ends the table.
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

#define OPTION_PACE(target)                                                                        \
    {                                                                                              \
        .name = "pace", .argument = "SECONDS", .seconds = (target),                                \
        .help = "pause before each event, for a class to follow"                                   \
    }
#define OPTION_QUIET                                                                               \
    {                                                                                              \
        .name = "quiet", .letter = 'q', .flag = &quiet, .help = "no status lines, data only"       \
    }
#define OPTION_VERBOSE(target)                                                                     \
    {                                                                                              \
        .name = "verbose", .letter = 'v', .flag = (target),                                        \
        .help = "narrate each system call of the transfer on standard error"                       \
    }
#define OPTION_TIMEOUT(target)                                                                     \
    {                                                                                              \
        .name = "timeout", .argument = "SECONDS", .seconds = (target),                             \
        .help = "give up, exit 3, when no peer has come by then"                                   \
    }
#define OPTION_NAME(target)                                                                        \
    {                                                                                              \
        .name = "name", .argument = "NAME", .object_name = (target),                               \
        .help = "which rendezvous (default: default)"                                              \
    }
/* A size, count or duration that was not given. */
#define NOT_GIVEN (-1)

/* What stands on the command line besides the options. */
struct operands {
    int count;
    char **words;   /* NULL-terminated; they stand in argv */
    char **command; /* the words after "--" where the role takes a COMMAND, else NULL */
};

/* All that main() of a program hands over. */
struct program {
    const char *name, *summary; /* "ipc-pipe", and one line for its help */
    const struct role *roles;
    const struct hint *hints; /* NULL for none: error.h */
};

/*
 * Takes over the inherited state, finds the role that argv[1] names and runs it; returns its exit
 * status. Answers --help and --version; no role or an unknown one is a usage error, exit 2.
 */
int run_program(const struct program *program, int argc, char **argv);

/*
 * Parses a role's options and at most `most` operands; usage errors and --help exit. A role whose
 * synopsis has "-- COMMAND" gets the words after "--" as command, and needs at least one there
 * unless the synopsis brackets it ("[-- COMMAND …]").
 */
struct operands parse_arguments(const struct role *role, int argc, char **argv,
                                const struct option_row *options, int most);

/* Writes `ipc-pipe parent: ` and the text, the role's usage line, exits 2. */
_Noreturn void usage_error(const struct role *role, const char *format, ...) PRINTF_LIKE(2, 3);

/*
 * Each returns false unless the whole text is a number of that kind.
 * A size is bytes, or with K, M, G a power of 1024; a duration is decimal, without exponent.
 */
bool parse_size(const char *text, uint64_t *size);
bool parse_number(const char *text, long least, long most, long *number);
bool parse_seconds(const char *text, double *seconds);

/*
 * The name that text most likely meant, or NULL: of a table whose rows of that size begin with
 * their name, the last of which is NULL.
 */
const char *nearest_word(const char *text, const void *rows, size_t row_size);

#endif
