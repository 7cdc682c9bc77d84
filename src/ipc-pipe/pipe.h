/*
 * What the roles of ipc-pipe share.
 */
#ifndef IPC_PIPE_H
#define IPC_PIPE_H

#include "ipc/common/argv.h"
#include "ipc/common/error.h"
#include "ipc/common/io.h"
#include "ipc/narration/lesson.h"
#include "ipc/transfer/stream.h"

#include <stdbool.h>
#include <sys/types.h>

enum { READ_END, WRITE_END };

/*
 * The pipes of a parent and a child: for the data, and for the words by which each side knows that
 * the other has done its part. Without them the end of file of a producer that was killed would be
 * that of one that has finished.
 */
struct channel {
    int data[2], all_sent[2], all_received[2];
};

/*
 * Makes the pipes, and forks: the child's pid in the parent, 0 in the child, each of which gets its
 * side. Ends the program if that fails.
 */
pid_t fork_with_channel(struct channel *channel, struct stream *side, bool verbose);

/* Each side's whole part, after the fork. False if the other side died or failed. */
bool produce(struct channel *channel, struct stream *side, const char *file);
bool consume(struct channel *channel, struct stream *side);

/*
 * The parent's end: its child is reaped. child_is: "consumer". Returns the exit status: 1 if
 * the child failed by itself, 3 if it died.
 */
int conclude(pid_t child, const char *child_is, bool succeeded, struct stream *side);

/* The story of the demo. */
int tell_of_pipe(double pace);

/* Ends with exit 2 unless descriptor is a pipe; its inode number, as the name of a rendezvous. */
const char *name_of_pipe(const struct role *role, int descriptor, const char *what);

/*
 * For lessons whose reader is the parent: as narrate_fork() and reap_successful(), but the child is
 * the writer, and on the left.
 */
pid_t fork_writer(struct narration *n);
void reap_writer(struct narration *n, pid_t writer);

/*
 * A parent and a child send each other that many bytes, more than a pipe holds: with poll, or else
 * each all of its own before it receives. Ends the program if the child failed, 1, or died, 3.
 */
void exchange(struct narration *n, size_t much, bool polls);

int pipe_demo(const struct role *role, int argc, char **argv);
int pipe_parent(const struct role *role, int argc, char **argv);
int pipe_child(const struct role *role, int argc, char **argv);
int pipe_producer(const struct role *role, int argc, char **argv);
int pipe_consumer(const struct role *role, int argc, char **argv);
int pipe_stream(const struct role *role, int argc, char **argv);
int pipe_eof(const struct role *role, int argc, char **argv);
int pipe_capacity(const struct role *role, int argc, char **argv);
int pipe_sigpipe(const struct role *role, int argc, char **argv);
int pipe_deadlock(const struct role *role, int argc, char **argv);
int pipe_duplex(const struct role *role, int argc, char **argv);
int pipe_bench(const struct role *role, int argc, char **argv);

#endif
