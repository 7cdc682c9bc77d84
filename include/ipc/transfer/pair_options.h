/*
 * The options that every pair has, how a producer or consumer begins, and how a role that only
 * looks at a pair finds it.
 */
#ifndef IPC_TRANSFER_PAIR_OPTIONS_H
#define IPC_TRANSFER_PAIR_OPTIONS_H

#include "ipc/common/argv.h"
#include "ipc/narration/narration.h"
#include "ipc/rendezvous/objects.h"
#include "ipc/transfer/input.h"

#include <stdint.h>

struct pair_options {
    /* As given; family holds the default before. After begin_pair() name is the rendezvous'. */
    const char *name, *path, *key_text;
    int family;
    double timeout;
    bool verbose;
    enum member_role member;
    /*
     * NULL, or ends with a usage error if the role's own options and these do not fit together; and
     * names the rendezvous of a pair without --name.
     */
    void (*check)(const struct role *role, struct pair_options *pair);

    char own_name[NAME_MOST + 1]; /* where name is made of a path or a key */
    key_t key;                    /* where key_text is not NULL */
    uint64_t deadline;            /* on the clock of now() */
    struct narration *narration;  /* NULL without -v */
    struct input input;           /* the producer's */
};

#define OPTION_NAME_OF(pair) OPTION_NAME(&(pair)->name)
#define OPTION_PATH(pair, words)                                                                   \
    {                                                                                              \
        .name = "path", .argument = "FILE", .text = &(pair)->path, .help = (words)                 \
    }

/* --timeout, -q and -v: what every pair takes. */
#define OPTIONS_PAIR(pair)                                                                         \
    OPTION_TIMEOUT(&(pair)->timeout), OPTION_QUIET, OPTION_VERBOSE(&(pair)->verbose)

/* Parses the options; opens the narration of -v, and FILE: before anybody is waited for. */
void begin_pair(const struct role *role, int argc, char **argv, const struct option_row *options,
                enum member_role member, struct pair_options *pair);

/* For `stat` and `remove`: opens, to look only, the rendezvous named; false if there is none. */
bool find_pair(const struct role *role, const char *mechanism, struct pair_options *pair,
               struct rendezvous *found);

/* Whether --api asks for one family, and the objects that were found are of the other one. */
bool is_other_family(const struct pair_options *pair, const struct rendezvous *found);

/* Two lines of `stat`, on standard output: who the producer is, and who the consumer. */
void print_members(const struct rendezvous *found);

#endif
