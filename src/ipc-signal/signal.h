/*
 * What the roles of ipc-signal share: bytes in the values of signals, and who the peer is.
 */
#ifndef IPC_SIGNAL_H
#define IPC_SIGNAL_H

#include "ipc/transfer/pair_options.h"
#include "ipc/transfer/progress.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * A value is as large as a pointer. Its lowest byte says what it is, the others are up to
 * VALUE_BYTES bytes of data, or a number.
 */
enum { VALUE_BYTES = sizeof(void *) - 1 };
enum kind {
    KIND_DATA = 0x40, /* plus how many bytes */
    KIND_END = 0x80,  /* the number of signals before this one */
    KIND_TAKEN = 0xc0 /* back: how many signals were taken so far */
};

struct link {
    struct pair_options options;
    const char *name; /* --name or --pid, not both */
    long pid_option;
    struct rendezvous rendezvous;
    enum member_role other;
    pid_t peer;
    int number;      /* of the signal */
    uintptr_t first; /* taken while we waited for the peer */
    bool has_first;
    struct progress progress;
};

/* Parses the options that the pair has in common, opens the producer's FILE; then the two meet. */
void link_open(const struct role *role, int argc, char **argv, enum member_role member,
               struct link *link);

/* The name of the rendezvous that the process of --pid has joined as our peer; exit 1 if none. */
const char *session_of_process(const struct link *link);

/* Sends a value. False when too many signals are pending already (EAGAIN). Exit 3 if it died. */
bool link_send(struct link *link, uintptr_t value);

/*
 * Takes one value that the peer has sent. False if none came in that time. Signals of others, and
 * those that were not queued, are taken and dropped: otherwise they would fill the queue.
 */
bool link_take(struct link *link, uint64_t nanoseconds, uintptr_t *value);

/* Ends the process, exit 3, if the peer has died or left. To be asked only while waiting. */
void link_check(struct link *link);

int signal_demo(const struct role *role, int argc, char **argv);
int signal_producer(const struct role *role, int argc, char **argv);
int signal_consumer(const struct role *role, int argc, char **argv);
int signal_coalesce(const struct role *role, int argc, char **argv);
int signal_mask(const struct role *role, int argc, char **argv);
int signal_restart(const struct role *role, int argc, char **argv);
int signal_selfpipe(const struct role *role, int argc, char **argv);
int signal_catch(const struct role *role, int argc, char **argv);
int signal_bench(const struct role *role, int argc, char **argv);

#endif
