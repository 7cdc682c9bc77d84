/*
 * Everything that POSIX.1-2008 does not have, each with a portable fallback.
 */
#ifndef IPC_COMMON_PLATFORM_H
#define IPC_COMMON_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Zeroed memory shared with the children that are forked later; NULL and errno on failure.
 * Freed with munmap. POSIX has no anonymous mappings before 2024: elsewhere an unlinked
 * shared memory object serves.
 */
void *shared_memory(size_t size);

/* How many processors this process may run on, at least 1. Elsewhere: the processors online. */
long processors_available(void);

/* Makes a pipe hold size bytes if the system can and allows it; returns what it holds then. */
size_t enlarge_pipe(int descriptor, size_t size);

/* How many bytes a pipe holds that nobody has read yet; 0 where the system does not tell. */
long bytes_in_pipe(int descriptor);

/*
 * Opens once more the pipe or file that a descriptor refers to, with flags of its own: O_NONBLOCK
 * on an inherited descriptor would be everybody's who shares it. -1 and errno where that is
 * impossible.
 */
int reopen(int descriptor, int flags);

/* Asks for signal number when this process' parent ends; false where no system call does that. */
bool signal_when_parent_ends(int number);

/*
 * Makes this process the one that adopts its orphaned descendants, instead of init; false where no
 * system call does that.
 */
bool become_subreaper(void);

/* The kernel's number for the calling thread; -1 where there is none. */
long thread_id(void);

/* Closes every descriptor from first up. */
void close_descriptors_from(int first);

/* The program that a process runs, as ps(1) names it, in buffer; "?" where unknown. */
const char *program_of(pid_t process, char *buffer, size_t size);

/* What the processor calls itself, in buffer; the kind of machine where it does not say. */
const char *processor_model(char *buffer, size_t size);

/* The state letter of a process as ps(1) shows it ('R', 'S', 'T', 'Z', …), '?' when unknown. */
char state_of(pid_t process);

/*
 * Binds a Unix socket to a name that is no file: held by one socket at a time (EADDRINUSE), free
 * again when that is closed, however its process ends. Elsewhere: false, EOPNOTSUPP.
 */
bool bind_abstract(int socket, const char *name);

/*
 * Sends up to size bytes of a file into a socket or pipe, from its offset on, which moves, without
 * copying them through the process; returns how many, 0 at its end, or -1 and errno: EINVAL where
 * the system cannot do that, or not with this kind of file. SIGPIPE must be ignored.
 */
ssize_t send_from_file(int to, int file, size_t size);

/* The number of SO_REUSEPORT (socket(7)), 0 where there is no such option. */
int reuse_port_option(void);

/* The process at the other end of a connected Unix socket; 0 where unknown. */
pid_t peer_process(int socket);

/* The limits of System V message queues, and what is in use; false where the system does not tell.
 */
struct sysv_queue_limits {
    long msgmax;                  /* bytes in a message */
    long msgmnb;                  /* bytes in a queue, when it is made */
    long msgmni;                  /* queues */
    long queues, messages, bytes; /* in use; the bytes of all messages */
};
bool sysv_queue_limits(struct sysv_queue_limits *limits);

/* The bytes of all messages in a queue: no member of msqid_ds in POSIX. -1 where unknown. */
struct msqid_ds;
long queue_bytes(const struct msqid_ds *status);

/* The limits of POSIX message queues; -1 where the system does not tell. */
struct posix_queue_limits {
    long messages;      /* in a queue */
    long size;          /* of a message */
    long queues;        /* in the system */
    long long per_user; /* bytes of all queues of a user: RLIMIT_MSGQUEUE */
};
void posix_queue_limits(struct posix_queue_limits *limits);

#endif
