/*
 * Notes of what a killed process leaves behind.
 *
 * A death between an object's birth and its note leaves it for good; one between its removal and
 * that of the note leaves a note of something that is gone, or that is another's by now: so a
 * System V object is removed only if it is our user's, and was made when the note says.
 */
#include "ipc/rendezvous/undo_log.h"

#include "ipc/common/error.h"
#include "ipc/common/io.h"
#include "ipc/rendezvous/names.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LINE_SIZE = PATH_SIZE + 64, SOON = 60 };

static const char suffix[] = ".undo";
static char path[PATH_SIZE]; /* of our notes */
static pid_t owner;          /* whose notes those are; 0: there are none */
static int notes;
static size_t log_handle;
static int objects_noted; /* objects that stand in it */

static bool lock(int file)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return fcntl(file, F_SETLK, &whole) == 0;
}

/* Whether the file has not been removed since it was opened. */
static bool is_at(int file, const char *name)
{
    struct stat opened, present;
    return fstat(file, &opened) == 0 && lstat(name, &present) == 0 &&
           opened.st_ino == present.st_ino && opened.st_dev == present.st_dev;
}

static void remove_noted(const char *line)
{
    char word[16];
    int id, name = 0;
    long long noted;
    if (sscanf(line, "%15s %d %lld %n", word, &id, &noted, &name) != 3 || name == 0)
        return;
    for (size_t kind = 0; kind < OBJECT_KINDS; kind++) {
        const struct object_type *type = &object_types[kind];
        if (strcmp(type->word, word) != 0)
            continue;
        /* some of what is done to an object afterwards counts as a change, too */
        const long long changed = type->changed != NULL ? type->changed(id) : noted;
        if (changed >= noted && changed <= noted + SOON)
            type->remove(line + name, id);
    }
}

/* Removes what one killed process left; nothing if it lives, or somebody else does this. */
static void clear(const char *name)
{
    char line[LINE_SIZE];
    const int file = open(name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    FILE *const lines = file != -1 && lock(file) && is_at(file, name) ? fdopen(file, "r") : NULL;
    if (lines == NULL) {
        if (file != -1)
            close(file);
        return;
    }
    while (fgets(line, sizeof line, lines) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        remove_noted(line);
    }
    unlink(name);
    fclose(lines); /* and so unlocked */
}

static void clear_all(void)
{
    char name[PATH_SIZE];
    DIR *const folder = opendir(private_directory());
    if (folder == NULL)
        fail("opendir", private_directory());
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        const size_t length = strlen(entry->d_name);
        if (length < sizeof suffix ||
            strcmp(entry->d_name + length + 1 - sizeof suffix, suffix) != 0)
            continue;
        if (snprintf(name, sizeof name, "%s/%s", private_directory(), entry->d_name) < PATH_SIZE)
            clear(name);
    }
    closedir(folder);
}

/* Locked before anybody can take it for that of a dead process; if somebody did, once more. */
static void open_notes(void)
{
    char process[24];
    const char *mechanism = strncmp(program_name, "ipc-", 4) == 0 ? program_name + 4 : program_name;
    snprintf(process, sizeof process, "%ld", (long)getpid());
    object_path(path, mechanism, process, suffix + 1);
    for (;;) {
        clear_all(); /* of one that had our pid, too */
        notes = open(path, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
        if (notes == -1 && errno != EEXIST)
            fail("open", path);
        if (notes != -1 && lock(notes) && is_at(notes, path))
            break;
        if (notes != -1)
            close(notes);
    }
    owner = getpid();
}

/* The last to be undone: it was registered first. */
static void remove_log(const char *name, int id)
{
    (void)id;
    unlink(name);
    close(notes);
    owner = 0;
}

size_t note_object(enum object_kind kind, const char *name, int id)
{
    const struct object_type *type = &object_types[kind];
    char line[LINE_SIZE];
    if (owner != getpid()) {
        open_notes();
        log_handle = undo_at_end(remove_log, path, 0);
        objects_noted = 0;
    }
    const size_t handle = undo_at_end(type->remove, name, id);
    const long long changed = type->changed != NULL ? type->changed(id) : 0;
    const int length =
        snprintf(line, sizeof line, "%s %d %lld %s\n", type->word, id, changed, name);
    if (!write_full(notes, line, (size_t)length))
        fail("write", path);
    objects_noted++;
    return handle;
}

void remove_object(size_t handle)
{
    undo_now(handle);
    if (owner == getpid() && --objects_noted == 0)
        undo_now(log_handle);
}

void forget_object(size_t handle)
{
    forget_undo(handle);
    if (owner == getpid() && --objects_noted == 0)
        undo_now(log_handle);
}
