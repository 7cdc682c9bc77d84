/*
 * Reading and writing, and the account of a transfer.
 */
#include "ipc/common/io.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/error.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

ssize_t read_some(int descriptor, void *bytes, size_t size)
{
    ssize_t got;
    end_if_signalled();
    do
        got = read(descriptor, bytes, size);
    while (got == -1 && interrupted());
    return got;
}

ssize_t write_some(int descriptor, const void *bytes, size_t size)
{
    ssize_t written;
    end_if_signalled();
    do
        written = write(descriptor, bytes, size);
    while (written == -1 && interrupted());
    return written;
}

ssize_t read_full(int descriptor, void *bytes, size_t size)
{
    size_t filled = 0;
    while (filled < size) {
        const ssize_t got = read_some(descriptor, (char *)bytes + filled, size - filled);
        if (got == -1)
            return -1;
        if (got == 0)
            break;
        filled += (size_t)got;
    }
    return (ssize_t)filled;
}

bool write_full(int descriptor, const void *bytes, size_t size)
{
    for (size_t sent = 0; sent < size;) {
        const ssize_t written = write_some(descriptor, (const char *)bytes + sent, size - sent);
        if (written >= 0)
            sent += (size_t)written;
        else if (errno != EAGAIN) /* standard output may be non-blocking: others share it */
            return false;
        else
            wait_ready(descriptor, POLLOUT, -1);
    }
    return true;
}

int open_input(const char *file, const char **label)
{
    int descriptor = STDIN_FILENO;
    *label = "standard input";
    if (file != NULL && strcmp(file, "-") != 0) {
        *label = file;
        do
            descriptor = open(file, O_RDONLY | O_CLOEXEC);
        while (descriptor == -1 && interrupted());
        if (descriptor == -1)
            fail("open", file);
    }
    struct stat status;
    if (fstat(descriptor, &status) == -1)
        fail("fstat", *label);
    if (S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        fail("read", *label);
    }
    return descriptor;
}

bool close_written(int descriptor)
{
    return close(descriptor) == 0 || errno == EINTR; /* EINTR: closed all the same, on Linux */
}

bool wait_ready(int descriptor, short events, int milliseconds)
{
    struct pollfd watched = {.fd = descriptor, .events = events};
    const uint64_t end =
        milliseconds < 0 ? UINT64_MAX : now() + (uint64_t)milliseconds * MILLISECOND;
    for (int left = milliseconds;;) {
        end_if_signalled();
        const int ready = poll(&watched, 1, left);
        if (ready != -1)
            return ready != 0;
        if (!interrupted())
            fail("poll", NULL);
        if (milliseconds < 0)
            continue;
        /* a timer may interrupt more often than that: so what is left, not all of it again */
        const uint64_t time = now();
        left = time < end ? (int)((end - time) / MILLISECOND) : 0;
    }
}

bool progress_is_hidden;

void transfer_begin(struct transfer *transfer, const char *role, int input, bool shows_progress)
{
    struct stat status;
    *transfer = (struct transfer){.role = role, .began = now()};
    transfer->next_report = transfer->began + SECOND;
    /* what is typed, or comes out, may be on that very screen */
    transfer->shows = shows_progress && !quiet && !progress_is_hidden && isatty(STDERR_FILENO) &&
                      !isatty(input != -1 ? input : STDOUT_FILENO);
    if (input != -1 && fstat(input, &status) == 0 && S_ISREG(status.st_mode)) {
        const off_t at = lseek(input, 0, SEEK_CUR);
        transfer->total = at >= 0 && status.st_size > at ? (uint64_t)(status.st_size - at) : 0;
    }
}

/* In the background the terminal is another's: of two that share one, the first is shown. */
static bool in_foreground(void)
{
    const pid_t group = tcgetpgrp(STDERR_FILENO);
    return group == -1 || group == getpgrp(); /* -1: not our controlling terminal */
}

static double mebibytes(uint64_t bytes)
{
    return (double)bytes / (1024 * 1024);
}

static void show_progress(struct transfer *transfer, uint64_t time)
{
    char line[128];
    const double elapsed = (double)(time - transfer->began) / 1e9;
    const double rate = mebibytes(transfer->bytes) / elapsed;
    int length = snprintf(line, sizeof line, "\r%s: %.1f MiB  %.1f MiB/s", program_name,
                          mebibytes(transfer->bytes), rate);
    if (transfer->total != 0 && transfer->bytes != 0 && transfer->bytes <= transfer->total) {
        const uint64_t left = (uint64_t)((double)(transfer->total - transfer->bytes) * elapsed /
                                         (double)transfer->bytes);
        length += snprintf(
            line + length, sizeof line - (size_t)length, "  %.0f%%  %" PRIu64 ":%02" PRIu64 " left",
            100.0 * (double)transfer->bytes / (double)transfer->total, left / 60, left % 60);
    }
    length += snprintf(line + length, sizeof line - (size_t)length, "\033[K");
    transfer->shown = write(STDERR_FILENO, line, (size_t)length) > 0;
    transfer->next_report = time + SECOND / 10;
}

void transfer_add(struct transfer *transfer, size_t bytes)
{
    transfer->bytes += bytes;
    if (!transfer->shows)
        return;
    const uint64_t time = now();
    if (time >= transfer->next_report && in_foreground())
        show_progress(transfer, time);
}

void transfer_clear(struct transfer *transfer)
{
    if (transfer->shown && write(STDERR_FILENO, "\r\033[K", 4) == 4)
        transfer->shown = false;
}

void transfer_end(struct transfer *transfer)
{
    const double seconds = (double)(now() - transfer->began) / 1e9;
    transfer_clear(transfer);
    say("%s: %" PRIu64 " bytes in %.3f s, %.1f MiB/s", transfer->role, transfer->bytes, seconds,
        seconds > 0 ? mebibytes(transfer->bytes) / seconds : 0.0);
}
