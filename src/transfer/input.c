/*
 * The input of a producer.
 *
 * Its wait is ended by whoever writes to the input; by the end of the last reader of the pipe that
 * the input is read for (POLLERR); or by its bound, 100 ms: then watch() looks after the consumer.
 * A timer may interrupt poll() before that: so watch() is called then, too. A signal that ends us
 * is noticed in interrupted(), at the latest a second later (cleanup.h).
 */
#include "ipc/transfer/input.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/error.h"
#include "ipc/common/io.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOOK_EVERY_MS = 100 };

struct input new_input(const char *file)
{
    struct input input = {.descriptor = STDIN_FILENO, .label = "standard input", .pipe = -1};
    struct stat status;
    if (file != NULL && strcmp(file, "-") != 0) {
        input.label = file;
        do
            input.descriptor = open(file, O_RDONLY | O_CLOEXEC);
        while (input.descriptor == -1 && interrupted());
    }
    or_fail(input.descriptor, "open", input.label);
    or_fail(fstat(input.descriptor, &status), "fstat", input.label);
    errno = EISDIR;
    if (S_ISDIR(status.st_mode))
        fail("read", input.label);
    input.may_wait = !S_ISREG(status.st_mode);
    return input;
}

/* False when nobody reads from the pipe any more. */
static bool await_input(const struct input *input, void (*watch)(const void *context),
                        const void *context)
{
    struct pollfd watched[] = {{.fd = input->descriptor, .events = POLLIN}, {.fd = input->pipe}};
    for (int ready; (ready = poll(watched, 2, watch != NULL ? LOOK_EVERY_MS : -1)) <= 0;) {
        if (ready == -1 && !interrupted())
            fail("poll", NULL);
        if (watch != NULL)
            watch(context);
    }
    return (watched[1].revents & (POLLERR | POLLHUP)) == 0;
}

ssize_t read_input(const struct input *input, void *bytes, size_t size,
                   void (*watch)(const void *context), const void *context)
{
    for (;;) {
        errno = EPIPE;
        if (input->may_wait && !await_input(input, watch, context))
            return -1;
        const ssize_t got = read_some(input->descriptor, bytes, size);
        if (got != -1 || errno == EFAULT)
            return got;
        if (errno != EAGAIN) /* else: non-blocking, and somebody who shares it took the bytes */
            fail("read", input->label);
    }
}
