/*
 * Notes of what a killed process leaves behind.
 *
 * A death between an object's birth and its note leaves it for good. A death between its removal
 * and that of the note leaves a note of something that is gone, or is another's by now: therefore
 * the next process removes an object only if it is as old as the note.
 */
#include "ipc/rendezvous/undo_log.h"

#include "ipc/common/error.h"
#include "ipc/common/io.h"
#include "ipc/rendezvous/lock_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LINE_SIZE = PATH_SIZE + 64 };

static char path[PATH_SIZE]; /* of our notes */
static pid_t owner;          /* whose notes those are; 0: there are none */
static int notes;
static size_t log_handle;
static int objects_noted; /* objects that stand in it */

/* What a killed process left; then its notes: a death in between leaves them for the next one. */
static void clear(int file, const char *name)
{
    char line[LINE_SIZE];
    FILE *const lines = fdopen(file, "r");
    if (lines == NULL)
        fail("fdopen", name);
    while (fgets(line, sizeof line, lines) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        destroy_noted(line, LEFT_BEHIND);
    }
    unlink(name);
    fclose(lines); /* and so unlocked */
}

/*
 * Another process may take our notes for a dead one's before they are locked, and remove them: then
 * we begin again. The notes of a dead process that had our pid are cleared before ours are made.
 */
static void open_notes(void)
{
    char process[24];
    const char *mechanism = strncmp(program_name, "ipc-", 4) == 0 ? program_name + 4 : program_name;
    snprintf(process, sizeof process, "%ld", (long)getpid());
    object_path(path, mechanism, process, "undo");
    do {
        sweep_lock_files("", ".undo", clear);
        notes = take_lock_file(path, O_CREAT | O_EXCL | O_APPEND, "is not ours", UINT64_MAX);
    } while (notes == -1);
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
    char line[LINE_SIZE];
    if (owner != getpid()) {
        open_notes();
        log_handle = undo_at_end(remove_log, path, 0);
        objects_noted = 0;
    }
    const int length = write_note(line, sizeof line, kind, name, id);
    const size_t handle = undo_at_end(destroy_noted, line, OURS);
    line[length] = '\n';
    if (!write_full(notes, line, (size_t)length + 1))
        fail("write", path);
    objects_noted++;
    return handle;
}

static void end_note(void)
{
    if (owner == getpid() && --objects_noted == 0)
        undo_now(log_handle);
}

void remove_object(size_t handle)
{
    undo_now(handle);
    end_note();
}

void forget_object(size_t handle)
{
    forget_undo(handle);
    end_note();
}
