/* SPDX-License-Identifier: MIT
 * The role `list`, and --json of `stat`: which names of a mechanism are in use, by whom, and what
 * the dead have left.
 */
#ifndef IPC_TRANSFER_LIST_H
#define IPC_TRANSFER_LIST_H

#include "ipc/transfer/pair.h"

/* A name as it is shown. What is "", 0 or negative is absent: null in JSON. */
struct listed {
    const char *mechanism, *name;
    char path[PATH_SIZE]; /* of the file, or the name of the POSIX object */
    int64_t key;          /* of the System V object */
    int64_t bytes;        /* that wait in it */
    struct peers peers[MEMBER_ROLES];
    bool stale; /* nobody lives who holds it, and no bytes that were sent whole wait */
};

/* Fills in path, key and bytes of the rendezvous' objects. */
typedef void look_at_object(const struct rendezvous *found, struct listed *listed);

/* Path or key as a mechanism of two families has noted it. */
look_at_object look_at_family;

/*
 * Runs `list [--json]` for the rendezvous of that mechanism; look is NULL where it has none.
 * others: NULL, or prints what else has a name. Returns exit status.
 */
int list_names(const struct role *role, int argc, char **argv, const char *mechanism,
               look_at_object *look, void (*others)(void));

/* For others(): those of another word for it: "chat". */
void each_rendezvous(const char *word);

/* A table with rows, or an array of objects: begin, rows, end. */
void begin_list(bool as_json);
void print_listed(const struct listed *listed);
void print_found(const char *mechanism, const struct rendezvous *found, look_at_object *look);
int end_list(void);

#define OPTION_JSON(target)                                                                        \
    OPTION(flag, target, .name = "json", .help = "an array of objects, for a program to read")

#endif
