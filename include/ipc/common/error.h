/* SPDX-License-Identifier: MIT
 * Errors: what failed, on what, why, and what to do about it; the exit statuses of all programs.
 */
#ifndef IPC_COMMON_ERROR_H
#define IPC_COMMON_ERROR_H

#include <stdbool.h>
#include <sys/types.h>

#ifdef __GNUC__
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))
#else
#define PRINTF_LIKE(text, first)
#endif

enum exit_status {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_PEER = 3,          /* the peer died, or did not come in time */
    EXIT_OWN_FAILURE = 125, /* of a program that exits with its COMMAND's status, as env(1) */
    EXIT_CANNOT_EXECUTE = 126,
    EXIT_NOT_FOUND = 127
};

/* What to do about an error of a call that is a known trap. A row without a text ends the list. */
struct hint {
    const char *call;
    int error;
    const char *text;
};

extern const char *program_name;         /* what messages begin with: "ipc-pipe" */
extern const struct hint *program_hints; /* the program's own, or NULL: run_program() sets it */
extern void (*before_message)(void);     /* if not NULL: takes a progress line off the terminal */
extern void (*before_failing)(void);     /* if not NULL: may end the process instead */
extern void (*end_failed)(int status);   /* exit(), or what ends a failed process in its place */
extern int failure_status; /* of fail(): EXIT_OWN_FAILURE where a COMMAND's status is passed on */
extern bool quiet;         /* -q: say() says nothing. Errors are never quiet */

/*
 * Writes `ipc-shm: shm_open "/name": Permission denied` to standard error, with errno's text and,
 * where the cause is a known trap, a second line that says what to do; or a text of one's own.
 * object may be NULL. Each message is one write(2). errno is preserved.
 */
void complain(const char *call, const char *object);
void complain_that(const char *format, ...) PRINTF_LIKE(1, 2);

/* complain(), then exit(failure_status); complain_that(), then exit(status). Cleanup runs. */
_Noreturn void fail(const char *call, const char *object);
_Noreturn void fail_that(int status, const char *format, ...) PRINTF_LIKE(2, 3);

/*
 * For a call that returns -1 (MAP_FAILED, (void *)-1) where it fails: returns its result, or fails
 * as fail() does. `const int listener = or_fail(socket(AF_INET, SOCK_STREAM, 0), "socket", NULL);`
 */
int or_fail(int result, const char *call, const char *object);
void *memory_or_fail(void *memory, const char *call, const char *object);

/* A status line on standard error, `ipc-shm: ` before it; nothing when quiet. */
#define say(...) (quiet ? (void)0 : complain_that(__VA_ARGS__))

#endif
