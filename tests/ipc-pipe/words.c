/* SPDX-License-Identifier: MIT
 * The two words by which `parent` and `child` agree on the end. Where one cannot be written or
 * read, neither side waits for the other for ever: both end, and the parent does not succeed.
 */
#include "check.h"

/* the program has no library that a test could link */
#include "lesson_pipe.c"  // NOLINT(bugprone-suspicious-include)
#include "parent_child.c" // NOLINT(bugprone-suspicious-include)

#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>

extern long syscall(long number, ...); /* POSIX has none */

enum { LIMIT_S = 20 };

static const char *word = ""; /* what cannot be written, or, as "r", read, by */
static bool by_parent;
static int error;
static pid_t parent;

static bool fails(char what, size_t size)
{
    errno = error;
    return size == 1 && what == *word && (getpid() == parent) == by_parent;
}

ssize_t read(int descriptor, void *bytes, size_t size)
{
    return fails('r', size) ? -1 : (ssize_t)syscall(SYS_read, descriptor, bytes, size);
}

ssize_t write(int descriptor, const void *bytes, size_t size)
{
    const char first = size > 0 ? *(const char *)bytes : '\0';
    return fails(first, size) ? -1 : (ssize_t)syscall(SYS_write, descriptor, bytes, size);
}

/* How parent_and_child() ends then. */
static int end_of(enum member_role parent_is)
{
    int status;
    const pid_t child = fork();
    check(child != -1);
    if (child == 0) {
        parent = getpid();
        quiet = true;
        take_over_inherited_state();
        catch_ending_signals();
        exit(parent_and_child(parent_is, "/proc/self/cmdline", false));
    }
    for (int ms = 0; waitpid(child, &status, WNOHANG) == 0; ms++) {
        if (ms == LIMIT_S * 1000)
            kill(child, SIGKILL);
        syscall(SYS_nanosleep, &(struct timespec){.tv_nsec = 1000000}, (void *)NULL);
    }
    return status;
}

int main(void)
{
    program_name = "test";
    check(freopen("/dev/null", "w", stdout) != NULL);
    for (enum member_role role = PRODUCER; role <= CONSUMER; role++) {
        word = "";
        check(end_of(role) == 0);
        for (int i = 0; i < 8; i++) {
            static const char *const words[] = {"S", "R", "r", "r"};
            word = words[i % 4];
            error = i < 4 ? EIO : EPIPE;
            by_parent = *word == 'r' ? i % 4 == 2 : (role == PRODUCER) == (*word == 'S');
            const int status = end_of(role);
            fprintf(stderr, "%s, \"%s\" of the %s: %d\n", strerror(error), word,
                    by_parent ? "parent" : "child", status);
            check(WIFEXITED(status) && WEXITSTATUS(status) != 0);
        }
    }
    return 0;
}
