/*
 * ipc-semaphore demo: the parent waits until the child has done its part. A semaphore is a number
 * that never falls below zero: wait() takes one off, and sleeps where there is none; post() adds
 * one.
 */
#include "semaphore.h"

#include "ipc/narration/lesson.h"

#include "ipc/common/children.h"
#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/transfer/spin.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int semaphore_demo(const struct role *role, int argc, char **argv)
{
    double pace = 0;
    char name[POSIX_NAME_SIZE], words[STATUS_WORDS_SIZE];
    const struct option_row options[] = {OPTION_PACE(&pace), {0}};
    parse_arguments(role, argc, argv, options, 0);
    sem_t *semaphore = new_semaphore(name, "demo", 0);
    struct narration *n = narration_open(STDOUT_FILENO, "parent", "child", pace);
    narrate(n, LEFT, "sem_open(NAME, O_CREAT, 0600, 0)");
    narrate_text(n, "to look from a second terminal: ls -l /dev/shm/*semaphore-demo*");
    narrate(n, LEFT, "value %d", value_of(semaphore));
    const pid_t child = narrate_fork(n, LEFT);
    if (child == 0) {
        sleep_for(50 * MILLISECOND);
        narrate(n, RIGHT, "prints: hello, I come first");
        narrate(n, RIGHT, "sem_post()   value was %d", value_of(semaphore));
        if (sem_post(semaphore) == -1)
            fail("sem_post", name);
        _exit(EXIT_DONE);
    }
    const uint64_t began = now();
    watch_children(); /* a killed child never posts */
    while (sem_wait(semaphore) == -1) {
        if (!interrupted())
            fail("sem_wait", name);
    }
    narrate_waited(n, LEFT, began, "the value was 0", "sem_wait() = 0");
    narrate(n, LEFT, "prints: and I go on");
    narrate(n, LEFT, "value %d", value_of(semaphore));
    const int status = reap_child(child);
    narrate(n, LEFT, "waitpid() = %s", status_in_words(status, words));

    if (sem_close(semaphore) == -1)
        fail("sem_close", name);
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
    return WIFSIGNALED(status) ? EXIT_PEER : status == 0 && gone ? EXIT_DONE : EXIT_FAILED;
}
