/* SPDX-License-Identifier: MIT
 * What a command line may say: sizes, numbers, durations, misspelt words, options and operands.
 */
#include "ipc/common/argv.h"
#include "check.h"

#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void check_sizes(void)
{
    static const struct {
        const char *text;
        uint64_t size;
    } good[] = {{"0", 0},
                {"4096", 4096},
                {"00010", 10},
                {"64K", UINT64_C(64) << 10},
                {"1M", UINT64_C(1) << 20},
                {"2G", UINT64_C(2) << 30},
                {"9223372036854775807", INT64_MAX},
                {"8589934591G", UINT64_C(8589934591) << 30}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        uint64_t size = 1;
        check(parse_size(good[i].text, &size) && size == good[i].size);
    }
    static const char *const bad[] = {
        "",   "K",    "-1",  "+1",  " 1",   "1 ",    "1k",
        "1T", "1KB",  "1K ", "1.5", "1.5K", "0x10",  "1e3",
        "K1", "1K1K", "M",   "1,5", "\t1",  "1\n",   "9223372036854775808",
        "-0", "one",  "1-",  "0K-", "--1",  "1_000", "8589934592G",
        "4,", "1KK",  "1MG", "٣",   "NaN",  "inf",   "99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint64_t size = 77;
        check(!parse_size(bad[i], &size) && size == 77);
    }
}

static void check_numbers(void)
{
    long number;
    check(parse_number("0", 0, 10, &number) && number == 0);
    check(parse_number("10", 0, 10, &number) && number == 10);
    check(parse_number("-3", -3, 3, &number) && number == -3);
    check(parse_number("007", 0, 10, &number) && number == 7);
    number = 77;
    static const char *const bad[] = {"",
                                      "-",
                                      "11",
                                      "-1",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "1x",
                                      "1K",
                                      "--1",
                                      "0x1",
                                      "1.0",
                                      "99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        check(!parse_number(bad[i], 0, 10, &number) && number == 77);
}

static void check_seconds(void)
{
    double seconds;
    check(parse_seconds("2", &seconds) && seconds >= 2 && seconds <= 2);
    check(parse_seconds("0.25", &seconds) && seconds >= 0.25 && seconds <= 0.25);
    check(parse_seconds(".5", &seconds) && seconds >= 0.5 && seconds <= 0.5);
    check(parse_seconds("1.", &seconds) && seconds >= 1 && seconds <= 1);
    check(parse_seconds("999999999", &seconds) && seconds > 999999998);
    seconds = 77;
    static const char *const bad[] = {"",    ".",    "-1",         "+1",  " 1",  "1 ",
                                      "1s",  "1e3",  "1m",         "nan", "inf", "0x1",
                                      "1,5", "1.5.", "9999999999", "1..2"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        check(!parse_seconds(bad[i], &seconds) && seconds >= 77 && seconds <= 77);
}

static void check_nearest(const char *text, const char *wanted)
{
    static const char *const words[] = {"parent", "child",    "producer", "consumer",
                                        "stat",   "capacity", "eof",      NULL};
    const char *nearest = nearest_word(text, words, sizeof *words);
    check(wanted == NULL ? nearest == NULL : nearest != NULL && strcmp(nearest, wanted) == 0);
}

static void check_words(void)
{
    check_nearest("prodcer", "producer");
    check_nearest("producre", "producer"); /* two letters swapped are one mistake */
    check_nearest("consumers", "consumer");
    check_nearest("Parent", "parent");
    check_nearest("chidl", "child");
    check_nearest("start", "stat");
    check_nearest("eo", "eof");
    check_nearest("x", NULL);
    check_nearest("", NULL);
    check_nearest("zzzzzz", NULL);
    check_nearest("a-word-that-is-much-longer-than-any-name-of-a-role", NULL);
    static const char *const none[] = {NULL};
    check(nearest_word("parent", none, sizeof *none) == NULL);
}

static struct {
    bool flag;
    long number;
    uint64_t size;
    double seconds;
    const char *text;
    struct sizes sizes;
    int choice;
} given;

static const char *const families[] = {"sysv", "posix", NULL};
static const struct option_row options[] = {
    {.name = "flag", .letter = 'f', .flag = &given.flag, .help = ""},
    {.name = "number",
     .letter = 'n',
     .argument = "N",
     .number = &given.number,
     .most = 9,
     .help = ""},
    {.name = "bytes",
     .argument = "SIZE",
     .size = &given.size,
     .least = 1,
     .most = 4096,
     .help = ""},
    {.name = "pace", .argument = "SECONDS", .seconds = &given.seconds, .help = ""},
    {.name = "path", .argument = "FILE", .text = &given.text, .help = ""},
    {.name = "size", .argument = "SIZE", .sizes = &given.sizes, .least = 1, .help = ""},
    {.name = "api",
     .argument = "sysv|posix",
     .choice = &given.choice,
     .choices = families,
     .help = ""},
    {0}};
static const struct role plain = {"plain", RUN_IT, "[FILE]", "", NULL};
static const struct role runner = {"runner", USE_IT, "[FILE] -- COMMAND [ARG]...", "", NULL};

enum { WORDS = 16 };

/* Parses in this process: the words are right. */
static struct operands parse(const struct role *role, int most, char **words)
{
    int count = 0;
    while (words[count] != NULL)
        count++;
    memset(&given, 0, sizeof given);
    return parse_arguments(role, count, words, options, most);
}
#define PARSE(role, most, ...) parse(role, most, (char *[WORDS]){"role", __VA_ARGS__})

/* Parses in a child: its exit status, with what it says sent nowhere. */
static int refused(const struct role *role, int most, char **words)
{
    const pid_t child = fork();
    check(child != -1);
    if (child == 0) {
        const int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, STDERR_FILENO);
        dup2(nowhere, STDOUT_FILENO);
        parse(role, most, words);
        _exit(77);
    }
    int status;
    check(waitpid(child, &status, 0) == child && WIFEXITED(status));
    return WEXITSTATUS(status);
}
#define REFUSED(role, most, ...) refused(role, most, (char *[WORDS]){"role", __VA_ARGS__})

/* getopt keeps where it is between calls: each line is parsed in a process of its own. */
static void in_child(void (*body)(void))
{
    const pid_t child = fork();
    check(child != -1);
    if (child == 0) {
        body();
        _exit(0);
    }
    int status;
    check(waitpid(child, &status, 0) == child);
    check(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void every_kind(void)
{
    const struct operands operands =
        PARSE(&plain, 1, "-f", "--number=5", "FILE", "--bytes", "4K", "--pace", "0.5", "--path",
              "-", "--size=1", "--size", "2K", "--api", "posix");
    check(operands.count == 1 && strcmp(operands.words[0], "FILE") == 0);
    check(operands.command == NULL);
    check(given.flag && given.number == 5 && given.size == 4096 && given.choice == 1);
    check(given.seconds >= 0.5 && given.seconds <= 0.5 && strcmp(given.text, "-") == 0);
    check(given.sizes.count == 2 && given.sizes.size[0] == 1 && given.sizes.size[1] == 2048);
}

static void joined_letters(void)
{
    const struct operands operands = PARSE(&plain, 1, "-fn7", "-");
    check(given.flag && given.number == 7);
    check(operands.count == 1 && strcmp(operands.words[0], "-") == 0);
}

static void dashes_end_options(void)
{
    const struct operands operands = PARSE(&plain, 2, "-n", "3", "--", "-f", "--number");
    check(given.number == 3 && !given.flag);
    check(operands.count == 2 && strcmp(operands.words[0], "-f") == 0);
    check(operands.words[2] == NULL);
}

static void command_behind_dashes(void)
{
    const struct operands operands = PARSE(&runner, 1, "FILE", "-f", "--", "ls", "-n", "--", "x");
    check(operands.count == 1 && given.flag && given.number == 0);
    check(strcmp(operands.command[0], "ls") == 0 && strcmp(operands.command[1], "-n") == 0);
    check(strcmp(operands.command[2], "--") == 0 && operands.command[4] == NULL);
}

int main(void)
{
    check_sizes();
    check_numbers();
    check_seconds();
    check_words();

    in_child(every_kind);
    in_child(joined_letters);
    in_child(dashes_end_options);
    in_child(command_behind_dashes);

    check(REFUSED(&plain, 1, "--help") == EXIT_DONE);
    check(REFUSED(&plain, 1, "one") == 77); /* nothing wrong with that */
    check(REFUSED(&plain, 1, "one", "two") == EXIT_USAGE);
    check(REFUSED(&plain, 1, "--unknown") == EXIT_USAGE);
    check(REFUSED(&plain, 1, "-x") == EXIT_USAGE);
    check(REFUSED(&plain, 1, "-fx") == EXIT_USAGE);
    check(REFUSED(&plain, 1, "--flag=yes") == EXIT_USAGE);
    check(REFUSED(&plain, 1, "--number") == EXIT_USAGE);
    check(REFUSED(&plain, 1, "-n") == EXIT_USAGE);
    check(REFUSED(&plain, 1, "-n", "10") == EXIT_USAGE);
    check(REFUSED(&plain, 1, "-n", "") == EXIT_USAGE);
    check(REFUSED(&plain, 1, "--bytes", "0") == EXIT_USAGE);
    check(REFUSED(&plain, 1, "--bytes", "4097") == EXIT_USAGE);
    check(REFUSED(&plain, 1, "--bytes", "1k") == EXIT_USAGE);
    check(REFUSED(&plain, 1, "--size", "0") == EXIT_USAGE);
    check(REFUSED(&plain, 1, "--pace", "-1") == EXIT_USAGE);
    check(REFUSED(&plain, 1, "--api", "bsd") == EXIT_USAGE);
    check(REFUSED(&runner, 1, "FILE") == EXIT_USAGE);
    check(REFUSED(&runner, 1, "--") == EXIT_USAGE);
    check(REFUSED(&runner, 1, "FILE", "ls", "--", "ls") == EXIT_USAGE);
    return 0;
}
