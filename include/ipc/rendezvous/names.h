/*
 * Names: where the objects of a rendezvous live, private to the user who made them.
 */
#ifndef IPC_RENDEZVOUS_NAMES_H
#define IPC_RENDEZVOUS_NAMES_H

#include "ipc/common/argv.h"

enum { PATH_SIZE = 4096, POSIX_NAME_SIZE = 160 };

/*
 * $IPC_DEMOS_DIR, else /tmp/ipc-demos-<uid>. Made with mode 0700 if it is not there; fails (exits)
 * unless it is a directory, no link, our own, and closed to others.
 */
const char *private_directory(void);

/* "<private directory>/<mechanism>-<name>.<suffix>"; returns path. */
char *object_path(char path[PATH_SIZE], const char *mechanism, const char *name,
                  const char *suffix);

/* "/ipc-demos-<uid>-<mechanism>-<name><suffix>", for shm_open, mq_open and sem_open. */
char *posix_name(char buffer[POSIX_NAME_SIZE], const char *mechanism, const char *name,
                 const char *suffix);

/* What the rendezvous of a --path is called. Fails (exits) where there is no such folder. */
void name_of_path(const char *path, char name[NAME_MOST + 1]);

#endif
