/* SPDX-License-Identifier: MIT
 * To be preloaded: the allocation of number FAIL_ALLOCATION fails, in each process that comes so
 * far (a child counts on from where it was forked). Makes the file ALLOCATION_FAILED then.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

/* glibc's own; dlsym() would allocate to find them */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

static bool fails(void)
{
    static long count;
    const char *wanted = getenv("FAIL_ALLOCATION"), *told = getenv("ALLOCATION_FAILED");
    if (wanted == NULL || __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED) != atol(wanted))
        return false;
    if (told != NULL)
        close(open(told, O_WRONLY | O_CREAT, 0600));
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    return fails() ? NULL : __libc_realloc(memory, size);
}
