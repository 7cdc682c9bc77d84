/* SPDX-License-Identifier: MIT
 * The rendezvous, interleaving by interleaving: two start at once, two leave at once, one dies
 * while joining, while it is in, while leaving, while cleaning up; the file is replaced under a
 * waiter. Every rendezvous has one object, a file, so that it can be seen who removes it.
 *
 * What a death leaves behind depends on the changes that were made before it, to the record and to
 * the folder. Here they are made through calls of our own, which die right before the n-th, for
 * every n; the kernel lets go of the locks in any case.
 */
#include "folder.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/error.h"
#include "ipc/rendezvous/rendezvous.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char object[128], file[128];
static bool die_while_cleaning;

static int changes_until_death = -1; /* -1: it lives */
static int death_of_child = -1;      /* the same, of the next child */

static void count_change(void)
{
    if (changes_until_death == 0)
        raise(SIGKILL);
    changes_until_death -= changes_until_death > 0;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t size, off_t offset)
{
    count_change();
    return lseek(descriptor, offset, SEEK_SET) == -1 ? -1 : write(descriptor, bytes, size);
}

int unlink(const char *path)
{
    count_change();
    return unlinkat(AT_FDCWD, path, 0);
}

static bool exists(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0;
}

static void remove_object(const struct rendezvous *rendezvous)
{
    if (rendezvous->objects[0] == 0)
        return;
    if (die_while_cleaning)
        raise(SIGKILL);
    unlink(object);
}

/* For a stream that its producer has sent whole: the object stands for it. */
static bool keeps_stream;
static bool holds_object(const struct rendezvous *rendezvous)
{
    return rendezvous->objects[0] != 0 && exists(object);
}

/* Joins, makes the object if it is the first, and enters. */
static void enter(struct rendezvous *rendezvous, enum member_role role, uint64_t deadline)
{
    rendezvous->remove_objects = remove_object;
    rendezvous->holds_stream = keeps_stream ? holds_object : NULL;
    rendezvous_join(rendezvous, "test", "session", role, true, deadline);
    if (rendezvous->first) {
        rendezvous->objects[0] = getpid();
        rendezvous_note_objects(rendezvous);
        const int made = open(object, O_CREAT | O_EXCL | O_WRONLY, 0600);
        if (made == -1)
            fail("open", object);
        close(made);
    }
    rendezvous_enter(rendezvous);
}

enum moment { JOINING, NOTED, IN, LEAVING, CLEANING, CLEANING_UNDONE, ORDERLY };

/* A child that joins, says so over the pipe, and dies at that moment, or leaves when told to. */
static _Noreturn void live(enum member_role role, enum moment moment, int ready, int gate)
{
    static struct rendezvous rendezvous;
    char go;
    catch_ending_signals();
    quiet = true;
    changes_until_death = death_of_child;
    if (moment == JOINING || moment == NOTED) {
        rendezvous.remove_objects = remove_object;
        rendezvous_join(&rendezvous, "test", "session", role, true, now() + 10 * SECOND);
        rendezvous.objects[0] = getpid();
        if (moment == NOTED) {
            rendezvous_note_objects(&rendezvous);
            close(open(object, O_CREAT | O_WRONLY, 0600));
        }
        raise(SIGKILL);
    }
    enter(&rendezvous, role, now() + 10 * SECOND);
    if (ready != -1 && write(ready, rendezvous.first ? "F" : "j", 1) != 1)
        _exit(9);
    if (gate != -1 && read(gate, &go, 1) == -1)
        _exit(9);
    if (moment == IN)
        raise(SIGKILL);
    die_while_cleaning = moment == CLEANING || moment == CLEANING_UNDONE;
    if (moment != CLEANING_UNDONE)
        rendezvous_set_state(&rendezvous, STATE_DONE);
    if (moment == LEAVING) { /* with the lock held, and its state told: as if within leave */
        struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
        while (fcntl(rendezvous.file, F_SETLK, &lock) == -1)
            ;
        raise(SIGKILL);
    }
    rendezvous_leave(&rendezvous);
    exit(0);
}

static pid_t start(enum member_role role, enum moment moment, int ready, int gate)
{
    const pid_t child = fork();
    if (child == 0)
        live(role, moment, ready, gate);
    check(child > 0);
    return child;
}

static int end_of(pid_t child)
{
    int status = 0;
    check(waitpid(child, &status, 0) == child);
    return status;
}

static bool killed(int status)
{
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

static void nothing_left(void)
{
    check(!exists(object));
    check(!exists(file));
}

/* A producer and a consumer start, and leave, at the same moment: one is first, the last cleans. */
static void start_and_leave_at_once(void)
{
    for (int turn = 0; turn < 200; turn++) {
        int ready[2], gate[2];
        char first[2];
        check(pipe(ready) == 0 && pipe(gate) == 0);
        const pid_t producer = start(PRODUCER, ORDERLY, ready[1], gate[0]);
        const pid_t consumer = start(CONSUMER, ORDERLY, ready[1], gate[0]);
        check(read(ready[0], first, 1) == 1 && read(ready[0], first + 1, 1) == 1);
        check((first[0] == 'F') + (first[1] == 'F') == 1);
        check(exists(object));
        check(write(gate[1], "gg", 2) == 2); /* both leave */
        check(end_of(producer) == 0);
        check(end_of(consumer) == 0);
        nothing_left();
        close(ready[0]), close(ready[1]), close(gate[0]), close(gate[1]);
    }
}

/* Of two producers that start at once one is refused, exit 1, as long as the other lives. */
static void same_role_at_once(void)
{
    for (int turn = 0; turn < 50; turn++) {
        int ready[2], gate[2];
        char letter;
        check(pipe(ready) == 0 && pipe(gate) == 0);
        pid_t members[2];
        for (int i = 0; i < 2; i++) {
            members[i] = fork();
            if (members[i] == 0) {
                const int nowhere = open("/dev/null", O_WRONLY);
                dup2(nowhere, STDERR_FILENO);
                live(PRODUCER, ORDERLY, ready[1], gate[0]);
            }
        }
        check(read(ready[0], &letter, 1) == 1);
        int status;
        const pid_t refused = waitpid(-1, &status, 0);
        check(WIFEXITED(status) && WEXITSTATUS(status) == 1);
        check(write(gate[1], "g", 1) == 1);
        check(end_of(refused == members[0] ? members[1] : members[0]) == 0);
        nothing_left();
        close(ready[0]), close(ready[1]), close(gate[0]), close(gate[1]);
    }
}

/* Whoever dies alone, at whatever moment: the next is first, has cleaned up, and leaves nothing. */
static void die_and_follow(void)
{
    static const enum moment moments[] = {JOINING, NOTED, IN, LEAVING, CLEANING};
    for (int turn = 0; turn < 20; turn++)
        for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
            int ready[2];
            char letter;
            check(killed(end_of(start(PRODUCER, moments[i], -1, -1))));
            check(exists(file));
            check(pipe(ready) == 0);
            const pid_t next = start(CONSUMER, ORDERLY, ready[1], -1);
            check(read(ready[0], &letter, 1) == 1 && letter == 'F');
            check(end_of(next) == 0);
            nothing_left();
            close(ready[0]), close(ready[1]);
        }
}

/* The same before each change that a member makes from its coming to its leaving. */
static void die_before_every_change(void)
{
    int deaths = 0;
    for (int status = -1; status != 0; deaths++) {
        death_of_child = deaths;
        status = end_of(start(PRODUCER, ORDERLY, -1, -1));
        death_of_child = -1;
        check(status == 0 || killed(status));
        int ready[2];
        char letter;
        check(pipe(ready) == 0);
        const pid_t next = start(CONSUMER, ORDERLY, ready[1], -1);
        check(read(ready[0], &letter, 1) == 1 && letter == 'F');
        check(end_of(next) == 0);
        nothing_left();
        close(ready[0]), close(ready[1]);
    }
    check(deaths > 8); /* it came to its end, and not without changes */
}

/* The same beside another, who lives: it sees nobody yet, then a death, then one that has left. */
static void die_before_every_change_beside_another(void)
{
    enum { NOT_YET, DIED, LEFT_WHOLE };
    int seen = NOT_YET;
    bool died = false;
    int deaths = 0;
    for (int status = -1; status != 0; deaths++) {
        static struct rendezvous rendezvous;
        enter(&rendezvous, CONSUMER, now() + 10 * SECOND);
        check(rendezvous.first);
        death_of_child = deaths;
        status = end_of(start(PRODUCER, ORDERLY, -1, -1));
        death_of_child = -1;
        check(status == 0 || killed(status));
        const struct peers peers = rendezvous_peers(&rendezvous, PRODUCER);
        check(peers.alive == 0);
        const int sees = peers.died > 0 ? DIED : peers.left > 0 ? LEFT_WHOLE : NOT_YET;
        check(sees >= seen);
        check(sees != LEFT_WHOLE || peers.done == peers.left);
        seen = sees;
        died = died || sees == DIED;
        rendezvous_leave(&rendezvous);
        nothing_left();
    }
    check(died && seen == LEFT_WHOLE);
}

/* One of two dies: the other sees it, with its pid, and what it leaves behind is nothing. */
static void see_a_death(void)
{
    static struct rendezvous rendezvous;
    int ready[2], gate[2];
    char letter;
    check(pipe(ready) == 0 && pipe(gate) == 0);
    const pid_t producer = start(PRODUCER, IN, ready[1], gate[0]);
    check(read(ready[0], &letter, 1) == 1);
    enter(&rendezvous, CONSUMER, now() + 10 * SECOND);
    check(!rendezvous.first);
    struct peers peers = rendezvous_peers(&rendezvous, PRODUCER);
    check(peers.alive == 1 && peers.alive_pid == producer && peers.died == 0);
    check(write(gate[1], "g", 1) == 1);
    siginfo_t ended; /* a death is seen before the parent has reaped it */
    check(waitid(P_PID, (id_t)producer, &ended, WEXITED | WNOWAIT) == 0);
    peers = rendezvous_peers(&rendezvous, PRODUCER);
    check(peers.alive == 0 && peers.died == 1 && peers.dead_pid == producer);
    check(killed(end_of(producer)));

    /* a newcomer waits until this broken rendezvous has ended, and is first in a new one */
    const pid_t next = start(PRODUCER, ORDERLY, ready[1], -1);
    sleep_for(20 * MILLISECOND); /* enough for it to wait; nothing of it shows */
    check(rendezvous_peers(&rendezvous, PRODUCER).alive == 0);
    rendezvous_leave(&rendezvous);
    check(read(ready[0], &letter, 1) == 1 && letter == 'F');
    check(end_of(next) == 0);
    nothing_left();
}

/*
 * What a killed producer left is a whole stream only if it had sent all, and no consumer has taken
 * a part of it. The next consumer is in that rendezvous then; otherwise it is the first of a new
 * one.
 */
static void find_a_stream(void)
{
    static const struct {
        enum moment death; /* the producer's, when it had sent all or not */
        bool consumer_died;
        char next;
    } cases[] = {{LEAVING, false, 'j'},
                 {CLEANING, false, 'j'},
                 {LEAVING, true, 'F'},
                 {IN, false, 'F'},
                 {CLEANING_UNDONE, false, 'F'}};
    keeps_stream = true;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int ready[2], gate[2];
        char letter;
        check(pipe(ready) == 0 && pipe(gate) == 0);
        const pid_t producer = start(PRODUCER, cases[i].death, ready[1], gate[0]);
        check(read(ready[0], &letter, 1) == 1 && letter == 'F');
        if (cases[i].consumer_died) {
            check(killed(end_of(start(CONSUMER, IN, ready[1], -1))));
            check(read(ready[0], &letter, 1) == 1 && letter == 'j');
        }
        check(write(gate[1], "g", 1) == 1 && killed(end_of(producer)));
        const pid_t next = start(CONSUMER, ORDERLY, ready[1], -1);
        check(read(ready[0], &letter, 1) == 1 && letter == cases[i].next);
        check(end_of(next) == 0);
        nothing_left();
        close(ready[0]), close(ready[1]), close(gate[0]), close(gate[1]);
    }
    keeps_stream = false;
}

/* The rendezvous ends under those who wait for its lock: they must not be in the file that is gone.
 */
static void replace_under_waiters(void)
{
    for (int turn = 0; turn < 30; turn++) {
        enum { WAITERS = 6 };
        int ready[2];
        pid_t waiters[WAITERS];
        check(pipe(ready) == 0);
        const int holder = open(file, O_CREAT | O_RDWR | O_EXCL, 0600);
        struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
        check(holder != -1 && fcntl(holder, F_SETLK, &lock) == 0);
        for (int i = 0; i < WAITERS; i++)
            waiters[i] = start(i % 2 == 0 ? PRODUCER : CONSUMER, ORDERLY, ready[1], -1);
        check(unlink(file) == 0); /* as the last one that leaves does */
        check(close(holder) == 0);
        int done = 0;
        for (int i = 0; i < WAITERS; i++) {
            const int status = end_of(waiters[i]);
            check(WIFEXITED(status) && WEXITSTATUS(status) <= 1); /* 1: refused, one too many */
            done += status == 0;
        }
        check(done >= 2);
        nothing_left();
        close(ready[0]), close(ready[1]);
    }
}

int main(void)
{
    program_name = "test";
    make_folder();
    snprintf(object, sizeof object, "%s/object", folder);
    snprintf(file, sizeof file, "%s/test-session.rendezvous", folder);
    const int standard_error = dup(STDERR_FILENO);
    start_and_leave_at_once();
    same_role_at_once();
    die_and_follow();
    die_before_every_change();
    die_before_every_change_beside_another();
    see_a_death();
    find_a_stream();
    const int nowhere = open("/dev/null", O_WRONLY); /* refused waiters say so */
    dup2(nowhere, STDERR_FILENO);
    replace_under_waiters();
    dup2(standard_error, STDERR_FILENO);
    check(rmdir(folder) == 0);
    return 0;
}
