/* SPDX-License-Identifier: MIT
 * The private folder ($IPC_DEMOS_DIR, else /tmp/ipc-demos-<uid>): what the objects of a rendezvous
 * are called, and files that their living owners lock.
 *
 * The kernel lets go of a lock however its owner ends, and before the parent has reaped it: a file
 * that nobody holds is a dead process', or one that another is just about to lock or to remove. The
 * locks are those of fcntl(2). They belong to the process: a forked child holds none of them, and
 * closing any descriptor of the file drops all that the process has on it.
 */
#ifndef IPC_RENDEZVOUS_PRIVATE_FILES_H
#define IPC_RENDEZVOUS_PRIVATE_FILES_H

#include "ipc/common/argv.h"

enum { PATH_SIZE = 4096, POSIX_NAME_SIZE = 160 };

/* Made if it is not there. Fails (exits) unless it is a directory, our own, closed to others. */
const char *private_directory(void);

/*
 * "<private directory>/<mechanism>-<name>.<suffix>"; for shm_open, mq_open and sem_open
 * "/ipc-demos-<uid>-<mechanism>-<name>". Each returns its buffer.
 */
char *object_path(char path[PATH_SIZE], const char *mechanism, const char *name,
                  const char *suffix);
char *posix_name(char buffer[POSIX_NAME_SIZE], const char *mechanism, const char *name);

enum { FILE_LOCK = 0 }; /* the byte that the file's holder has locked; the others are its user's */

/*
 * F_WRLCK: false and errno if another process holds that byte, or fcntl(2) fails: that is for the
 * second function to tell, and fails (exits) in the third. F_UNLCK: lets go of it.
 */
bool set_lock(int file, short type, int byte);
void fail_unless_locked_by_another(int file, const char *path);
bool is_locked_by_another(int file, int byte);

/*
 * open(2) for reading and writing. -1 where there is no such file (O_EXCL: where there is one).
 * Else fails (exits); refusal is what messages say of a file that is not our user's, or not a
 * regular one. If it is NULL, all that fails is -1.
 */
int open_lock_file(const char *path, int flags, const char *refusal);

/* The same, and locks it. Ends with exit 3 if another holds it until the deadline. */
int take_lock_file(const char *path, int flags, const char *refusal, uint64_t deadline);

/* Whether path still names that file; and removes it, then, if nothing stands in it. */
bool is_same_file(int file, const char *path);
/* Somebody makes or removes what it stands for. Whoever locks nothing asks before and after. */
bool is_changing(int file, const char *path);
void remove_if_empty(int file, const char *path);

/*
 * Calls take(name, context) for each "<mechanism>-<name>.<suffix>" of the private folder, in the
 * order of their names, until it returns true; whether it did. Fails (exits) without the folder.
 */
bool for_each_name(const char *mechanism, const char *suffix,
                   bool (*take)(const char *name, void *context), void *context);

/* Locks each file of that fnmatch(3) pattern that nobody holds; remove() removes and closes it. */
void sweep_lock_files(const char *pattern, void (*remove)(int file, const char *path));

#endif
