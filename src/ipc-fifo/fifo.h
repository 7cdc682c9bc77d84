/*
 * What the roles of ipc-fifo share: where the FIFO is, and how an end of it is opened.
 */
#ifndef IPC_FIFO_H
#define IPC_FIFO_H

#include "ipc/rendezvous/rendezvous.h"
#include "ipc/transfer/pair_options.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct fifo {
    struct pair_options options;
    const char *mode_text; /* --mode */
    mode_t mode;
    char path[PATH_SIZE];
    char back[PATH_SIZE]; /* of a chat: the FIFO of the other direction; else empty */
    struct rendezvous rendezvous;
};

/* What producer and consumer take. */
#define OPTIONS_FIFO(fifo)                                                                         \
    OPTION_NAME_OF(&(fifo)->options),                                                              \
        OPTION_PATH(&(fifo)->options, "this FIFO; any program may be at its other end"),           \
        {.name = "mode",                                                                           \
         .argument = "MODE",                                                                       \
         .text = &(fifo)->mode_text,                                                               \
         .help = "of a FIFO that is made, in octal, less the umask (default: 600)"},               \
        OPTIONS_PAIR(&(fifo)->options)

/* For begin_pair(): ends with a usage error unless --mode makes sense. */
void fifo_check_mode(const struct role *role, const struct pair_options *options);

/* After begin_pair(): fills mode, path and, for a chat, back, whose suffix is NULL otherwise. */
void fifo_locate(const struct role *role, struct fifo *fifo, const char *suffix, const char *back);

/*
 * Joins the rendezvous, and makes the FIFO, or both of a chat, if it is not there: with that mode
 * less the umask. A FIFO that is there is used, and stays. What is no FIFO, or not our user's, is
 * refused.
 */
void fifo_join(struct fifo *fifo, enum member_role member, bool only_one);

/* Open an end, non-blocking. Anything that has taken the FIFO's place meanwhile is refused, too. */
int fifo_open_read(const char *path);
/* -1 while there is no reader: then a write end cannot be opened (ENXIO). */
int fifo_try_write(const char *path);
/* Whether path still names the FIFO of that end. If it does not, no writer will come any more. */
bool fifo_is_there(const char *path, int end);

/* A wait for the first producer or consumer, which may be any program: nobody announces it. */
struct wait {
    const char *path, *peer; /* "producer" */
    uint64_t began, deadline;
    bool is_told;
};
/* To be called again and again: says once who is waited for; exit 3 after the deadline. */
void fifo_keep_waiting(struct wait *wait);

/* A path for a FIFO of a demo or lesson of this process, which is removed when that ends. */
void fifo_own_path(char path[PATH_SIZE], const char *role, const char *suffix);

/* The chat of two terminals, for one of the two. */
int chat(const struct role *role, int argc, char **argv, bool is_first);

int fifo_demo(const struct role *role, int argc, char **argv);
int fifo_producer(const struct role *role, int argc, char **argv);
int fifo_consumer(const struct role *role, int argc, char **argv);
int fifo_user1(const struct role *role, int argc, char **argv);
int fifo_user2(const struct role *role, int argc, char **argv);
int fifo_open(const struct role *role, int argc, char **argv);
int fifo_persist(const struct role *role, int argc, char **argv);
int fifo_writers(const struct role *role, int argc, char **argv);
int fifo_bench(const struct role *role, int argc, char **argv);

#endif
