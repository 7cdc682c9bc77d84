/* SPDX-License-Identifier: MIT
 * ipc-fork copy: after fork the memory is a copy, and the open files are shared.
 *
 * Usage: ipc-fork copy [--pace SECONDS | --step]
 *
 * The child changes a variable and moves a file's offset; the parent then looks at both. A thread,
 * for comparison, has the same process id and the same variable.
 */
#include "fork.h"

#include "ipc/narration/lesson.h"

#include <pthread.h>

static int counter = 1;

static void tell_offset(struct narration *n, int file);
static void read_four(struct narration *n, enum column column, int file);
static void compare_with_thread(struct narration *n);
static void *live_as_thread(void *narration);

int fork_copy(const struct role *role, int argc, char **argv)
{
    struct narration *n =
        begin_lesson(role, argc, argv, "Does a parent see what its child changes?", "parent",
                     "child, later a thread");
    FILE *const temporary = tmpfile(); /* without a name: it goes when its last user closes it */
    if (temporary == NULL)
        fail("tmpfile", NULL);
    const int file = fileno(temporary);
    if (pwrite(file, "abcdefgh", 8, 0) != 8)
        fail("pwrite", "temporary file");
    narrate(n, LEFT, "counter is %d at %p", counter, (void *)&counter);
    tell_offset(n, file);

    narrate_mistake(n, "leaving a result in a variable");
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        counter++;
        narrate(n, RIGHT, "counter++   is %d at %p", counter, (void *)&counter);
        read_four(n, RIGHT, file);
        _exit(EXIT_DONE);
    }
    end_as_child(child, "child", narrate_wait(n, LEFT, child));
    narrate(n, LEFT, "counter is %d   a copy", counter);
    narrate_right(n, "leaving it in what both share, like an open file or a pipe");
    tell_offset(n, file);
    read_four(n, LEFT, file);

    narrate_text(n, "-> a thread is no process of its own: it shares the variable, too");
    compare_with_thread(n);
    narrate_answer(n, "No: memory is copied. Open files are shared, so pipes work after fork().");
    fclose(temporary);
    return EXIT_DONE;
}

static void tell_offset(struct narration *n, int file)
{
    const int offset = or_fail((int)lseek(file, 0, SEEK_CUR), "lseek", "temporary file");
    narrate(n, LEFT, "lseek(%d, 0, SEEK_CUR) = %d", file, offset);
}

static void read_four(struct narration *n, enum column column, int file)
{
    char bytes[4];
    const int got = or_fail((int)read_some(file, bytes, sizeof bytes), "read", "temporary file");
    narrate(n, column, "read(%d, 4) = %d  %s", file, got, quoted(bytes, (size_t)got).text);
}

static void compare_with_thread(struct narration *n)
{
    pthread_t thread;
    narrate(n, LEFT, "thread %ld: getpid() = %ld", (long)thread_id(), (long)getpid());
    narrate(n, LEFT, "pthread_create()");
    errno = pthread_create(&thread, NULL, live_as_thread, n);
    if (errno != 0)
        fail("pthread_create", NULL);
    narrate_call(n, LEFT, "pthread_join()");
    errno = pthread_join(thread, NULL);
    if (errno != 0)
        fail("pthread_join", NULL);
    narrate_return(n, NULL, "0  counter is %d", counter);
}

static void *live_as_thread(void *narration)
{
    struct narration *n = narration;
    narrate(n, RIGHT, "thread %ld: getpid() = %ld", (long)thread_id(), (long)getpid());
    counter++;
    narrate(n, RIGHT, "counter++   is %d at %p", counter, (void *)&counter);
    return NULL;
}
