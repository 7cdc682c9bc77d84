/*
 * Notes of what a killed process leaves behind.
 *
 * A death between an object's birth and its note leaves it for good; one between its removal and
 * that of the note leaves a note of something that is gone, or that is another's by now: so a
 * System V object is removed only if it is our user's, and was made when the note says.
 */
#include "ipc/rendezvous/undo_log.h"

#include "ipc/common/children.h"
#include "ipc/common/error.h"
#include "ipc/common/io.h"
#include "ipc/common/names.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

void undo_file(const char *name, int id)
{
    (void)id;
    unlink(name);
}

void undo_semaphore(const char *name, int id)
{
    (void)id;
    sem_unlink(name);
}

void undo_segment(const char *name, int id)
{
    (void)name;
    shmctl(id, IPC_RMID, NULL);
}

void undo_queue(const char *name, int id)
{
    (void)name;
    msgctl(id, IPC_RMID, NULL);
}

void undo_set(const char *name, int id)
{
    (void)name;
    semctl(id, 0, IPC_RMID);
}

/* When a System V object of our user was changed last; 0 where there is none of that id. */
static time_t segment_changed(int id)
{
    struct shmid_ds status;
    return shmctl(id, IPC_STAT, &status) == 0 && status.shm_perm.cuid == geteuid()
               ? status.shm_ctime
               : 0;
}

static time_t queue_changed(int id)
{
    struct msqid_ds status;
    return msgctl(id, IPC_STAT, &status) == 0 && status.msg_perm.cuid == geteuid()
               ? status.msg_ctime
               : 0;
}

static time_t set_changed(int id)
{
    struct semid_ds status;
    union { /* semctl(3p) leaves it to its caller */
        int value;
        struct semid_ds *status;
    } argument = {.status = &status};
    return semctl(id, 0, IPC_STAT, argument) == 0 && status.sem_perm.cuid == geteuid()
               ? status.sem_ctime
               : 0;
}

static const struct kind {
    const char *word;
    undo_action *undo;
    time_t (*changed)(int id); /* NULL for what goes by name */
} kinds[] = {{"file", undo_file, NULL},
             {"semaphore", undo_semaphore, NULL},
             {"segment", undo_segment, segment_changed},
             {"queue", undo_queue, queue_changed},
             {"set", undo_set, set_changed}};
enum { KINDS = sizeof kinds / sizeof *kinds, LINE_SIZE = PATH_SIZE + 64, SOON = 60 };

static const char suffix[] = ".undo";
static char path[PATH_SIZE]; /* of our notes */
static pid_t owner;          /* whose notes those are; 0: there are none */
static int notes;

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
    for (const struct kind *kind = kinds; kind < kinds + KINDS; kind++) {
        if (strcmp(kind->word, word) != 0)
            continue;
        /* some of what is done to an object afterwards counts as a change, too */
        const long long changed = kind->changed != NULL ? kind->changed(id) : noted;
        if (changed >= noted && changed <= noted + SOON)
            kind->undo(line + name, id);
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

void note_leftover(undo_action *action, const char *name, int id)
{
    char line[LINE_SIZE];
    const struct kind *kind = kinds;
    while (kind < kinds + KINDS && kind->undo != action)
        kind++;
    if (kind == kinds + KINDS || strchr(name, '\n') != NULL)
        return;
    if (owner != getpid())
        open_notes();
    const long long changed = kind->changed != NULL ? kind->changed(id) : 0;
    const int length =
        snprintf(line, sizeof line, "%s %d %lld %s\n", kind->word, id, changed, name);
    if (!write_full(notes, line, (size_t)length))
        fail("write", path);
}

void forget_leftovers(void)
{
    if (owner == 0 || (owner != getpid() && !(owner == original_parent() && parent_died())))
        return;
    unlink(path);
    close(notes);
    owner = 0;
}
