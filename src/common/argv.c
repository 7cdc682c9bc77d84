/*
 * The command line. getopt_long parses; tables give it its options, and us the help.
 */
#include "ipc/common/argv.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/inherited.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPTIONS_MOST = 32, FIRST_LONG = 256, HELP_OPTION = 1000, WORDS_MOST = 64 };

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

/* How many letters must be inserted, dropped, replaced or swapped with their neighbour. */
static size_t edit_distance(const char *a, const char *b)
{
    enum { LONGEST = 32 };
    const size_t m = strlen(a), n = strlen(b);
    size_t distance[LONGEST + 1][LONGEST + 1];
    if (m > LONGEST || n > LONGEST)
        return LONGEST;
    for (size_t i = 0; i <= m; i++) {
        for (size_t j = 0; j <= n; j++) {
            if (i == 0 || j == 0) {
                distance[i][j] = i + j;
                continue;
            }
            size_t least = distance[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            if (distance[i - 1][j] + 1 < least)
                least = distance[i - 1][j] + 1;
            if (distance[i][j - 1] + 1 < least)
                least = distance[i][j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                distance[i - 2][j - 2] + 1 < least)
                least = distance[i - 2][j - 2] + 1;
            distance[i][j] = least;
        }
    }
    return distance[m][n];
}

const char *nearest_word(const char *text, const char *const *words)
{
    const size_t length = strlen(text);
    size_t least = length < 3 ? 1 : length / 3 + 1; /* further away is no misspelling */
    const char *nearest = NULL;
    for (; *words != NULL; words++) {
        const size_t distance = edit_distance(text, *words);
        if (distance < length && (distance < least || (distance == least && nearest == NULL))) {
            least = distance;
            nearest = *words;
        }
    }
    return nearest;
}

static void print_usage(FILE *to, const struct role *role, const struct option_row *options)
{
    fprintf(to, "usage: %s %s", program_name, role->name);
    if (options != NULL && options[0].name != NULL)
        fputs(" [OPTION]...", to);
    fprintf(to, "%s%s\n", role->synopsis ? " " : "", role->synopsis ? role->synopsis : "");
}

static void end_of_help(void)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        fail("write", "standard output");
    exit(EXIT_DONE);
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
        snprintf(left, sizeof left, "%c%c%c --%s%s%s", option->letter ? '-' : ' ',
                 option->letter ? option->letter : ' ', option->letter ? ',' : ' ', option->name,
                 option->argument ? " " : "", option->argument ? option->argument : "");
        printf("  %-24s%s", left, strlen(left) > 23 ? "\n                          " : "");
        print_wrapped(option->help);
    }
    printf("      %-20s%s\n", "--help", "print this and exit");
    end_of_help();
    abort();
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

static void take_value(const struct role *role, const struct option_row *option, const char *text)
{
    if (option->flag != NULL) {
        *option->flag = true;
    } else if (option->text != NULL) {
        *option->text = text;
    } else if (option->number != NULL) {
        if (!parse_number(text, option->least, option->most, option->number))
            usage_error(role, "--%s: '%s' is not a number from %ld to %ld", option->name, text,
                        option->least, option->most);
    } else if (option->seconds != NULL) {
        if (!parse_seconds(text, option->seconds))
            usage_error(role, "--%s: '%s' is not a number of seconds like 2 or 0.5", option->name,
                        text);
    } else if (option->choice != NULL) {
        int i = 0;
        while (option->choices[i] != NULL && strcmp(option->choices[i], text) != 0)
            i++;
        if (option->choices[i] == NULL)
            usage_error(role, "--%s: '%s' is not one of %s", option->name, text, option->argument);
        *option->choice = i;
    } else {
        uint64_t size;
        if (!parse_size(text, &size))
            usage_error(role, "--%s: '%s' is not a size like 4096, 64K, 1M or 2G", option->name,
                        text);
        if (size < (uint64_t)option->least || (option->most != 0 && size > (uint64_t)option->most))
            usage_error(role, "--%s: '%s' is too %s", option->name, text,
                        size < (uint64_t)option->least ? "small" : "large");
        if (option->size != NULL)
            *option->size = size;
        else if (option->sizes->count == SIZES_MOST)
            usage_error(role, "--%s: more than %d of them", option->name, SIZES_MOST);
        else
            option->sizes->size[option->sizes->count++] = size;
    }
}

static _Noreturn void unknown_option(const struct role *role, const struct option *longs,
                                     const char *word)
{
    const char *names[OPTIONS_MOST + 2] = {NULL};
    for (size_t i = 0; longs[i].name != NULL; i++)
        names[i] = longs[i].name;
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(word, "="), word);
    const char *nearest = strncmp(name, "--", 2) == 0 ? nearest_word(name + 2, names) : NULL;
    if (nearest != NULL)
        usage_error(role, "unknown option '%s'; did you mean '--%s'?", name, nearest);
    usage_error(role, "unknown option '%s'", name);
}

/* getopt_long() takes any beginning of a name; a script must not depend on what there is besides.
 */
static void refuse_abbreviation(const struct role *role, const struct option *longs, int code,
                                const char *word)
{
    while (longs->val != code)
        longs++;
    if (strcspn(word + 2, "=") != strlen(longs->name))
        usage_error(role, "unknown option '%.*s'; did you mean '--%s'?", (int)strcspn(word, "="),
                    word, longs->name);
}

static bool dashes_came(char **argv)
{
    return optind > 1 && strcmp(argv[optind - 1], "--") == 0;
}

/* As getopt_long(), but "-" is an operand like others: musl takes it for the end of all options. */
static int next_option(int argc, char **argv, const char *letters, const struct option *longs)
{
    const int code = getopt_long(argc, argv, letters, longs, NULL);
    if (code != -1 || optind >= argc || strcmp(argv[optind], "-") != 0 || dashes_came(argv))
        return code;
    optarg = argv[optind++];
    return 1;
}

struct operands parse_arguments(const struct role *role, int argc, char **argv,
                                const struct option_row *options, int most)
{
    struct option longs[OPTIONS_MOST + 2] = {{0}};
    char letters[2 * OPTIONS_MOST + 3] = "-:"; /* operands come in order, errors are ours to tell */
    int count = 0;
    for (; options[count].name != NULL; count++) {
        const bool valued = options[count].flag == NULL;
        longs[count] =
            (struct option){options[count].name, valued ? required_argument : no_argument, NULL,
                            FIRST_LONG + count};
        if (options[count].letter != 0)
            snprintf(letters + strlen(letters), 3, "%c%s", options[count].letter,
                     valued ? ":" : "");
    }
    longs[count] = (struct option){"help", no_argument, NULL, HELP_OPTION};
    role_options = options;

    static char **words; /* as long-lived as argv: what the role keeps of it is never freed */
    words = calloc((size_t)argc + 1, sizeof *words);
    if (words == NULL)
        fail("calloc", NULL);
    struct operands operands = {.words = words};
    int code;
    opterr = 0;
    while ((code = next_option(argc, argv, letters, longs)) != -1) {
        /* for a wrong option optind already points behind it, unless more letters follow */
        const char *word = argv[optind > 1 ? optind - 1 : 1];
        if (code >= FIRST_LONG)
            refuse_abbreviation(role, longs, code, argv[optind - (optarg == word ? 2 : 1)]);
        if (code == 1) {
            operands.words[operands.count++] = optarg;
        } else if (code == HELP_OPTION) {
            print_role_help(role, options);
        } else if (code == ':') {
            usage_error(role, "option '%s' needs an argument", word);
        } else if (code == '?') {
            if (optopt >= FIRST_LONG)
                usage_error(role, "option '%.*s' takes no argument", (int)strcspn(word, "="), word);
            if (optopt == 0)
                unknown_option(role, longs, word);
            unknown_option(role, longs, (const char[]){'-', (char)optopt, '\0'});
        } else {
            int i = code - FIRST_LONG;
            if (code < FIRST_LONG)
                for (i = 0; options[i].letter != code;)
                    i++;
            take_value(role, &options[i], optarg);
        }
    }
    const bool takes_command = role->synopsis != NULL && strstr(role->synopsis, "-- COMMAND");
    if (takes_command && dashes_came(argv))
        operands.command = argv + optind;
    else
        while (optind < argc)
            operands.words[operands.count++] = argv[optind++];
    if (operands.count > most)
        usage_error(role, "unexpected operand '%s'%s", operands.words[most],
                    takes_command ? " (a COMMAND goes behind '--')" : "");
    if (takes_command && (operands.command != NULL ? *operands.command == NULL
                                                   : !strstr(role->synopsis, "[-- COMMAND")))
        usage_error(role, "no COMMAND: it goes behind '--'");
    return operands;
}

static void print_program_help(FILE *to, const char *summary, const struct role *roles)
{
    static const char *const titles[] = {"run it", "understand it", "use it", "measure it"};
    fprintf(to, "usage: %s ROLE [OPTION]... [OPERAND]...\n\n%s\n", program_name, summary);
    for (enum role_group group = RUN_IT; group <= MEASURE_IT; group++) {
        bool any = false;
        for (const struct role *role = roles; role->name != NULL; role++) {
            if (role->group != group)
                continue;
            if (!any)
                fprintf(to, "\n%s\n", titles[group]);
            any = true;
            fprintf(to, "  %-10s %s\n", role->name, role->summary);
        }
    }
    fprintf(to, "\n'%s ROLE --help' lists a role's options;\n%s(1) is the manual\n", program_name,
            program_name);
}

static _Noreturn void unknown_role(const char *word, const char *summary, const struct role *roles)
{
    const char *names[WORDS_MOST] = {NULL};
    for (size_t i = 0; i < WORDS_MOST - 1 && roles[i].name != NULL; i++)
        names[i] = roles[i].name;
    const char *nearest = nearest_word(word, names);
    if (*word == '-')
        complain_that("unknown option '%s'; a role comes first", word);
    else if (nearest != NULL)
        complain_that("unknown role '%s'; did you mean '%s'?", word, nearest);
    else
        complain_that("unknown role '%s'", word);
    print_program_help(stderr, summary, roles);
    exit(EXIT_USAGE);
}

int run_program(const char *name, const char *summary, const struct role *roles, int argc,
                char **argv)
{
    program_name = name;
    take_over_inherited_state();
    catch_ending_signals();
    if (argc < 2) {
        complain_that("no role given");
        print_program_help(stderr, summary, roles);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0) {
        print_program_help(stdout, summary, roles);
        end_of_help();
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("%s %s\n", name, IPC_VERSION);
        end_of_help();
    }
    for (const struct role *role = roles; role->name != NULL; role++)
        if (strcmp(role->name, argv[1]) == 0)
            return role->run(role, argc - 1, argv + 1);
    unknown_role(argv[1], summary, roles);
}
