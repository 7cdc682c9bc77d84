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

/* Ends with exit 2 unless descriptor is a pipe; its inode number, as the name of a rendezvous. */
const char *name_of_pipe(const struct role *role, int descriptor, const char *what);

/*
 * What lessons do with a pipe, narrated in that column. Of a non-blocking pipe only the write end
 * is. write_word() does not mind EPIPE: whoever reaps the reader says that it died. would_hang():
 * whether read() would sleep now; poll looks for so many ms only, since read() might not return.
 */
void open_pipe(struct narration *n, enum column column, int ends[2]);
void open_non_blocking_pipe(struct narration *n, enum column column, int ends[2]);
void close_pipe(const int ends[2]);
void write_word(struct narration *n, enum column column, int write_end, const char *word);
void read_word(struct narration *n, enum column column, int read_end);
bool would_hang(struct narration *n, enum column column, int read_end, int ms, const char *why);

/* What demo and parent show: a parent writes into a pipe, its child reads. Returns exit status. */
int narrate_pipe(struct narration *n);

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
