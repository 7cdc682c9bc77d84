/* SPDX-License-Identifier: MIT
 * ipc-msgqueue key: ftok() taken apart.
 *
 * Usage: ipc-msgqueue key [--pace SECONDS | --step | -q] [FILE [ID]]
 *
 * A key is 32 bits: 8 of the id, 8 of the file's device, 16 of its inode number. So neither the
 * file's name nor its content is in it, and most of each number is not, either.
 */
#include "msgqueue.h"

#include "ipc/narration/lesson.h"

#include <ctype.h>
#include <inttypes.h>
#include <limits.h>
#include <sys/stat.h>

enum { ID_BITS = 0xff, DEVICE_BITS = 0xff, INODE_BITS = 0xffff };

static int parse_id(const struct role *role, const char *text);
static uint32_t key_of(const char *file, int id);
static uint32_t put_together(int id, uint64_t device, uint64_t inode);
static void take_apart(uint32_t key, int id, uint64_t device, uint64_t inode);
static void make_anew(int id);

static struct narration *n;

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
    struct stat status;
    or_fail(stat(file, &status), "stat", file);
    const uint64_t inode = (uint64_t)status.st_ino, device = (uint64_t)status.st_dev;
    const uint32_t key = key_of(file, id);
    if (quiet) {
        printf("0x%08" PRIx32 "\n", key);
        flush_output();
        return EXIT_DONE;
    }

    n = open_lesson(role, &pacing, "What is in a key that ftok() makes of a file and an id?",
                    "one process", NULL);
    const struct quoted name = quoted(file, strlen(file));
    narrate(n, LEFT, "stat(%s)   inode %" PRIu64 " = 0x%" PRIx64 ", device 0x%" PRIx64, name.text,
            inode, inode, device);
    narrate(n, LEFT, "ftok(%s, %d) = 0x%08" PRIx32, name.text, id, key);
    take_apart(key, id, device, inode);
    const int other = id < 1 << 20 ? id + 256 : id % (1 << 16) + (1 << 16); /* shorter */
    const uint32_t same = key_of(file, other);
    narrate(n, LEFT, "ftok(%s, %d) = 0x%08" PRIx32 "   %s key", name.text, other, same,
            same == key ? "the same" : "another");
    narrate_text(n,
                 "A tutorial's inode 65538 (0x10002) and id 38 (0x26) give 0x26010002 only where");
    narrate_text(n, "a device ends in 01; with the %02" PRIx64 " above they give 0x%08" PRIx32 ".",
                 device & DEVICE_BITS, put_together(38, device, 65538));
    make_anew(id);
    narrate_answer(n, "Id, device and inode, a few bits of each: so ids %d and %d %s.", id, other,
                   same == key ? "collide" : "differ here");
    return EXIT_DONE;
}

static uint32_t put_together(int id, uint64_t device, uint64_t inode)
{
    return (uint32_t)(id & ID_BITS) << 24 | (uint32_t)(device & DEVICE_BITS) << 16 |
           (uint32_t)(inode & INODE_BITS);
}

static void take_apart(uint32_t key, int id, uint64_t device, uint64_t inode)
{
    narrate_text(n, "   0x %02" PRIx32 " %02" PRIx32 " %04" PRIx32, key >> 24,
                 key >> 16 & DEVICE_BITS, key & INODE_BITS);
    narrate_text(n, "      |  |  `--- the low 16 bits of the inode number 0x%" PRIx64, inode);
    narrate_text(n, "      |  `------ the low 8 bits of the device 0x%" PRIx64, device);
    narrate_text(n, "      `--------- the low 8 bits of the id %d (0x%x)", id, (unsigned)id);
    if (put_together(id, device, inode) != key)
        narrate_text(n, "(here ftok is put together otherwise: these parts give 0x%08" PRIx32 ")",
                     put_together(id, device, inode));
    if ((id & ID_BITS) == 0)
        narrate_text(n, "(an id whose low 8 bits are 0 is unspecified: ftok(3p))");
}

/* Whether a freed inode number is given again is the file system's affair. */
static void make_anew(int id)
{
    char path[PATH_SIZE];
    uint64_t inodes[2];
    narrate_mistake(n, "making a file anew, and relying on its old key, or on a new one");
    for (int i = 0; i < 2; i++) {
        inodes[i] = private_file(path);
        narrate(n, LEFT, "close(open(FILE, O_WRONLY|O_CREAT|O_EXCL, 0600))   inode %" PRIu64,
                inodes[i]);
        narrate(n, LEFT, "ftok(FILE, %d) = 0x%08" PRIx32, id, key_of(path, id));
        if (i > 0)
            break;
        narrate(n, LEFT, "unlink(FILE)");
        or_fail(unlink(path), "unlink", path);
    }
    narrate_text(n, "Here the inode is %s one: ext4 gives a freed number again, tmpfs does not.",
                 inodes[0] == inodes[1] ? "the old" : "a new");
    narrate_right(n, "let the file be while its key is in use; IPC_EXCL tells of a collision");
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

static uint32_t key_of(const char *file, int id)
{
    return (uint32_t)or_fail(ftok(file, id), "ftok", file);
}
