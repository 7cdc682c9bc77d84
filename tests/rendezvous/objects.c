/*
 * What a killed process has left is removed by the next one: its own objects, and nothing else.
 */
#include "ipc/rendezvous/objects.h"
#include "folder.h"
#include "ipc/common/children.h"
#include "ipc/common/cleanup.h"
#include "ipc/common/error.h"
#include "ipc/common/io.h"
#include "ipc/rendezvous/private_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

static struct objects {
    char file[PATH_SIZE], semaphore[POSIX_NAME_SIZE];
    int segment, queue, set;
} * made;

static void make_all(void)
{
    char own[32];
    snprintf(own, sizeof own, "objects-%ld", (long)getpid());
    object_path(made->file, "test", own, "file");
    note_object(A_FILE, made->file, 0);
    const int file = open(made->file, O_CREAT | O_EXCL | O_WRONLY, 0600);
    check(file != -1 && close(file) == 0);
    posix_name(made->semaphore, "test", own);
    note_object(POSIX_SEMAPHORE, made->semaphore, 0);
    sem_t *const semaphore = sem_open(made->semaphore, O_CREAT | O_EXCL, 0600, 0);
    check(semaphore != SEM_FAILED && sem_close(semaphore) == 0);
    key_t key, other_key;
    note_key(SYSV_SEGMENT, &key);
    made->segment = shmget(key, 1, IPC_CREAT | IPC_EXCL | 0600);
    note_key(SYSV_QUEUE, &key);
    made->queue = msgget(key, IPC_CREAT | IPC_EXCL | 0600);
    note_key(SYSV_SET, &key);
    made->set = semget(key, 1, IPC_CREAT | IPC_EXCL | 0600);
    forget_object(note_key(SYSV_SET, &other_key)); /* which may yet be made */
    check(key != other_key);
    check(made->segment != -1 && made->queue != -1 && made->set != -1);
}

/* At the end, passed or failed; not of the children that come and go. */
static void destroy_all(void)
{
    if (folder_owner != getpid())
        return;
    destroy_object(A_FILE, made->file, 0);
    destroy_object(POSIX_SEMAPHORE, made->semaphore, 0);
    destroy_object(SYSV_SEGMENT, "", made->segment);
    destroy_object(SYSV_QUEUE, "", made->queue);
    destroy_object(SYSV_SET, "", made->set);
}

/* How many of the five there are. */
static int present(void)
{
    struct shmid_ds segment;
    struct msqid_ds queue;
    sem_t *const semaphore = sem_open(made->semaphore, 0);
    if (semaphore != SEM_FAILED)
        sem_close(semaphore);
    return (access(made->file, F_OK) == 0) + (semaphore != SEM_FAILED) +
           (shmctl(made->segment, IPC_STAT, &segment) == 0) +
           (msgctl(made->queue, IPC_STAT, &queue) == 0) + (semctl(made->set, 0, GETVAL) != -1);
}

static int files_in(const char *path)
{
    int count = 0;
    DIR *const entries = opendir(path);
    check(entries != NULL);
    while (readdir(entries) != NULL)
        count++;
    closedir(entries);
    return count - 2; /* . and .. */
}

/* A process that makes all, says so, and then ends, or waits to be ended. */
static pid_t start_maker(bool ends, int end[2])
{
    char byte;
    check(pipe(end) == 0);
    const pid_t child = fork();
    check(child != -1);
    if (child == 0) {
        make_all();
        check(write(end[1], "", 1) == 1);
        if (!ends)
            wait_ready(end[0], 0, -1); /* for nothing: to be ended */
        exit(0);
    }
    check(read(end[0], &byte, 1) == 1);
    return child;
}

static void end_maker(pid_t child, int end[2], int number)
{
    int status;
    if (number != 0)
        check(kill(child, number) == 0);
    check(waitpid(child, &status, 0) == child);
    check(number == 0 ? status == 0 : WIFSIGNALED(status));
    close(end[0]);
    close(end[1]);
}

/* Any of our programs that makes an object of its own. */
static void come_next(void)
{
    const pid_t child = fork();
    check(child != -1);
    if (child == 0) {
        forget_object(note_object(A_FILE, "/none", 0));
        _exit(0);
    }
    int status;
    check(waitpid(child, &status, 0) == child && status == 0);
}

/*
 * What was half made is removed if it is as old as its note, and was not used: else it is
 * another's, with the same key.
 */
static void half_made(void)
{
    static const struct {
        int seconds; /* the note's time, after the object's */
        bool used, stays;
    } cases[] = {{0, false, false}, {10, false, true}, {-10, false, true}, {0, true, true}};
    char path[64];
    snprintf(path, sizeof path, "%s/note", folder);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const int queue = made->queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
        const struct {
            long type;
            char text[1];
        } message = {.type = 1};
        struct msqid_ds status;
        check(queue != -1 && (!cases[i].used || msgsnd(queue, &message, 1, 0) == 0));
        check(msgctl(queue, IPC_STAT, &status) == 0);
        const int note = open(path, O_CREAT | O_WRONLY, 0600);
        const time_t time = status.msg_ctime + cases[i].seconds;
        const struct timespec times[] = {{.tv_sec = time}, {.tv_sec = time}};
        check(note != -1 && futimens(note, times) == 0);
        destroy_half_made(SYSV_QUEUE, queue, note);
        check((msgctl(queue, IPC_STAT, &status) == 0) == cases[i].stays);
        destroy_object(SYSV_QUEUE, "", queue);
        check(close(note) == 0 && unlink(path) == 0);
    }
}

int main(void)
{
    int end[2];
    program_name = "test";
    take_over_inherited_state();
    catch_ending_signals();
    make_folder();
    made = memory_for_all(sizeof *made);
    *made = (struct objects){.segment = -1, .queue = -1, .set = -1};
    check(atexit(destroy_all) == 0);
    half_made();

    /* a process that ends leaves nothing, not even its notes */
    pid_t maker = start_maker(true, end);
    end_maker(maker, end, 0);
    check(present() == 0 && files_in(folder) == 0);

    /* one that lives keeps all; one that is killed leaves all, until the next one comes */
    maker = start_maker(false, end);
    come_next();
    check(present() == 5);
    end_maker(maker, end, SIGKILL);
    check(present() == 5 && files_in(folder) == 2);
    come_next();
    check(present() == 0 && files_in(folder) == 0);

    /* a note of what is gone, and an object with a noted id that was made at another time, stay */
    maker = start_maker(false, end);
    end_maker(maker, end, SIGKILL);
    char notes[PATH_SIZE + 64];
    snprintf(notes, sizeof notes, "%s/test-%ld.0.undo", folder, (long)maker);
    FILE *const lines = fopen(notes, "w");
    check(lines != NULL);
    fprintf(lines, "%d 2147483647 5 \n%d %d 5 \n%d %d 5 \n%d %d 5 \n99 1 5 \nnonsense\n",
            SYSV_QUEUE, SYSV_QUEUE, made->queue, SYSV_SEGMENT, made->segment, SYSV_SET, made->set);
    check(fclose(lines) == 0);
    come_next();
    check(present() == 5 && files_in(folder) == 1);
    destroy_all();
    check(present() == 0 && rmdir(folder) == 0);
    return 0;
}
