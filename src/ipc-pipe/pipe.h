/* SPDX-License-Identifier: MIT
 * What the roles of ipc-pipe share.
 */
#ifndef IPC_PIPE_H
#define IPC_PIPE_H

#include "ipc/transfer/stream.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READ_END, WRITE_END };

/*
 * Forks, and sends FILE from one process to the other. parent: which of the two the parent is; the
 * child is the other. Returns the exit status of either: in the parent 1 if the child failed by
 * itself, 3 if it died.
 */
int parent_and_child(enum member_role parent, const char *file, bool verbose);

/*
 * For begin_pair(): joins the rendezvous that is called by the inode number of the pipe that a
 * producer's standard output, a consumer's standard input is; nobody is waited for. Anything but a
 * pipe is a usage error. Then makes that an end of our own, which is fast, of the same pipe.
 */
void join_siblings(const struct role *role, struct pair *pair);

/* Whether a producer has not sent all; if none lives, it ended early. A producer's end of that. */
bool is_cut_short(const struct pair *pair);
void note_all_sent(struct pair *pair);

/*
 * What lessons do with a pipe, narrated in that column. write_word() does not mind EPIPE: whoever
 * reaps the reader says that it died. read_word() is false at the end of file; why: if it slept.
 * would_hang() looks for a moment with poll() for POLLIN or POLLOUT: whether a read() or write()
 * would sleep now, from which it might not return.
 */
void open_pipe(struct narration *n, enum column column, int ends[2]);
void never_sleep(struct narration *n, enum column column, int end);
void close_end(struct narration *n, enum column column, int end, const char *remark);
void write_word(struct narration *n, enum column column, int write_end, const char *word);
bool read_word(struct narration *n, enum column column, int read_end, const char *why);
bool would_hang(struct narration *n, enum column column, int end, short events);

/* The prompt of --step names the line of the lesson, not that of its helper. */
#define open_pipe(...) (narrate_here(__FILE__, __LINE__), (open_pipe)(__VA_ARGS__))
#define never_sleep(...) (narrate_here(__FILE__, __LINE__), (never_sleep)(__VA_ARGS__))
#define close_end(...) (narrate_here(__FILE__, __LINE__), (close_end)(__VA_ARGS__))
#define write_word(...) (narrate_here(__FILE__, __LINE__), (write_word)(__VA_ARGS__))
#define read_word(...) (narrate_here(__FILE__, __LINE__), (read_word)(__VA_ARGS__))
#define would_hang(...) (narrate_here(__FILE__, __LINE__), (would_hang)(__VA_ARGS__))

/* What demo and parent show: a parent writes into a pipe, its child reads. Returns exit status. */
int narrate_pipe(struct narration *n);

role_function pipe_demo, pipe_parent, pipe_child, pipe_producer, pipe_consumer, pipe_stream,
    pipe_eof, pipe_capacity, pipe_sigpipe, pipe_deadlock, pipe_shell, pipe_duplex, pipe_bench;

#endif
