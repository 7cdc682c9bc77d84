/*
 * The input of a producer.
 *
 * Its wait is ended by whoever writes to the input, or by its bound, 100 ms: then watch() looks
 * after the consumer. A signal that ends us is noticed by wait_ready(), at the bound if it came
 * right before poll().
 */
#include "ipc/transfer/input.h"

#include "ipc/common/error.h"
#include "ipc/common/io.h"

#include <errno.h>
#include <poll.h>
#include <sys/stat.h>

enum { LOOK_EVERY_MS = 100 };

struct input new_input(const char *file)
{
    struct input input;
    struct stat status;
    input.descriptor = open_input(file, &input.label);
    input.may_wait = fstat(input.descriptor, &status) == -1 || !S_ISREG(status.st_mode);
    return input;
}

ssize_t read_input(const struct input *input, void *bytes, size_t size,
                   void (*watch)(const void *context), const void *context)
{
    for (;;) {
        while (input->may_wait && !wait_ready(input->descriptor, POLLIN, LOOK_EVERY_MS))
            watch(context);
        const ssize_t got = read_some(input->descriptor, bytes, size);
        if (got != -1 || errno == EFAULT)
            return got;
        if (errno != EAGAIN) /* else: non-blocking, and somebody who shares it took the bytes */
            fail("read", input->label);
    }
}
