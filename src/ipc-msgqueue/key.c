/*
 * ipc-msgqueue key: ftok() taken apart.
 *
 * Usage: ipc-msgqueue key [--pace SECONDS | -q] [FILE [ID]]
 *
 * A key is 32 bits: 8 of the id, 8 of the file's device, 16 of its inode number. So neither the
 * file's name nor its content is in it, and most of each number is not, either.
 */
#include "msgqueue.h"

#include "ipc/narration/lesson.h"

#include <ctype.h>
#include <inttypes.h>
#include <limits.h>
#include <sys/ipc.h>
#include <sys/stat.h>

enum { ID_BITS = 0xff, DEVICE_BITS = 0xff, INODE_BITS = 0xffff };

static int parse_id(const struct role *role, const char *text);
static key_t key_of(const char *file, int id);

int msgqueue_key(const struct role *role, int argc, char **argv)
{
    struct pacing pacing = NO_PACING;
    const struct option_row options[] = {
        OPTIONS_PACING(&pacing),
        {.name = "quiet", .letter = 'q', .flag = &quiet, .help = "print the key alone"},
        {0}};
    const struct operands operands = parse_arguments(role, argc, argv, options, 2);
    if (quiet && is_paced(&pacing))
        usage_error(role, "--pace and --step: with -q nothing is narrated");
    const char *file = operands.count > 0 ? operands.words[0] : ".";
    const int id = operands.count > 1 ? parse_id(role, operands.words[1]) : 1;
    const uint32_t key = (uint32_t)key_of(file, id);
    if (quiet) {
        printf("0x%08" PRIx32 "\n", key);
        if (fflush(stdout) != 0)
            fail("write", "standard output");
        return EXIT_DONE;
    }
    struct stat status;
    or_fail(stat(file, &status), "stat", file);
    const uint64_t inode = (uint64_t)status.st_ino, device = (uint64_t)status.st_dev;

    struct narration *n =
        open_lesson(role, &pacing, "What is in a key that ftok makes of a file and an id?",
                    "one process", NULL);
    const uint32_t made = (uint32_t)(id & ID_BITS) << 24 | (uint32_t)(device & DEVICE_BITS) << 16 |
                          (uint32_t)(inode & INODE_BITS);
    narrate(n, LEFT, "stat(%s): inode 0x%" PRIx64 ", device 0x%" PRIx64,
            quoted(file, strlen(file)).text, inode, device);
    narrate(n, LEFT, "ftok(%s, %d) = 0x%08" PRIx32, quoted(file, strlen(file)).text, id, key);
    narrate_text(n, "%s", "");
    narrate_text(n, "   0x %02" PRIx32 " %02" PRIx32 " %04" PRIx32, key >> 24,
                 key >> 16 & DEVICE_BITS, key & INODE_BITS);
    narrate_text(n, "      |  |  `--- the low 16 bits of the inode number 0x%" PRIx64, inode);
    narrate_text(n, "      |  `------ the low 8 bits of the device 0x%" PRIx64, device);
    narrate_text(n, "      `--------- the low 8 bits of the id %d (0x%x)", id, (unsigned)id);
    narrate_text(n, "%s", "");
    if (made != key)
        narrate_text(n, "(here ftok is put together otherwise: these parts give 0x%08" PRIx32 ")",
                     made);

    const int other = id < 1 << 20 ? id + 256 : id % (1 << 16) + (1 << 16); /* shorter */
    const uint32_t same = (uint32_t)key_of(file, other);
    narrate(n, LEFT, "ftok(%s, %d) = 0x%08" PRIx32 "   %s", quoted(file, strlen(file)).text, other,
            same, same == key ? "the same key" : "another key");
    narrate_text(n, "So would any file of this device whose inode ends in the same 16 bits, and");
    narrate_text(n,
                 "the file made anew under its name gives another key: inodes, not names, count.");
    if ((id & ID_BITS) == 0)
        narrate_text(n, "(an id whose low 8 bits are 0 is unspecified: ftok(3p))");
    narrate_text(n, "Id, device and inode, a few bits of each: so ids %d and %d %s.", id, other,
                 same == key ? "collide" : "differ here");
    return EXIT_DONE;
}

static int parse_id(const struct role *role, const char *text)
{
    long id;
    if (parse_number(text, 1, INT_MAX, &id))
        return (int)id;
    if (strlen(text) == 1 && isprint((unsigned char)*text) && !isdigit((unsigned char)*text))
        return (unsigned char)*text;
    usage_error(role, "ID: '%s' is neither a number from 1 to %d nor one character", text, INT_MAX);
}

static key_t key_of(const char *file, int id)
{
    const key_t key = ftok(file, id);
    if (key == -1)
        fail("ftok", file);
    return key;
}
