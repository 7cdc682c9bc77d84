/*
 * What the roles of ipc-fifo share: where the FIFO is, and how an end of it is opened.
 */
#ifndef IPC_FIFO_H
#define IPC_FIFO_H

#include "ipc/common/argv.h"
#include "ipc/rendezvous/rendezvous.h"
#include "ipc/transfer/stream.h"

#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

struct fifo {
    const char *name; /* --name or --path, not both */
    const char *given_path;
    const char *mode_text; /* --mode */
    mode_t mode;
    char path[PATH_SIZE];
    char back[PATH_SIZE];        /* of a chat: the FIFO of the other direction; else empty */
    char session[NAME_MOST + 1]; /* what the rendezvous is called */
    struct rendezvous rendezvous;
};

#define OPTION_PATH(target)                                                                        \
    {                                                                                              \
        .name = "path", .argument = "FILE", .text = (target),                                      \
        .help = "this FIFO; any program may be at its other end"                                   \
    }
#define OPTION_MODE(target)                                                                        \
    {                                                                                              \
        .name = "mode", .argument = "MODE", .text = (target),                                      \
        .help = "of a FIFO that is made, in octal, less the umask (default: 600)"                  \
    }

/* Ends with a usage error unless --name, --path and --mode make sense; fills path and session. */
void fifo_locate(const struct role *role, struct fifo *fifo);

/*
 * Joins the rendezvous, and makes the FIFO, or both of a chat, if it is not there: with that mode
 * less the umask. One that is there is used, and stays; what is no FIFO, or not our user's, is
 * refused.
 */
void fifo_join(struct fifo *fifo, enum member_role member, bool only_one, uint64_t deadline);

/* Fails (exits) unless that is the status of a FIFO of our user's. */
void fifo_check(const char *path, const struct stat *status);

/* Open an end, non-blocking. What has taken the FIFO's place meanwhile is refused as well. */
int fifo_open_read(const char *path);
/* Whether path still names the FIFO of that end: else no writer will come to it any more. */
bool fifo_is_there(const char *path, int end);
/* A write end cannot be opened before there is a reader (ENXIO): then -1. */
int fifo_try_write(const char *path);
/* Waits for one; exit 3 if none comes in time. */
int fifo_open_write(const char *path, uint64_t deadline);

/* One line of the chat of two terminals. */
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
