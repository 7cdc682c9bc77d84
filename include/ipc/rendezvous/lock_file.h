/*
 * Files in the private folder, each locked by its living owner.
 *
 * The kernel lets go of a lock however its owner ends, and before the parent has reaped it: a file
 * that nobody holds is a dead process', or one that another is just about to lock or to remove. The
 * locks are those of fcntl(2). They belong to the process: a forked child holds none of them, and
 * closing any descriptor of the file drops all that the process has on it.
 */
#ifndef IPC_RENDEZVOUS_LOCK_FILE_H
#define IPC_RENDEZVOUS_LOCK_FILE_H

#include "ipc/rendezvous/names.h"

#include <dirent.h>

/* The byte that whoever holds the file has locked. What the others mean is up to its user. */
enum { FILE_LOCK = 0 };

/* F_WRLCK: false if another process holds that byte. F_UNLCK: lets go of it. */
bool set_lock(int file, short type, int byte);
bool is_locked_by_another(int file, int byte);

/*
 * open(2) with these flags, for reading and writing. -1 where there is no such file (O_CREAT:
 * where there is one, EEXIST). Fails (exits) for any other reason. refusal is what messages say of
 * a file that is not our user's, or not a regular one; if NULL, all that fails is -1.
 */
int open_lock_file(const char *path, int flags, const char *refusal);

/* The same, and locks it. Ends with exit 3 if another holds it until the deadline. */
int take_lock_file(const char *path, int flags, const char *refusal, uint64_t deadline);

/* Whether path still names that file. */
bool is_same_file(int file, const char *path);

/*
 * The next file of the private folder whose name begins and ends with these; name is what stands in
 * between. *folder is NULL at the beginning. False after the last; whoever stops earlier closes it.
 */
bool next_name(DIR **folder, const char *prefix, const char *suffix, char name[NAME_MOST + 1]);

/* Locks each such file that nobody holds, and has remove() remove and close it. */
void sweep_lock_files(const char *prefix, const char *suffix,
                      void (*remove)(int file, const char *path));

#endif
