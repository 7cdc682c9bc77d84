/* SPDX-License-Identifier: MIT
 * The command line: what stands in the tables of roles and options is parsed and helped with.
 */
#include "ipc/common/argv.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/io.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool parse_number(const char *text, long least, long most, long *number)
{
    const char *digits = text + (*text == '-');
    if (!isdigit((unsigned char)*digits))
        return false;
    char *end;
    errno = 0;
    const long value = strtol(text, &end, 10);
    if (errno != 0 || *end != '\0' || value < least || value > most)
        return false;
    *number = value;
    return true;
}

bool parse_size(const char *text, uint64_t *size)
{
    if (!isdigit((unsigned char)*text))
        return false;
    char *end;
    errno = 0;
    const unsigned long long value = strtoull(text, &end, 10);
    const int shift = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;
    /* no size may exceed what off_t can say */
    if (errno != 0 || end[shift != 0] != '\0' || value > (unsigned long long)INT64_MAX >> shift)
        return false;
    *size = (uint64_t)value << shift;
    return true;
}

bool parse_seconds(const char *text, double *seconds)
{
    const size_t whole = strspn(text, "0123456789");
    const size_t point = text[whole] == '.';
    const size_t fraction = point ? strspn(text + whole + 1, "0123456789") : 0;
    if (whole + fraction == 0 || whole > 9 || text[whole + point + fraction] != '\0')
        return false;
    *seconds = strtod(text, NULL);
    return true;
}

static bool is_object_name(const char *text)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    const size_t length = strlen(text);
    return length > 0 && length <= NAME_MOST && text[strspn(text, allowed)] == '\0' &&
           strcmp(text, ".") != 0 && strcmp(text, "..") != 0;
}

/* How many letters must be inserted, dropped or replaced. */
static size_t edit_distance(const char *a, const char *b)
{
    enum { LONGEST = 32 };
    const size_t m = strlen(a), n = strlen(b);
    size_t distance[LONGEST + 1][LONGEST + 1]; /* between the first i letters and the first j */
    if (m > LONGEST || n > LONGEST)
        return LONGEST;
    for (size_t i = 0; i <= m; i++)
        for (size_t j = 0; j <= n; j++) {
            size_t least = i + j;
            if (i > 0 && j > 0) {
                const size_t dropped = distance[i - 1][j] + 1, inserted = distance[i][j - 1] + 1;
                const size_t replaced = distance[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
                least = dropped < inserted ? dropped : inserted;
                least = replaced < least ? replaced : least;
            }
            distance[i][j] = least;
        }
    return distance[m][n];
}

const char *nearest_word(const char *text, const void *rows, size_t row_size)
{
    const size_t length = strlen(text);
    size_t least = (length < 3 ? 1 : length / 3 + 1) + 1; /* further away is no misspelling */
    const char *nearest = NULL, *word;
    for (const char *row = rows; (word = *(const char *const *)row) != NULL; row += row_size) {
        const bool is_beginning = length > 1 && strncmp(word, text, length) == 0;
        const size_t distance = is_beginning ? 0 : edit_distance(text, word);
        if (distance < length && distance < least) {
            least = distance;
            nearest = word;
        }
    }
    return nearest;
}

static void print_usage(FILE *to, const struct role *role, const struct option_row *options)
{
    fprintf(to, "usage: %s %s%s%s%s\n", program_name, role->name,
            options != NULL && options[0].name != NULL ? " [OPTION]..." : "",
            role->synopsis ? " " : "", role->synopsis ? role->synopsis : "");
}

/* What an option does, from its column on, in lines of at most 80. */
static void print_wrapped(const char *text)
{
    enum { COLUMN = 26, WIDTH = 80 - COLUMN };
    while (strlen(text) > WIDTH) {
        int length = WIDTH;
        while (length > 0 && text[length] != ' ')
            length--;
        if (length == 0) /* one word, as long as that */
            break;
        printf("%.*s\n%*s", length, text, COLUMN, "");
        text += length + 1;
    }
    puts(text);
}

static _Noreturn void print_role_help(const struct role *role, const struct option_row *options)
{
    print_usage(stdout, role, options);
    printf("\n%s\n\n", role->summary);
    for (const struct option_row *option = options; option->name != NULL; option++) {
        char left[64];
        const char letter[] = {'-', option->letter, ',', '\0'};
        snprintf(left, sizeof left, "%3s --%s%s%s", option->letter != 0 ? letter : "", option->name,
                 option->argument ? " " : "", option->argument ? option->argument : "");
        printf("  %-24s%s", left, strlen(left) > 23 ? "\n                          " : "");
        print_wrapped(option->help);
    }
    printf("  %-24s%s\n", "-h, --help", "print this and exit");
    flush_output();
    exit(EXIT_DONE);
}

static void print_program_help(FILE *to, const struct program *program)
{
    static const char *const titles[] = {"run it", "understand it", "use it", "measure it"};
    fprintf(to, "usage: %s ROLE [OPTION]... [OPERAND]...\n\n%s\n", program_name, program->summary);
    for (const struct role *role = program->roles; role->name != NULL; role++) {
        if (role == program->roles || role->group != role[-1].group)
            fprintf(to, "\n%s\n", titles[role->group]);
        fprintf(to, "  %-10s %s\n", role->name, role->summary);
    }
    fprintf(to, "\n'%s ROLE --help' lists a role's options;\n%s(1) is the manual\n", program_name,
            program_name);
}

/* What usage_error() shows besides its message: set while a role runs. */
static const struct option_row *role_options;

void usage_error(const struct role *role, const char *format, ...)
{
    char message[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    complain_that("%s: %s", role->name, message);
    print_usage(stderr, role, role_options);
    fprintf(stderr, "'%s %s --help' tells more\n", program_name, role->name);
    exit(EXIT_USAGE);
}

static void take_size(const struct role *role, const struct option_row *option, const char *text)
{
    uint64_t size = 0;
    const char *const problem = !parse_size(text, &size) ? "not a size like 4096, 64K, 1M or 2G"
                                : size < (uint64_t)option->least ? "too small"
                                : option->most == 0              ? NULL
                                : size > (uint64_t)option->most  ? "too large"
                                                                 : NULL;
    if (problem != NULL)
        usage_error(role, "--%s: '%s' is %s", option->name, text, problem);
    if (option->size != NULL)
        *option->size = size;
    else if (option->sizes->count == SIZES_MOST)
        usage_error(role, "--%s: more than %d of them", option->name, SIZES_MOST);
    else
        option->sizes->size[option->sizes->count++] = size;
}

static void take_choice(const struct role *role, const struct option_row *option, const char *text)
{
    int i = 0;
    while (option->choices[i] != NULL && strcmp(option->choices[i], text) != 0)
        i++;
    if (option->choices[i] == NULL)
        usage_error(role, "--%s: '%s' is not one of %s", option->name, text, option->argument);
    *option->choice = i;
}

/* text: what was given to the option; NULL for a flag. */
static void take_value(const struct role *role, const struct option_row *option, const char *text)
{
    if (option->flag != NULL) {
        *option->flag = true;
    } else if (option->text != NULL) {
        *option->text = text;
    } else if (option->object_name != NULL) {
        if (!is_object_name(text))
            usage_error(role, "--%s: '%s' is not 1 to %d letters, digits, '.', '_' or '-'",
                        option->name, text, NAME_MOST);
        *option->object_name = text;
    } else if (option->number != NULL) {
        if (!parse_number(text, option->least, option->most, option->number))
            usage_error(role, "--%s: '%s' is not a number from %ld to %ld", option->name, text,
                        option->least, option->most);
    } else if (option->seconds != NULL) {
        if (!parse_seconds(text, option->seconds))
            usage_error(role, "--%s: '%s' is not a number of seconds like 2 or 0.5", option->name,
                        text);
    } else if (option->choice != NULL) {
        take_choice(role, option, text);
    } else {
        take_size(role, option, text);
    }
}

static _Noreturn void unknown_option(const struct role *role, const struct option_row *options,
                                     const char *name)
{
    const char *two[] = {nearest_word(name, options, sizeof *options), "help", NULL};
    const char *nearest = nearest_word(name, two[0] != NULL ? two : two + 1, sizeof *two);
    if (nearest != NULL)
        usage_error(role, "unknown option '--%s'; did you mean '--%s'?", name, nearest);
    usage_error(role, "unknown option '--%s'", name);
}

/*
 * Takes an option of the form --name, --name=value or --name value; word is what follows the
 * dashes. Returns how many words it took, 1 or 2.
 */
static int take_long(const struct role *role, const struct option_row *options, const char *word,
                     const char *next)
{
    char name[64];
    const char *equals = strchr(word, '=');
    const struct option_row *option = options;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(word, "="), word);
    while (option->name != NULL && strcmp(option->name, name) != 0)
        option++;
    const bool is_help = strcmp(name, "help") == 0;
    if (option->name == NULL && !is_help)
        unknown_option(role, options, name);
    const bool is_flag = is_help || option->flag != NULL;
    if (equals != NULL && is_flag)
        usage_error(role, "option '--%s' takes no argument", name);
    if (is_help)
        print_role_help(role, options);
    if (equals == NULL && !is_flag && next == NULL)
        usage_error(role, "option '--%s' needs an argument", name);
    take_value(role, option, equals != NULL ? equals + 1 : next);
    return equals != NULL || is_flag ? 1 : 2;
}

/* Takes one or more options of the form -q, -qv, -n5 or -n 5. Returns how many words, 1 or 2. */
static int take_letters(const struct role *role, const struct option_row *options,
                        const char *letters, const char *next)
{
    for (; *letters != '\0'; letters++) {
        const struct option_row *option = options;
        while (option->name != NULL && option->letter != *letters)
            option++;
        if (option->name == NULL && *letters == 'h')
            print_role_help(role, options);
        if (option->name == NULL)
            usage_error(role, "unknown option '-%c'", *letters);
        const bool is_flag = option->flag != NULL, is_last = letters[1] == '\0';
        if (!is_flag && is_last && next == NULL)
            usage_error(role, "option '-%c' needs an argument", *letters);
        take_value(role, option, is_last ? next : letters + 1);
        if (!is_flag)
            return is_last ? 2 : 1;
    }
    return 1;
}

struct operands parse_arguments(const struct role *role, int argc, char **argv,
                                const struct option_row *options, int most)
{
    const bool takes_command = role->synopsis != NULL && strstr(role->synopsis, "-- COMMAND");
    const bool needs_command = takes_command && !strstr(role->synopsis, "[-- COMMAND");
    struct operands operands = {.words = argv + 1}; /* they move there, before what is to be read */
    bool only_operands = false;
    role_options = options;
    for (int i = 1; i < argc;) {
        char *word = argv[i];
        if (only_operands || word[0] != '-' || word[1] == '\0') {
            operands.words[operands.count++] = word;
            i++;
        } else if (strcmp(word, "--") == 0 && takes_command) {
            operands.command = argv + i + 1;
            break;
        } else if (strcmp(word, "--") == 0) {
            only_operands = true;
            i++;
        } else if (word[1] == '-') {
            i += take_long(role, options, word + 2, argv[i + 1]);
        } else {
            i += take_letters(role, options, word + 1, argv[i + 1]);
        }
    }
    operands.words[operands.count] = NULL;
    if (operands.count > most)
        usage_error(role, "unexpected operand '%s'%s", operands.words[most],
                    takes_command ? " (a COMMAND goes behind '--')" : "");
    if (operands.command != NULL ? *operands.command == NULL : needs_command)
        usage_error(role, "no COMMAND: it goes behind '--'");
    return operands;
}

static _Noreturn void unknown_role(const char *word, const struct program *program)
{
    const char *nearest = nearest_word(word, program->roles, sizeof *program->roles);
    print_program_help(stderr, program); /* first, since it may fill the screen */
    if (*word == '-')
        complain_that("unknown option '%s'; a role comes first", word);
    else if (nearest != NULL)
        complain_that("unknown role '%s'; did you mean '%s'?", word, nearest);
    else
        complain_that("unknown role '%s'", word);
    exit(EXIT_USAGE);
}

int run_program(const struct program *program, int argc, char **argv)
{
    program_name = program->name;
    program_hints = program->hints;
    take_over_inherited_state();
    catch_ending_signals();
    if (argc < 2) {
        print_program_help(stderr, program);
        complain_that("no role given");
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_program_help(stdout, program);
        flush_output();
        return EXIT_DONE;
    }
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
        printf("%s %s\n", program->name, IPC_VERSION);
        flush_output();
        return EXIT_DONE;
    }
    for (const struct role *role = program->roles; role->name != NULL; role++)
        if (strcmp(role->name, argv[1]) == 0)
            return role->run(role, argc - 1, argv + 1);
    unknown_role(argv[1], program);
}
