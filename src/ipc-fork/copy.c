/*
 * ipc-fork copy: after fork the memory is a copy, and the open files are shared.
 *
 * Usage: ipc-fork copy [--pace SECONDS]
 *
 * The child changes a variable and moves a file's offset; the parent then looks at both. A thread,
 * for comparison, has the same process id and the same variable.
 */
#include "fork.h"
#include "platform.h"

#include "ipc/narration/lesson.h"

#include <pthread.h>

static int counter = 1;

static off_t offset_of(int file);
static _Noreturn void live_as_child(struct narration *n, int file);
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
    if (!write_full(file, "abcdefgh", 8))
        fail("write", "temporary file");
    if (lseek(file, 0, SEEK_SET) == -1)
        fail("lseek", "temporary file");
    narrate(n, LEFT, "counter is %d at %p", counter, (void *)&counter);
    narrate(n, LEFT, "lseek(SEEK_CUR) = %ld", (long)offset_of(file));

    narrate_text(n, "-> the mistake: the child leaves its result in a variable");
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0)
        live_as_child(n, file);
    char words[STATUS_WORDS_SIZE];
    const int status = reap_child(child);
    narrate(n, LEFT, "waitpid(%ld) = %s", (long)child, status_in_words(status, words));
    end_as_child(child, "child", status);
    narrate(n, LEFT, "counter is %d   a copy", counter);
    narrate_text(n, "-> right: it leaves it in what both share, like a file or a pipe");
    narrate(n, LEFT, "lseek(SEEK_CUR) = %ld   shared", (long)offset_of(file));
    read_four(n, LEFT, file);

    narrate_text(n, "-> a thread is no process of its own: it shares the variable, too");
    compare_with_thread(n);
    narrate_text(n, "Memory is copied, open files are shared: that is why pipes work after fork.");
    fclose(temporary);
    return EXIT_DONE;
}

static off_t offset_of(int file)
{
    const off_t offset = lseek(file, 0, SEEK_CUR);
    if (offset == -1)
        fail("lseek", "temporary file");
    return offset;
}

static _Noreturn void live_as_child(struct narration *n, int file)
{
    counter++;
    narrate(n, RIGHT, "counter++   is %d at %p", counter, (void *)&counter);
    read_four(n, RIGHT, file);
    narrate(n, RIGHT, "_exit(0)");
    _exit(EXIT_DONE);
}

static void read_four(struct narration *n, enum column column, int file)
{
    char bytes[4];
    const ssize_t got = read_some(file, bytes, sizeof bytes);
    if (got == -1)
        fail("read", "temporary file");
    narrate(n, column, "read(%d, 4) = %zd  %s", file, got, quoted(bytes, (size_t)got).text);
}

static void compare_with_thread(struct narration *n)
{
    pthread_t thread;
    narrate(n, LEFT, "thread %ld: getpid() = %ld", (long)thread_id(), (long)getpid());
    narrate(n, LEFT, "pthread_create()");
    int error = pthread_create(&thread, NULL, live_as_thread, n);
    if (error == 0)
        error = pthread_join(thread, NULL);
    if (error != 0) {
        errno = error;
        fail("pthread_create", NULL);
    }
    narrate(n, LEFT, "pthread_join() = 0");
    narrate(n, LEFT, "counter is %d", counter);
}

static void *live_as_thread(void *narration)
{
    struct narration *n = narration;
    narrate(n, RIGHT, "thread %ld: getpid() = %ld", (long)thread_id(), (long)getpid());
    counter++;
    narrate(n, RIGHT, "counter++   is %d at %p", counter, (void *)&counter);
    return NULL;
}
