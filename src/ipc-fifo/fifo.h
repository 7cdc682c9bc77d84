/* SPDX-License-Identifier: MIT
 * What the roles of ipc-fifo share: where the FIFO is, and how an end of it is opened.
 */
#ifndef IPC_FIFO_H
#define IPC_FIFO_H

#include "ipc/transfer/pair.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

struct gate;

struct fifo {
    struct pair pair;
    const char *mode_text; /* --mode */
    /* Set by fifo_join(): */
    const char *path, *back; /* back: what user2 says in a chat */
};

/* What producer and consumer take. */
#define OPTIONS_FIFO(fifo)                                                                         \
    OPTION_NAME(&(fifo)->pair.name),                                                               \
        OPTION_PATH(&(fifo)->pair, "this FIFO; any program may be at its other end"),              \
        OPTION(text, &(fifo)->mode_text, .name = "mode", .argument = "MODE",                       \
               .help = "of a FIFO that is made, in octal, less the umask (default: 600)"),         \
        OPTIONS_PAIR(&(fifo)->pair)

/* For begin_pair(): reads --mode; ends with a usage error unless it makes sense. */
void fifo_read_mode(const struct role *role, struct pair *pair);

/*
 * Joins the rendezvous, and makes the FIFO, or both of a chat, if it is not there: with the mode of
 * --mode less the umask. A FIFO that is there is used, and stays. What is no FIFO, or not our
 * user's, is refused.
 */
void fifo_join(struct fifo *fifo, enum member_role member, bool is_chat);

/*
 * Opens an end, non-blocking. -1 while there is no reader: then a write end cannot be opened
 * (ENXIO). Anything that has taken the FIFO's place meanwhile is refused.
 */
int fifo_open_end(const char *path, int flags);

/*
 * For the loop that waits for the first "producer" or "consumer", which may be any program: says
 * once who is waited for; exit 3 after the deadline.
 */
void fifo_keep_waiting(struct fifo *fifo, const char *peer);

/* A path for a FIFO of a demo or lesson of this process, which is removed when that ends. */
void fifo_own_path(char path[PATH_SIZE], const char *role, const char *suffix);

/*
 * What lessons do with such a path: the screen shows its suffix alone. -1 is ENXIO. The first of
 * two that meet opens a gate right before it sleeps; the second waits for that, and pauses.
 */
int narrate_open(struct narration *n, enum column column, const char *path, int flags,
                 const struct gate *about_to_open);
int narrate_second_open(struct narration *n, enum column column, const char *path, int flags,
                        struct gate *about_to_open, int pause_ms);

/* The prompt of --step names the line of the lesson, not that of its helper. */
#define narrate_open(...) (narrate_here(__FILE__, __LINE__), (narrate_open)(__VA_ARGS__))
#define narrate_second_open(...)                                                                   \
    (narrate_here(__FILE__, __LINE__), (narrate_second_open)(__VA_ARGS__))

/* The chat of two terminals, for one of the two. */
int chat(const struct role *role, int argc, char **argv, bool is_first);

role_function fifo_demo, fifo_producer, fifo_consumer, fifo_user1, fifo_user2, fifo_list, fifo_open,
    fifo_persist, fifo_writers, fifo_bench;

#endif
