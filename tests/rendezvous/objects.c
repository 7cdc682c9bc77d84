/* SPDX-License-Identifier: MIT
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
#include <time.h>
#include <unistd.h>

static struct objects {
    char file[PATH_SIZE], semaphore[POSIX_NAME_SIZE];
    int segment, queue, set;
    key_t keys[3]; /* of these */
} * made;

static void make_all(void)
{
    char own[32];
    snprintf(own, sizeof own, "objects-%ld", (long)getpid());
    object_path(made->file, "test", own, "file");
    note_object(A_FILE, made->file);
    const int file = open(made->file, O_CREAT | O_EXCL | O_WRONLY, 0600);
    check(file != -1 && close(file) == 0);
    posix_name(made->semaphore, "test", own);
    note_object(POSIX_SEMAPHORE, made->semaphore);
    sem_t *const semaphore = sem_open(made->semaphore, O_CREAT | O_EXCL, 0600, 0);
    check(semaphore != SEM_FAILED && sem_close(semaphore) == 0);
    note_key(SYSV_SEGMENT, &made->keys[0]);
    made->segment = shmget(made->keys[0], 1, IPC_CREAT | IPC_EXCL | 0600);
    note_key(SYSV_QUEUE, &made->keys[1]);
    made->queue = msgget(made->keys[1], IPC_CREAT | IPC_EXCL | 0600);
    note_key(SYSV_SET, &made->keys[2]);
    made->set = semget(made->keys[2], 1, IPC_CREAT | IPC_EXCL | 0600);
    key_t another;
    forget_object(note_key(SYSV_SET, &another)); /* not even made yet */
    check(made->keys[2] != another);
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
        forget_object(note_object(A_FILE, "/none"));
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

    /* a note of what is gone does no harm; an object that is older than its note stays */
    maker = start_maker(false, end);
    end_maker(maker, end, SIGKILL);
    char notes[PATH_SIZE + 64];
    snprintf(notes, sizeof notes, "%s/test-%ld.0.undo", folder, (long)maker);
    FILE *const lines = fopen(notes, "w");
    check(lines != NULL);
    const long long later = (long long)time(NULL) + 60;
    fprintf(lines,
            "%d 7fffffff 5 \n%d %x %lld \n%d %x %lld \n%d %x %lld \n99 1 5 \nnonsense\n%d 0 5 %s",
            SYSV_QUEUE, SYSV_SEGMENT, (unsigned)made->keys[0], later, SYSV_QUEUE,
            (unsigned)made->keys[1], later, SYSV_SET, (unsigned)made->keys[2], later, A_FILE,
            made->file /* cut: no newline */);
    check(fclose(lines) == 0);
    come_next();
    check(present() == 5 && files_in(folder) == 1);
    destroy_all();
    check(present() == 0 && rmdir(folder) == 0);
    return 0;
}
