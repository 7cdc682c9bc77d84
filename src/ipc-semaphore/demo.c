/*
 * ipc-semaphore demo: the parent waits until the child has done its part.
 *
 * Usage: ipc-semaphore demo [--pace SECONDS]
 *
 * A semaphore is a number that never falls below zero: a wait takes one off, and sleeps while there
 * is none; a post adds one. Its name stays after sem_close(), until sem_unlink().
 */
#include "semaphore.h"

#include "ipc/narration/lesson.h"
#include "ipc/rendezvous/objects.h"

#include <fcntl.h>

int semaphore_demo(const struct role *role, int argc, char **argv)
{
    char name[POSIX_NAME_SIZE], words[STATUS_WORDS_SIZE];
    struct narration *n = begin_lesson(role, argc, argv, NULL, "parent", "child");
    sem_t *semaphore = new_semaphore(name, "demo", 0);
    narrate(n, LEFT, "sem_open(NAME, O_CREAT, 0600, 0)");
    narrate_text(n, "to look from a second terminal: ls -l /dev/shm/*semaphore-demo*");
    narrate(n, LEFT, "value %d", value_of(semaphore));
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        sleep_for(50 * MILLISECOND); /* so that the parent is seen waiting */
        narrate(n, RIGHT, "prints: hello, I come first");
        narrate(n, RIGHT, "sem_post()   value was %d", value_of(semaphore));
        or_fail(sem_post(semaphore), "sem_post", name);
        _exit(EXIT_DONE);
    }
    const uint64_t began = now();
    int result;
    watch_children(); /* a killed child never posts */
    do
        result = sem_wait(semaphore);
    while (result == -1 && interrupted());
    if (result == -1)
        fail("sem_wait", name);
    narrate_waited(n, LEFT, began, "the value was 0", "sem_wait() = 0");
    narrate(n, LEFT, "prints: and I go on");
    narrate(n, LEFT, "value %d", value_of(semaphore));
    const int status = reap_child(child);
    narrate(n, LEFT, "waitpid() = %s", status_in_words(status, words));
    end_as_child(child, "child", status);

    or_fail(sem_close(semaphore), "sem_close", name);
    narrate(n, LEFT, "sem_close(NAME)");
    semaphore = sem_open(name, 0);
    narrate(n, LEFT, "sem_open(NAME): %s",
            semaphore == SEM_FAILED ? strerror(errno) : "it is there");
    if (semaphore == SEM_FAILED || sem_unlink(name) == -1)
        fail("sem_unlink", name);
    narrate(n, LEFT, "sem_unlink(NAME)");
    const bool gone = sem_open(name, 0) == SEM_FAILED && errno == ENOENT;
    narrate(n, LEFT, "sem_open(NAME): %s", gone ? "ENOENT" : "it is there");
    sem_close(semaphore);
    return gone ? EXIT_DONE : EXIT_FAILED;
}

sem_t *new_semaphore(char name[POSIX_NAME_SIZE], const char *what, unsigned value)
{
    char own[64];
    snprintf(own, sizeof own, "%s-%ld", what, (long)getpid());
    posix_name(name, "semaphore", own);
    sem_t *semaphore = sem_open(name, O_CREAT | O_EXCL, 0600, value);
    if (semaphore == SEM_FAILED)
        fail("sem_open", name);
    note_object(POSIX_SEMAPHORE, name, 0);
    return semaphore;
}

int value_of(sem_t *semaphore)
{
    int value;
    or_fail(sem_getvalue(semaphore, &value), "sem_getvalue", NULL);
    return value;
}
